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
        return head + "\0".join((self.table, self.column, self.key)).encode()

    def use(self, cipher: str) -> str:
        """What its data key is derived for: each column has a key of its own."""
        return f"{cipher} {self.table}.{self.column}"

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.key}"


@lru_cache(maxsize=1024)
def _algorithm(name: str, key: bytes) -> CipherAlgorithm:
    """A cipher with its key, which is checked once and not for each value."""
    method = METHODS[name]
    return method.algorithm(key[: method.key_bytes])


def _algorithm_of(name: str, version: int, place: Place) -> CipherAlgorithm:
    return _algorithm(name, data_key(version, use=place.use(name)))


def encrypt(plain: bytes, place: Place) -> bytes:
    """The value as it is stored, with the active key and the cipher of FIELD_CIPHER."""
    version, method = custody().active(), METHODS[settings.FIELD_CIPHER]
    algorithm = _algorithm_of(settings.FIELD_CIPHER, version, place)
    head, nonce = HEAD.pack(FORMAT, method.number, version), secrets.token_bytes(NONCE_BYTES)
    working = Cipher(algorithm, GCM(nonce)).encryptor()
    working.authenticate_additional_data(place.binding(head))
    return head + nonce + working.update(plain) + working.finalize() + working.tag


def decrypt(stored: bytes, place: Place) -> bytes:
    """What was encrypted for this place; UnreadableError names the place and never the value."""
    try:
        form, number, version = HEAD.unpack_from(stored)
        name = BY_NUMBER[number]
    except (struct.error, KeyError):
        form = 0
    if form != FORMAT or len(stored) < TEXT + TAG_BYTES:
        raise UnreadableError(f"What is stored in {place} is no encrypted value.")
    nonce, text, tag = stored[HEAD.size : TEXT], stored[TEXT:-TAG_BYTES], stored[-TAG_BYTES:]
    working = Cipher(_algorithm_of(name, version, place), GCM(nonce, tag)).decryptor()
    working.authenticate_additional_data(place.binding(stored[: HEAD.size]))
    try:
        return working.update(text) + working.finalize()
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
