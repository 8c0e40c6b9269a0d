"""Pseudonyms: the same person has the same one for one recipient, and another for every other recipient."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

BYTES = 10  # 80 bits: among ten million people two share a pseudonym with a probability of 4e-11


def pseudonym(value: str, *, key: bytes, recipient: str, kind: str = "person") -> str:
    """Sixteen letters and digits that stand for ``value`` at ``recipient``, and that no one turns back.

    HMAC-SM3 under a key derived for the recipient (GB/T 32905-2016, RFC 2104): without ``key`` two recipients
    can neither join their data nor try out identity numbers.
    """
    own = _mac(key, f"recipient\x1f{recipient}".encode())
    digest = _mac(own, f"{kind}\x1f{value}".encode())
    return base64.b32encode(digest[:BYTES]).decode().lower()


def _mac(key: bytes, data: bytes) -> bytes:
    mac = HMAC(key, SM3())
    mac.update(data)
    return mac.finalize()
