"""Keys for a use, derived from the root keys by HKDF (RFC 5869) with HMAC-SM3.

A root key encrypts and signs nothing itself. Two uses have keys that tell nothing about each other.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.module_loading import import_string

from apps.core.keys.custody import KEY_BYTES, Custody
from apps.core.keys.files import FileCustody
from apps.core.keys.service import ServiceCustody


def file_custody() -> Custody:
    """The keys in KEYS_FILE."""
    return FileCustody(Path(settings.KEYS_FILE))


def service_custody() -> Custody:
    """The keys of the service at KEY_SERVICE."""
    return ServiceCustody(settings.KEY_SERVICE)


@cache
def custody() -> Custody:
    """The keeper that KEY_CUSTODY names: a dotted function or class without arguments."""
    keeper: Custody = import_string(settings.KEY_CUSTODY)()
    return keeper


@lru_cache(maxsize=1024)
def _derived(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SM3(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(root)


def mac_key(use: str, *, version: int = 0) -> bytes:
    """32 bytes for one use, such as ``pseudonym``.

    Without a version it comes from the oldest root key, so that a new version changes no pseudonym; a use
    that keeps the version beside its values names it. Compare MACs by ``hmac.compare_digest``.
    """
    keeper = custody()
    return _derived(keeper.key(version or keeper.versions()[0]), f"cityplatform mac {use}")


def data_key(root: bytes, *, use: str) -> bytes:
    """32 bytes that encrypt the values of one use under one root key of the custody."""
    return _derived(root, f"cityplatform data {use}")
