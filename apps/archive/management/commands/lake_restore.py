"""``manage.py lake_restore 2026-03-01 [2026-03-31]``: days of the lake back into the table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.archive.services.restoring import day_put_back
from apps.core.errors import ProblemError


class Command(BaseCommand):
    """Put back; doing it again changes nothing."""

    help = "Put days of the lake back into the table."

    def add_arguments(self, parser: CommandParser) -> None:
        """The first day, and the last one where there are more."""
        parser.add_argument("first", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("last", type=date.fromisoformat, nargs="?", help="YYYY-MM-DD, included")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many readings came back on each day."""
        first, last = options["first"], options["last"] or options["first"]
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            try:
                self.stdout.write(f"{day} {day_put_back(day)} readings")
            except ProblemError as error:
                raise CommandError(f"{day}: {error}") from error
