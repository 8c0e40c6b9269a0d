"""Plain values of readings: quality and flags."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Quality(IntEnum):
    """How far a value can be trusted; stored with every observation."""

    GOOD = 0
    SUSPECT = 1
    BAD = 2
    MISSING = 3


class Flag(IntFlag):
    """Which rules a value broke."""

    NONE = 0
    RANGE = 1
    STEP = 2
    STUCK = 4
    GAP = 8
    CLOCK = 16
