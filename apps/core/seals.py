"""Seals: a keyed hash (HMAC-SM3) over the values of a row, so that a change behind the application shows.

The key comes from the provider that ``MAC_KEYS`` names: key rings belong to an app above the rows they seal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.module_loading import import_string

KEY_BYTES = 32


def key_from_secret(use: str) -> bytes:
    """32 bytes for one use, derived from ``SECRET_KEY`` (HKDF, RFC 5869, with SM3)."""
    derive = HKDF(algorithm=SM3(), length=KEY_BYTES, salt=None, info=f"cityplatform {use}".encode())
    return derive.derive(settings.SECRET_KEY.encode())


def mac_key(use: str) -> bytes:
    """The key for one use, from the provider of this installation."""
    provider: Callable[[str], bytes] = import_string(settings.MAC_KEYS)
    return provider(use)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def seal(kind: str, values: Sequence[Any]) -> str:
    """64 hexadecimal digits over ``values``; ``kind`` keeps rows of different tables apart."""
    code = HMAC(mac_key("permissions"), SM3())
    code.update(json.dumps([kind, *map(_plain, values)], ensure_ascii=False).encode())
    return code.finalize().hex()


def seal_holds(given: str, kind: str, values: Sequence[Any]) -> bool:
    """Whether ``given`` is the seal of these values, compared in constant time."""
    return compare_digest(given.encode(), seal(kind, values).encode())
