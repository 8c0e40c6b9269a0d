"""Personal data in free Chinese text: pure Python and jieba, no Django, no network."""

from __future__ import annotations

from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.finding import find, redacted, taken_out, without
from apps.privacy.finder.own import NOTHING, Own

__all__ = ["NOTHING", "Finding", "Kind", "Own", "find", "redacted", "taken_out", "without"]
