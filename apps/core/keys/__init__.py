"""The key ring: root keys with versions, who keeps them, and the keys that are derived from them."""

from __future__ import annotations

from apps.core.keys.custody import Custody, KeyRefusedError
from apps.core.keys.ring import custody, data_key, mac_key

__all__ = ["Custody", "KeyRefusedError", "custody", "data_key", "mac_key"]
