"""Root keys: who keeps them, and which cipher the encrypted fields use."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.base import VAR_DIR

KEY_CUSTODY = env.text(
    "KEY_CUSTODY",
    "apps.core.keys.ring.file_custody",
    "Dotted function or class that keeps the root keys: file_custody or service_custody there, or a KMS.",
)
KEYS_FILE = env.text(
    "KEYS_FILE", str(VAR_DIR / "secrets" / "keys"), "File with the root keys, for file_custody."
)
KEY_SERVICE = env.text("KEY_SERVICE", "", "Unix socket of the key service, for service_custody.")
FIELD_CIPHER = env.text(
    "FIELD_CIPHER", "sm4-gcm", "Cipher of encrypted fields: sm4-gcm (GB/T 32907) or aes-256-gcm."
)
