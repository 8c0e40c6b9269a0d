"""``manage.py restore_drill``: restore the newest backup into a scratch cluster and compare it, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.archive.models import Outcome
from apps.archive.services.asking import drill_ask
from apps.archive.services.drills import drill_run
from apps.core.errors import ProblemError


class Command(BaseCommand):
    """Restore, compare, report."""

    help = "Restore the newest backup into a scratch cluster and compare it with the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was compared; exit 1 with what differs."""
        try:
            drill = drill_run(drill_ask(queue=False))
        except ProblemError as error:
            raise CommandError(f"{error}") from error
        compared = (
            f"{drill.tables} tables, {drill.rows} rows, log replayed to {drill.replayed_to or 'the dump'}"
        )
        if drill.outcome != Outcome.PASSED:
            wrong = [f"{entry}" for entry in drill.differences]
            if drill.chain_break is not None:
                wrong.append(f"access log broken at entry {drill.chain_break}")
            raise CommandError("\n".join([compared, *wrong, drill.message]))
        self.stdout.write(f"passed: {compared}")
