"""A blind index: finds an encrypted value by its exact text without storing it (HMAC-SM3)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.db import models
from django.db.models import Q

from apps.core.keys import custody, mac_key

TOKEN_BYTES = 16  # of the 32: two values of a city's size never meet by chance, and less is told
VERSION_BYTES = 2
LEFT_OUT = str.maketrans(dict.fromkeys(" \t-‐‑‒–—―_.·()"))
COUNTRY = ("+86", "0086", "86")
MOBILE = re.compile(r"(?:\+|00)?86(?P<number>1\d{10})", re.ASCII)  # 10x too: numbers of demonstrations
LANDLINE = re.compile(r"(?:\+|00)860?(?P<number>10\d{8}|[2-9]\d{8,10})", re.ASCII)  # area code and number


def normalised(text: str) -> str:
    """How people write a number does not matter: width, spaces, dashes, brackets and case are evened out.

    A Chinese telephone number is the same with and without the country code.
    """
    plain = _evened(text)
    if found := MOBILE.fullmatch(plain):
        return found["number"]
    if found := LANDLINE.fullmatch(plain):
        return f"0{found['number']}"
    return plain


def _evened(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(LEFT_OUT).upper()


def _spellings(text: str) -> list[str]:
    """The text as it is indexed, and as numbers with the country code were before it was taken away."""
    found = normalised(text)
    bare = found.removeprefix("0")
    if not (MOBILE.fullmatch(f"86{bare}") or LANDLINE.fullmatch(f"+86{bare}")):
        return [found]
    return [found, *(f"{code}{number}" for code in COUNTRY for number in dict.fromkeys((bare, found)))]


BinaryBase: Any = models.BinaryField  # generic for type checkers only


class BlindIndexField(BinaryBase):
    """The token of the encrypted field ``of``, written whenever the row is saved; None where that is blank.

    Tokens of two columns cannot be compared: each has a key of its own.
    """

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{"null": True, "editable": False, "db_index": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """With the field that it stands for."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: Any) -> bytes | None:
        """The token of what the row holds now."""
        return self.token(getattr(model_instance, self.of), version=custody().active())

    def token(self, value: Any, *, version: int) -> bytes | None:
        """What is stored for a value under one version of the key; None for a blank one."""
        return self.token_of(normalised(str(value or "")), version=version)

    def token_of(self, text: str, *, version: int) -> bytes | None:
        """What is stored for a text that is normalised already; None for a blank one."""
        if not text:
            return None
        use = f"blind index {self.model._meta.db_table}.{self.column}"
        code = HMAC(mac_key(use, version=version), SM3())
        code.update(text.encode())
        return version.to_bytes(VERSION_BYTES) + code.finalize()[:TOKEN_BYTES]


def given_fields(model: type[models.Model]) -> list[Any]:
    """The concrete fields of a model that hold what somebody gave, without what is worked out from others.

    Blind indexes and copies that the database keeps (``GeneratedField``) serve queries and leave by no exit.
    """
    derived = (BlindIndexField, models.GeneratedField)
    return [field for field in model._meta.concrete_fields if not isinstance(field, derived)]


def indexed_fields(model: type[models.Model]) -> dict[str, BlindIndexField]:
    """The encrypted fields of a model that can be searched exactly, with their indexes."""
    found = (field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField))
    return {field.of: field for field in found}


def index_matches(model: type[models.Model], field: str, text: str) -> Q:
    """Rows whose ``field`` is exactly ``text``, whichever key version they were written with."""
    index = indexed_fields(model)[field]
    versions, spellings = custody().versions(), _spellings(text)
    tokens = [index.token_of(each, version=version) for version in versions for each in spellings]
    return Q(**{f"{index.name}__in": [token for token in tokens if token]})
