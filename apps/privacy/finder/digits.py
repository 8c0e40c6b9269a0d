"""Check digits: ISO 7064 MOD 11-2 (GB 11643-1999) and Luhn (ISO/IEC 7812-1)."""

from __future__ import annotations

WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
CHECKS = "10X98765432"


def identity_check(first17: str) -> str:
    """The eighteenth character of an identity number: GB 11643-1999, ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def luhn_holds(number: str) -> bool:
    """Whether the last digit of ``number`` is its Luhn check digit (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value // 10 + value % 10
    return total % 10 == 0
