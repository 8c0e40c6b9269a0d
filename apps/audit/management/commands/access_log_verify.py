"""``manage.py access_log_verify``: follow the whole chain, and the anchors outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.audit.services import access_log_verify


class Command(BaseCommand):
    """Name every row that does not fit."""

    help = "Prove that nobody has touched the access log; exit 1 and name the rows where somebody has."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each fault."""
        state = access_log_verify()
        for fault in state.faults:
            self.stdout.write(f"{fault.kind} entry={fault.entry_id} position={fault.position}")
        if not state.is_whole:
            raise CommandError(f"{len(state.faults)} rows do not fit.")
        self.stdout.write(f"{state.entries} sealed entries, nothing touched.")
