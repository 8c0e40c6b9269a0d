"""``unitOfMeasurement`` into UCUM: its definition, name and symbol must mean one unit."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from apps.core.unit_signs import WORDS
from apps.core.units import UnitError, unit_factor, unit_fits, unit_is_known, unit_read
from apps.sensing.sensorthings.writing.fields import Fields
from apps.sensing.sensorthings.writing.members import unit_members_require

LONGEST = 20  # of a unit in our tables
UCUM = "ucum:"
ENDING = re.compile(r"[^/#]+$")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
MEMBERS = ("name", "symbol", "definition")
SAME = (1.0, 0.0)


def unit_given(fields: Fields, *, about: str) -> tuple[str, dict[str, str]]:
    """The UCUM code and the unit as it was given; ProblemError names the fix where it is none, or unclear.

    ``about`` are words that speak of what is measured, for signs that have several meanings.
    """
    if fields.values.get("unitOfMeasurement") is None:
        raise fields.fault("unitOfMeasurement", _("The field is missing."), "missing")
    inner = fields.inside("unitOfMeasurement")
    unit_members_require(inner, MEMBERS)
    given = {name: inner.text(name, most=200) for name in MEMBERS}
    try:
        code = _code(given, about)
    except UnitError as error:
        raise fields.fault("unitOfMeasurement", str(error), "unit") from None
    return code, given


def _code(given: dict[str, str], about: str) -> str:
    definition = given["definition"].strip()
    code = definition.removeprefix(UCUM)
    if definition.startswith(UCUM) and len(code) <= LONGEST and unit_is_known(code):
        return code
    name, symbol = given["name"].strip(), given["symbol"].strip()
    about = f"{about} {name} {definition}"
    named = [_word(text, about) for text in (_ending(definition), name)]
    found = [code for code in named if code]
    if symbol:
        found += _symbol(symbol, about, is_needed=not found)
    elif not found:
        found = [unit_read(name or definition, about=about)]
    for other in found[1:]:
        _same_require(found[0], other)
    if len(found[-1]) > LONGEST:
        raise UnitError(_("The unit is too long; give a shorter UCUM code as its symbol."))
    return found[-1] if symbol else found[0]


def _ending(definition: str) -> str:
    """The last word of an address, as words: ``.../DegreeCelsius`` is a degree Celsius."""
    ending = ENDING.search(definition)
    return HUMP.sub(" ", ending[0]) if ending else ""


def _word(text: str, about: str) -> str:
    """The code of a name that people use; "" for any other text."""
    return unit_read(text, about=about) if text.casefold() in WORDS else ""


def _symbol(symbol: str, about: str, *, is_needed: bool) -> list[str]:
    """The code of the symbol; nothing where only the name is understood."""
    try:
        return [unit_read(symbol, about=about)]
    except UnitError:
        if is_needed:
            raise
        return []


def _same_require(first: str, second: str) -> None:
    if not unit_fits(first, second) or unit_factor(first, second) != SAME:
        detail = _("The name of the unit means %(first)s and its symbol %(second)s; correct one of them.")
        raise UnitError(detail % {"first": first, "second": second})
