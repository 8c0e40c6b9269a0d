"""Keys for a use, and the refusal to work with a root key that is missing or wrong."""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from apps.core.keys import KeyRefusedError, custody, data_key, mac_key
from apps.privacy.models import KeyVersion

__all__ = ["data_key", "key_versions_record", "keys_problems", "keys_require", "mac_key"]
CHECK_DIGITS = 32  # 128 bits: enough to tell keys apart
CIPHERS = ("sm4-gcm", "aes-256-gcm")


def check_value(version: int) -> str:
    """What the database keeps of a version of the root key."""
    return mac_key("check value", version=version).hex()[:CHECK_DIGITS]


def key_versions_record() -> None:
    """Write down the check values of versions that the database does not know yet."""
    known = set(KeyVersion.objects.values_list("number", flat=True))
    new = [number for number in custody().versions() if number not in known]
    rows = [KeyVersion(number=number, check_value=check_value(number)) for number in new]
    KeyVersion.objects.bulk_create(rows, ignore_conflicts=True)


def keys_problems() -> list[str]:
    """Why this installation may not work: one sentence with the way out for each missing or wrong key."""
    if settings.FIELD_CIPHER not in CIPHERS:
        return [f"FIELD_CIPHER must be one of {', '.join(CIPHERS)}, not {settings.FIELD_CIPHER!r}."]
    try:
        custody().active()
    except (KeyRefusedError, ImportError) as error:
        return [str(error)]
    return [problem for row in KeyVersion.objects.all() if (problem := _problem(row))]


def _problem(row: KeyVersion) -> str:
    try:
        found = check_value(row.number)
    except KeyRefusedError as error:
        return str(error)
    if compare_digest(found, row.check_value):
        return ""
    return (
        f"Version {row.number} of the root key in {custody().where()} is not the key that this database "
        "was written with. Put back your copy of its keys, or the backup of the database they belong to."
    )


def keys_require() -> None:
    """Stop a process whose keys are missing or wrong; one that cannot reach its database yet may go on."""
    try:
        problems = keys_problems()
    except DatabaseError:
        return
    if problems:
        raise ImproperlyConfigured("\n".join(problems))
