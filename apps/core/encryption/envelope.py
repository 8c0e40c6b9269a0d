"""One encrypted value: format, cipher, key version, nonce, text, tag; bound to its table, row and column.

SM4-GCM (RFC 8998) or AES-256-GCM (NIST SP 800-38D), random nonce of 96 bits, tag of 128 bits. The associated
data are the head and the place, so that a value which is moved to another row or column does not open.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings

from apps.core.keys import custody, data_key

FORMAT = 1
HEAD = struct.Struct(">BBH")  # format, cipher, version of the root key
NONCE_BYTES, TAG_BYTES = 12, 16
TEXT = HEAD.size + NONCE_BYTES  # where the encrypted text begins


class UnreadableError(Exception):
    """A stored value does not open: changed, moved from another place, or written with another key."""


@dataclass(frozen=True, slots=True)
class Method:
    """A cipher by the number that stands in each value."""

    number: int
    key_bytes: int
    algorithm: Callable[[bytes], CipherAlgorithm]


METHODS = {"sm4-gcm": Method(1, 16, SM4), "aes-256-gcm": Method(2, 32, AES)}
BY_NUMBER = {method.number: name for name, method in METHODS.items()}


class Place(NamedTuple):
    """Where a value belongs; it opens nowhere else."""

    table: str
    column: str
    key: str

    def binding(self, head: bytes) -> bytes:
        """The associated data of a value at this place."""
        return head + "\0".join(self).encode()

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.key}"


@lru_cache(maxsize=1024)
def _algorithm(name: str, root: bytes, table: str, column: str) -> CipherAlgorithm:
    """A cipher with the key of a column, which is derived and checked once and not for each value."""
    method, use = METHODS[name], f"{name} {table}.{column}"  # each column has a key of its own
    return method.algorithm(data_key(root, use=use)[: method.key_bytes])


@lru_cache(maxsize=256)
def _head_read(head: bytes) -> tuple[str, int]:
    """Cipher and version of the root key by a value's first bytes; ValueError for what begins otherwise."""
    form, number, version = HEAD.unpack(head)
    if form != FORMAT or number not in BY_NUMBER:
        raise ValueError
    return BY_NUMBER[number], version


def encrypt(plain: bytes, place: Place) -> bytes:
    """The value as it is stored, with the active key and the cipher of FIELD_CIPHER."""
    version, method = custody().active(), METHODS[settings.FIELD_CIPHER]
    algorithm = _algorithm(settings.FIELD_CIPHER, custody().key(version), place.table, place.column)
    head, nonce = HEAD.pack(FORMAT, method.number, version), secrets.token_bytes(NONCE_BYTES)
    working = Cipher(algorithm, GCM(nonce)).encryptor()
    working.authenticate_additional_data(place.binding(head))
    return head + nonce + working.update(plain) + working.finalize() + working.tag


def decrypt(stored: bytes, place: Place) -> bytes:
    """What was encrypted for this place; UnreadableError names the place and never the value."""
    head = stored[: HEAD.size]
    try:
        name, version = _head_read(head)
    except (struct.error, ValueError):
        name = ""
    if not name or len(stored) < TEXT + TAG_BYTES:
        raise UnreadableError(f"What is stored in {place} is no encrypted value.")
    algorithm = _algorithm(name, custody().key(version), place.table, place.column)
    working = Cipher(algorithm, GCM(stored[HEAD.size : TEXT], stored[-TAG_BYTES:])).decryptor()
    working.authenticate_additional_data(place.binding(head))
    try:
        return working.update(stored[TEXT:-TAG_BYTES]) + working.finalize()
    except InvalidTag:
        raise UnreadableError(
            f"The value in {place} does not open: it was changed, or belongs to another row or key."
        ) from None


def is_current(stored: bytes) -> bool:
    """Whether the value has the active key and today's cipher."""
    return stored[: HEAD.size] == current_head()


def current_head() -> bytes:
    """What every value begins with that is encrypted now."""
    return HEAD.pack(FORMAT, METHODS[settings.FIELD_CIPHER].number, custody().active())
