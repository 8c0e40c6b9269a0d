"""What the platform keeps about its own protection."""

from __future__ import annotations

from apps.privacy.models.keys import KeyVersion

__all__ = ["KeyVersion"]
