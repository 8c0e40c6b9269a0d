"""``manage.py lake_export [--domain city]``: finished days that are due go to the lake."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.archive.services.exporting import lake_export


class Command(BaseCommand):
    """Mark, export and verify."""

    help = "Export the finished days whose readings are not all in the lake, and verify them."

    def add_arguments(self, parser: CommandParser) -> None:
        """One domain, or all of them."""
        parser.add_argument("--domain", default="", help="slug of one domain; all when it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many days went."""
        self.stdout.write(f"{lake_export(domain=options['domain'])} days exported")
