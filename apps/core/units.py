"""Units by their UCUM code, the code that SensorThings and FHIR use; and what people write instead of it.

Some everyday signs are UCUM codes of something else: ``ft`` is a femtotonne, ``mph`` a milli-picohour, ``ha``
a hecto-year, and ``C`` a coulomb. ``unit_read`` gives the code that is meant, and refuses what is unclear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from math import floor, isfinite, log10
from typing import Any

from lark.exceptions import LarkError
from pint import PintError, Quantity
from ucumvert import PintUcumRegistry
from ucumvert.parser import InvalidUcumError

from apps.core.sentences import sentence as _
from apps.core.unit_signs import AMBIGUOUS, PARTS, SIGNS, WORDS, Meanings

LONGEST = 40
DIGITS = 12  # of a converted value: more than any device measures, fewer than a float's own noise
EXPLICIT = "ucum:"
COUNTED = re.compile(r"\{[^{}]+\}")  # UCUM 2.4 section 6: an annotation alone means the unit 1
REMEMBERED = 4096  # codes come from outside, so the memory of them is bounded
HUGE = re.compile(r"\d{4}")  # no unit of measurement has such an exponent, and some would never be reckoned
PART = re.compile(r"(?P<name>[^\W\d_]+|%|°[CF]?|\[[^\]]*\]|\{[^}]*\})(?P<power>[+-]?\d*)")
MARKS = str.maketrans({"μ": "u", "·": ".", "⋅": ".", "×": ".", "−": "-", "–": "-", "º": "°"})
Factor = tuple[float, float]


class UnitError(ValueError):
    """A unit that nobody knows or that has several meanings; the text says what to write instead."""


@cache
def _registry() -> PintUcumRegistry:
    return PintUcumRegistry()


@lru_cache(REMEMBERED)
def unit_is_known(code: str) -> bool:
    """Whether ``code`` is a valid UCUM expression, such as ``km/h`` or ``ug/m3``."""
    try:
        _unit(code)
    except ValueError:
        return False
    return True


def _unit(code: str) -> Quantity[Any]:
    """The unit as a quantity; ValueError when it is no UCUM expression."""
    if len(code) > LONGEST or HUGE.search(code) or not code.isascii():
        raise ValueError(f"{code[:LONGEST]} is no UCUM code.")
    try:
        found = _registry().from_ucum("1" if COUNTED.fullmatch(code) else code)
    except (InvalidUcumError, LarkError, PintError, ArithmeticError) as error:
        raise ValueError(f"{code} is no UCUM code.") from error
    if isinstance(found, Quantity):  # {} is left as it is by the parser
        return found
    raise ValueError(f"{code} is no UCUM code.")


@lru_cache(REMEMBERED)
def unit_factor(source: str, target: str) -> Factor:
    """``(scale, offset)`` with ``target = source * scale + offset``; ValueError for units of other things."""
    wanted, given = _unit(target).units, _unit(source).units
    try:
        zero, one = (_registry().Quantity(value, given).to(wanted).magnitude for value in (0.0, 1.0))
    except (PintError, ArithmeticError) as error:
        raise ValueError(f"{source} cannot be converted to {target}.") from error
    return one - zero, zero


def unit_convert(value: float, source: str, target: str) -> float:
    """The value in another unit, to twelve digits of what it is reckoned from: 50 °F are 10 °C, not 9.99...

    ValueError as of ``unit_factor``.
    """
    scale, offset = unit_factor(source, target)
    largest = max(abs(value * scale), abs(offset))
    if not isfinite(largest) or largest == 0:
        return value * scale + offset
    return round(value * scale + offset, DIGITS - 1 - floor(log10(largest)))


def unit_fits(source: str, target: str) -> bool:
    """Whether both measure the same thing."""
    try:
        unit_factor(source, target)
    except ValueError:
        return False
    return True


def unit_read(text: str, *, like: str = "", about: str = "") -> str:
    """The UCUM code that somebody means by ``text``; UnitError says what to write where that is unclear.

    ``like`` is a code of the thing that is measured, if it is known; ``about`` are words that speak of it,
    such as the observed property. Both only decide between the meanings of a sign that has several.
    """
    if len(text) > LONGEST:
        raise UnitError(_unknown(text))
    return _read(text, like, about.casefold()[:1000])


@lru_cache(REMEMBERED)
def _read(text: str, like: str, about: str) -> str:
    stripped = text.strip()
    code = stripped.removeprefix(EXPLICIT)
    if code != stripped and unit_is_known(code):
        return code
    plain = plain_text(stripped)
    found: str | Meanings = AMBIGUOUS.get(plain) or SIGNS.get(plain) or WORDS.get(plain.casefold(), "")
    if not isinstance(found, str):
        return _meant(plain, found, like, about)
    valid = (sign for sign in (stripped, plain) if _is_plainly(sign))
    found = found or next(valid, "") or _of_parts(plain, about)
    if not found:
        raise UnitError(_unknown(text))
    return found


def unit_everyday(code: str) -> str:
    """What people mean by a valid code that is an everyday sign of something else; "" for any other code."""
    sign = SIGNS.get(code) or WORDS.get(code.casefold())
    if isinstance(sign, str) and sign != code:
        return sign
    names = (match["name"] for match in PART.finditer(code))
    return _of_parts(code, "") if any(PARTS.get(name, name) != name for name in names) else ""


def plain_text(text: str) -> str:
    """A unit without the shapes of signs that mean the same: ``㎍／㎥`` and ``µg·m⁻³`` in plain letters."""
    plain = unicodedata.normalize("NFKC", text.translate(MARKS)).translate(MARKS)
    return re.sub(r"\s+", " ", plain).strip()


def _meant(text: str, meanings: Meanings, like: str, about: str) -> str:
    """The meaning that fits what is measured; UnitError proposes them all where none or several do."""
    if like:
        fitting = [code for code in meanings if unit_fits(code, like)]
    else:
        fitting = [code for code, words in meanings.items() if any(word in about for word in words)]
    if len(fitting) == 1:
        return fitting[0]
    detail = _("%(unit)s has several meanings; write one of %(codes)s.")
    codes = (f"{EXPLICIT}{code}" if code in AMBIGUOUS else code for code in meanings)
    raise UnitError(detail % {"unit": text, "codes": ", ".join(codes)})


def _of_parts(plain: str, about: str) -> str:
    """A product or quotient whose parts are UCUM or everyday signs; "" where a part is neither."""
    code = "".join(_parts(plain.replace(" / ", "/").replace(" ", "."), about))
    is_unit = len(code) <= LONGEST and not code.isdecimal() and unit_is_known(code)
    return code if is_unit else ""


def _parts(text: str, about: str) -> Iterator[str]:
    for piece in re.split(r"([./()])", text):
        match = PART.fullmatch(piece)
        if match is None:
            yield piece
            continue
        name, power = match["name"], match["power"]
        meanings = AMBIGUOUS.get(name)
        yield (_meant(name, meanings, "", about) if meanings else PARTS.get(name, name)) + power


def _is_plainly(code: str) -> bool:
    """Whether a code is UCUM, more than a number, and no everyday sign of something else."""
    return (code == "1" or not code.isdecimal()) and unit_is_known(code) and not _misleading(code)


def _misleading(code: str) -> bool:
    """Whether a part of a valid code is an everyday sign of something else."""
    names = (match["name"] for match in PART.finditer(code))
    return any(name in AMBIGUOUS or (name in PARTS and PARTS[name] != name) for name in names)


def _unknown(text: str) -> str:
    shown = {"unit": text[:LONGEST]}
    return _("No unit is known as %(unit)s; give its UCUM code, such as Cel, km/h or ug/m3.") % shown
