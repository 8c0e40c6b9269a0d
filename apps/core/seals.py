"""Seals: a keyed hash (HMAC-SM3) over the values of a row; a change behind the application shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from apps.core.keys import mac_key


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
