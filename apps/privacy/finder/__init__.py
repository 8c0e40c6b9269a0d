"""Personal data in free Chinese text: pure Python and jieba, no Django, no network."""

from __future__ import annotations

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.finding import find, redacted

__all__ = ["Finding", "Kind", "find", "redacted"]
