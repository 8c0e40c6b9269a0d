"""``manage.py catalogue_sync``: entries for everything that the domains declare, and the calendar."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from apps.catalogue.services.days import calendar_seed
from apps.catalogue.services.syncing import catalogue_sync


class Command(BaseCommand):
    """Safe to repeat: what people have written stays."""

    help = "Make the catalogue entries that are missing, and fill the working-day calendar."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say whether this is a demonstration."""
        parser.add_argument(
            "--plain-years", action="store_true", help="Begin unpublished years with Monday to Friday worked."
        )

    def handle(self, *, plain_years: bool, **_: object) -> None:
        """Run."""
        made, years = catalogue_sync(), calendar_seed(plain=plain_years)
        self.stdout.write(f"Catalogue: {made} new entries; calendar years filled: {years or 'none'}")
