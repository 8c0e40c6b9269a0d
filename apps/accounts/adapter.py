"""django-allauth's hooks: only its second factor is used, and its secrets are not kept clear."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.http import HttpRequest

from apps.core.keys import mac_key

KEY, NONCE, TAG = 16, 12, 16  # bytes: SM4 (GB/T 32907-2016) in Galois counter mode


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets under SM4-GCM and sends no mail."""

    def encrypt(self, text: str) -> str:
        """Nonce, ciphertext and tag in base64."""
        nonce = secrets.token_bytes(NONCE)
        maker = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
        hidden = maker.update(text.encode()) + maker.finalize()
        return b64encode(nonce + hidden + maker.tag).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; InvalidTag when it was changed or belongs to another key."""
        whole = b64decode(encrypted_text)
        nonce, hidden, tag = whole[:NONCE], whole[NONCE:-TAG], whole[-TAG:]
        reader = Cipher(algorithms.SM4(_key()), modes.GCM(nonce, tag)).decryptor()
        return (reader.update(hidden) + reader.finalize()).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Nobody is mailed: the access log records it."""


def _key() -> bytes:
    return mac_key("second-factor")[:KEY]
