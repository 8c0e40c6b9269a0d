"""Free text: what the finder finds, and what it cannot know."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from apps.privacy.finder import redacted

# The finder names what it is sure of; a mask must not gamble, so long codes and numbers go as well.
CODES = re.compile(r"[A-Za-z0-9@._-]*\d[A-Za-z0-9@._-]*")
LONG = 5
REMEMBERED = 4096  # texts: the same rows are listed again and again


def _code(match: re.Match[str]) -> str:
    return "***" if len(match.group()) >= LONG else match.group()


@lru_cache(maxsize=REMEMBERED)
def _masked(text: str) -> str:
    return CODES.sub(_code, redacted(text))


def text_masked(value: Any) -> str:
    """The text without personal data, and without any code or number of five characters or more."""
    return _masked(str(value))
