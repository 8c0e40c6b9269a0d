"""Plain values of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A demonstration rule of a domain: both names, what to do, and the fields of its condition."""

    name: str
    name_en: str
    message: str
    message_en: str
    condition: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done: alarms, the datastreams that had some, and those that were looked at.

    ``streams`` may be fewer than the rule covers (``covered``): a trial looks at a limited number.
    """

    alarms: int
    troubled: int
    streams: int
    covered: int
    days: int
