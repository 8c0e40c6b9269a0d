"""``manage.py subjects_reapply``: after a restore, delete again whoever was deleted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import ProblemError
from apps.subjects.services import erasures_reapply, journal_sync


class Command(BaseCommand):
    """Run it before the restored system is opened; doing it again changes nothing."""

    help = "Repeat the deletions of people that a restored backup does not know."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done; exit 1 where a row carries a known number and is somebody else's."""
        try:
            report = erasures_reapply()
            journal_sync()
        except ProblemError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{report.deletions} deletions read, {report.rows} rows deleted or anonymised again"
        )
        if report.strangers:
            raise CommandError("Look at these rows by hand: " + ", ".join(report.strangers))
