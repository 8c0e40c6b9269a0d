"""``manage.py keys_new``: a new version of the root key; what is written from now on is encrypted with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.keys import KeyRefusedError, custody
from apps.core.keys.files import key_file_add, key_file_make
from apps.privacy.receivers import FILE_CUSTODY
from apps.privacy.services.keys import key_versions_record


class Command(BaseCommand):
    """Adds a version to the key file, or makes the file where there is none."""

    help = "Add a version to the root keys; then run keys_rotate."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which version is active now."""
        path = Path(settings.KEYS_FILE)
        if settings.KEY_CUSTODY != FILE_CUSTODY:
            raise CommandError("The keys are kept elsewhere (KEY_CUSTODY); make the new version there.")
        try:
            version = 1 if key_file_make(path) else key_file_add(path)
            custody().key(version)
        except (OSError, KeyRefusedError) as error:
            hint = "In containers run 'docker/start/secrets.sh new-key' on the host."
            raise CommandError(f"{path} cannot be written: {error}. {hint}") from error
        key_versions_record()
        self.stdout.write(
            f"Version {version} of the root key is active in {path}. Copy the file to a safe place apart "
            "from the backups, then run 'manage.py keys_rotate'."
        )
