"""Division codes of GB/T 2260 and GB/T 10114: what lies in what, by whole levels and never by single digits.

A code names a province by two digits, a prefecture by four, a county by six, a town by nine and a village by
twelve; zeros fill up the levels that it does not reach. ``331000`` is a prefecture and begins ``3310``;
``330110`` is a district and begins ``330110``, although both end in a zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

LEVELS = (2, 4, 6, 9, 12)  # digits of province, prefecture, county, town, village
CODE = re.compile(rf"(?=[0-9]+\Z)(?:{'|'.join(f'.{{{digits}}}' for digits in LEVELS)})")
# The place of what speaks of more than one province: it lies in no division, so only the whole city sees it.
EVERYWHERE = "000000"
NOWHERE = "-"  # no code begins so: nothing lies in a division whose code is none


def is_division(code: str) -> bool:
    """Whether the text has the form of a division code; 2 and 4 digits are short forms of 6."""
    return CODE.fullmatch(code) is not None


def division_require(code: str, *, field: str) -> str:
    """The code where it is one, or empty; ProblemError that names ``field`` for anything else."""
    if code and not is_division(code):
        raise ProblemError(_("Use 6, 9 or 12 digits, as in GB/T 2260 and GB/T 10114."), field)
    return code


@lru_cache(maxsize=65536)
def division_prefix(code: str) -> str:
    """What the codes of a division and of everything in it begin with; of no code at all, what none does."""
    if not is_division(code):
        return NOWHERE
    for longer, shorter in zip(reversed(LEVELS), reversed(LEVELS[:-1]), strict=False):
        if len(code) == longer and not code[shorter:].strip("0"):
            code = code[:shorter]
    return code


@lru_cache(maxsize=4096)
def division_prefixes(division: str, former: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The prefix of a division and those of the ended divisions that are parts of it now."""
    return tuple(dict.fromkeys(division_prefix(code) for code in (division, *sorted(former))))


def is_within(place: str, division: str, former: frozenset[str] = frozenset()) -> bool:
    """Whether a row at ``place`` lies in ``division``; what has no place always does, "" holds every place.

    ``former``: codes of ended divisions that are parts of it now.
    """
    return not place or not division or place.startswith(division_prefixes(division, former))


def division_around(codes: Iterable[str]) -> str:
    """The narrowest division around all of some codes; "" where none of them names a place.

    ``359901`` and ``359902`` lie in ``359900``; codes of two provinces lie in ``EVERYWHERE``.
    """
    places = sorted({code for code in codes if code})
    if len(places) <= 1:
        return "".join(places)
    shared = max((level for level in LEVELS if len({code[:level] for code in places}) == 1), default=0)
    return places[0][:shared].ljust(len(EVERYWHERE), "0")


def successor_of(code: str, ended: Mapping[str, str]) -> str:
    """The division that a code stands for now. ``ended``: code of an ended division -> its successor's."""
    seen = {code}
    while (following := ended.get(code, code)) not in seen:
        seen.add(following)
        code = following
    return code


def former_parts(division: str, ended: Mapping[str, str]) -> frozenset[str]:
    """The codes of ended divisions that are parts of ``division`` now, beyond those that its own code covers.

    One of which some part went elsewhere is left out as a whole: its own parts name their successors.
    """
    if not division:
        return frozenset()
    inside = {code for code in ended if is_within(successor_of(code, ended), division)}
    outside = [code for code in ended if code not in inside]
    return frozenset(
        code
        for code in inside
        if not is_within(code, division) and not any(is_within(other, code) for other in outside)
    )
