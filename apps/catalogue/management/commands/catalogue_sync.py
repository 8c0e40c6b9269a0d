"""``manage.py catalogue_sync``: entries for everything that the domains declare, and the calendar."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from apps.catalogue.services.days import calendar_seed
from apps.catalogue.services.syncing import catalogue_sync


class Command(BaseCommand):
    """Safe to repeat: what people have written stays."""

    help = "Make the catalogue entries that are missing, and fill the working-day calendar."

    def handle(self, **_: object) -> None:
        """Run."""
        made, years = catalogue_sync(), calendar_seed()
        self.stdout.write(f"Catalogue: {made} new entries; calendar years filled: {years or 'none'}")
