"""``manage.py access_log_purge [--days 180] [--years 3]``: the end of old entries, never below the floors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.audit.data import KEPT_DAYS, LASTING_YEARS
from apps.audit.services import access_log_purge
from apps.core.errors import ProblemError


class Command(BaseCommand):
    """Purge what is past its time."""

    help = "Remove entries older than so many days, and records of giving data older than so many years."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long to keep."""
        parser.add_argument("--days", type=int, default=KEPT_DAYS + 1)
        parser.add_argument("--years", type=int, default=LASTING_YEARS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many; exit 1 with the reason when the law wants them kept."""
        now = timezone.now()
        before = now - timedelta(days=options["days"])
        lasting = min(before, now - timedelta(days=366 * options["years"], minutes=1))
        try:
            gone = access_log_purge(before=before, lasting_before=lasting)
        except ProblemError as error:
            raise CommandError(f"{error.detail}") from error
        self.stdout.write(f"{gone} entries removed.")
