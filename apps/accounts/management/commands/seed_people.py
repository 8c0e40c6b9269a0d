"""``manage.py seed_people``: demonstration departments, divisions, roles and logins."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from apps.accounts.seeding import people_seed


class Command(BaseCommand):
    """Make the demonstration people and write their logins to ``var/secrets/logins.json``."""

    help = "Make the demonstration people and write their logins to var/secrets/logins.json."

    def handle(self, **_: object) -> None:
        """Run."""
        self.stdout.write(f"People: {people_seed()}")
