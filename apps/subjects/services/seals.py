"""Keyed hashes: the seal of a row that was deleted, and the chain of the journal."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import Any

from django.db.models import AutoField, DateTimeField, Field, Model

from apps.privacy.services.keys import mac_key

LENGTH = 16  # bytes: enough to tell rows apart, too few to be worth guessing


def mac(text: str) -> str:
    """The keyed hash of a text, in hexadecimal."""
    return hmac.digest(mac_key("tombstone"), text.encode(), "sha256").hex()


def row_seal(row: Model) -> str:
    """The seal of a row: over what stays the same while it lives, so that a restored row has it again."""
    values = [row._meta.label, str(row.pk), *_lasting(row)]
    return mac(json.dumps(values, ensure_ascii=False))[: 2 * LENGTH]


def _lasting(row: Model) -> Sequence[str]:
    fields: list[Field[Any, Any]] = list(row._meta.concrete_fields)
    unique = [field for field in fields if field.unique and not isinstance(field, AutoField)]
    times = [field for field in fields if isinstance(field, DateTimeField)][:1]
    return [str(getattr(row, field.attname)) for field in unique or times]
