"""Whole numbers of an address, a form or a header, read in one way everywhere.

``str.isdigit`` takes "²", and ``int`` takes "١٢", "1_000" and " 7 ": texts that others read in another way or
not at all. Here only ASCII digits count, and no more of them than the database holds.
"""

from __future__ import annotations

import re
from math import isfinite

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

BIGGEST = 2**63 - 1
WHOLE = re.compile(r"-?[0-9]{1,19}")
DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")  # as JSON writes numbers


def whole_number(text: object, *, low: int = 0, high: int = BIGGEST) -> int | None:
    """The number from ``low`` to ``high`` that the text writes; None for any other text."""
    if not isinstance(text, str) or not WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if low <= number <= high else None


def decimal_number(text: object) -> float | None:
    """The number that the text of a form writes; None for any other text and for what no float holds."""
    if not isinstance(text, str) or not DECIMAL.fullmatch(text.strip(" ")):
        return None
    number = float(text)
    return number if isfinite(number) else None


def number_read(text: str, *, name: str, low: int, high: int) -> int:
    """The same; a ProblemError names the parameter and the range instead of None."""
    number = whole_number(text, low=low, high=high)
    if number is None:
        detail = _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}
        raise ProblemError(detail, name)
    return number
