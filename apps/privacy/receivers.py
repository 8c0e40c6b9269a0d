"""Keys and row security around migrations, and the floor under each connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from apps.core.keys.files import key_file_make
from apps.privacy.apps import PrivacyConfig
from apps.privacy.floor.acting import floor_lay
from apps.privacy.floor.applying import row_security_apply
from apps.privacy.models import KeyVersion
from apps.privacy.services.keys import key_versions_record, keys_problems, keys_require

FILE_CUSTODY = "apps.core.keys.ring.file_custody"


@receiver(pre_migrate, dispatch_uid="privacy.keys_before_migrate")
def keys_before_migrate(sender: Any, **_named: Any) -> None:
    """A database that knows no key yet gets one; any other must be given its own."""
    if not isinstance(sender, PrivacyConfig):
        return
    known = KeyVersion._meta.db_table in connection.introspection.table_names()
    if known and KeyVersion.objects.exists():
        keys_require()
    elif settings.KEY_CUSTODY == FILE_CUSTODY:
        key_file_make(Path(settings.KEYS_FILE))


@receiver(post_migrate, dispatch_uid="privacy.keys_after_migrate")
def keys_and_floor_after_migrate(sender: Any, **_named: Any) -> None:
    """The database learns which keys it is written with, and who may read its personal tables."""
    if (
        isinstance(sender, PrivacyConfig)
        and KeyVersion._meta.db_table in connection.introspection.table_names()
    ):
        key_versions_record()
        row_security_apply()


@receiver(connection_created, dispatch_uid="privacy.floor")
def connection_has_floor(connection: Any, **_named: Any) -> None:
    """Whoever uses the connection says in whose name."""
    floor_lay(connection)


@register(Tags.database)
def keys_check(databases: Any = None, **_named: Any) -> list[CheckMessage]:
    """``manage.py check --database default`` names every missing or wrong root key."""
    if not databases:
        return []
    try:
        problems = keys_problems() if KeyVersion.objects.exists() else []
    except DatabaseError:
        return []  # no table yet, or no database: other checks say so
    return [Error(problem, id="privacy.E001") for problem in problems]
