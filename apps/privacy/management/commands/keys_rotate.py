"""``manage.py keys_rotate``: encrypt anew what older keys have encrypted; safe to stop and to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import ProblemError
from apps.privacy.services.rotating import keys_rotate, versions_in_use


class Command(BaseCommand):
    """Goes through every encrypted field while the platform works."""

    help = "Encrypt every field with the active key and cipher."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is, and what is in use at the end."""
        try:
            job = keys_rotate(say=self._say)
        except ProblemError as error:
            raise CommandError(str(error)) from error
        used = ", ".join(f"version {number}: {count}" for number, count in sorted(versions_in_use().items()))
        self.stdout.write(f"{job.message or job.state} Values by key: {used or 'none'}.")
        self.stdout.write("Keep the older keys: backups, and pseudonyms given so far, need them.")

    def _say(self, model: str, done: int, total: int) -> None:
        self.stdout.write(f"{model}: {done} of {total}")
