"""``manage.py backup [--kind base|dump]``: a backup now, in this process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.archive.models import BackupKind, Outcome
from apps.archive.selectors.backups import backup_folder
from apps.archive.services.asking import backup_ask
from apps.archive.services.backups import backup_make


class Command(BaseCommand):
    """Take, verify, and thin out."""

    help = "Take a backup of the database and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The kind, where the usual one is not wanted."""
        parser.add_argument(
            "--kind", choices=BackupKind.values, default="", help="base where a role may, else dump"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say where it lies; exit 1 with the reason when it failed."""
        backup = backup_make(backup_ask(kind=options["kind"], queue=False))
        if backup.outcome != Outcome.PASSED:
            raise CommandError(backup.message)
        self.stdout.write(f"{backup_folder(backup)} {backup.size} bytes, verified")
