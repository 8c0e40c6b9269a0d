"""``manage.py seed_demo``: the whole demonstration city, safe to repeat."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core.domains import all_domains


class Command(BaseCommand):
    """People first, then the rows of every domain, then what its simulator knows of the past."""

    help = "Make the demonstration city: people, every domain's rows, and some days of history."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how long the history is."""
        parser.add_argument("--days", type=int, default=14, help="Days of history; 0 for none.")
        parser.add_argument(
            "--until", type=_moment, help="End of the history, such as 2026-03-09T00:00; now when left out."
        )
        parser.add_argument("--no-models", action="store_true", help="Leave training to the users.")

    def handle(self, *, days: int, until: datetime | None, no_models: bool, **_: object) -> None:
        """Run."""
        begin = monotonic()
        call_command("seed_people", stdout=self.stdout)
        for domain in all_domains():
            if domain.seed:
                import_string(domain.seed)()
                self.stdout.write(f"Rows: {domain.slug}")
            if domain.simulator and days:
                stored = import_string(domain.simulator)().backfill(days=days, until=until)
                self.stdout.write(f"History: {domain.slug}, {stored} readings")
        call_command("place_things", stdout=self.stdout)
        call_command("catalogue_sync", plain_years=True, stdout=self.stdout)
        if days and not no_models:
            call_command("first_models", stdout=self.stdout)
        self.stdout.write(f"Demonstration ready in {monotonic() - begin:.0f} s.")


def _moment(text: str) -> datetime:
    """A moment of ISO 8601; one without an offset is read by the clock of the city."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--until: {text!r} is no date; give it as 2026-03-09T00:00.") from error
    return moment if moment.tzinfo else timezone.make_aware(moment)
