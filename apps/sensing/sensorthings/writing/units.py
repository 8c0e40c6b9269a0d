"""``unitOfMeasurement`` into UCUM: by the names that people use, else symbol or definition as UCUM codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.core.units import unit_is_known
from apps.sensing.sensorthings.writing.fields import Fields

LONGEST = 20  # of a unit in our tables
NAMES = {
    "": "1",
    "n/a": "1",
    "none": "1",
    "count": "1",
    "ph": "1",
    "dimensionless": "1",
    "celsius": "Cel",
    "degree celsius": "Cel",
    "degrees celsius": "Cel",
    "degc": "Cel",
    "°c": "Cel",
    "℃": "Cel",
    "degree fahrenheit": "[degF]",
    "°f": "[degF]",
    "kelvin": "K",
    "percent": "%",
    "percentage": "%",
    "lux": "lx",
    "ppm": "[ppm]",
    "ppb": "[ppb]",
    "parts per million": "[ppm]",
    "parts per billion": "[ppb]",
    "decibel": "dB",
    "db(a)": "dB",
    "degree": "deg",
    "°": "deg",
    "kwh": "kW.h",
    "wh": "W.h",
    "mmhg": "mm[Hg]",
    "kph": "km/h",
    "kmh": "km/h",
    "meter": "m",
    "metre": "m",
    "second": "s",
    "pascal": "Pa",
    "hectopascal": "hPa",
    "watt": "W",
    "kilowatt": "kW",
    "volt": "V",
    "ampere": "A",
    "hertz": "Hz",
    "meter per second": "m/s",
    "metre per second": "m/s",
    "kilometer per hour": "km/h",
    "microgram per cubic meter": "ug/m3",
    "microgram per cubic metre": "ug/m3",
}
SIGNS = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "3", "·": ".", "⋅": ".", " ": ""})
ENDING = re.compile(r"[^/#]+$")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def unit_read(fields: Fields) -> tuple[str, dict[str, str]]:
    """The UCUM code and the unit as it was given; ProblemError names the fix where there is no such unit."""
    if fields.values.get("unitOfMeasurement") is None:
        raise fields.fault("unitOfMeasurement", _("The field is missing."), "missing")
    inner = fields.inside("unitOfMeasurement")
    given = {name: inner.text(name, most=200) for name in ("name", "symbol", "definition")}
    code = next((code for code in _candidates(given) if len(code) <= LONGEST and unit_is_known(code)), "")
    if not code:
        detail = _("No unit is known by this name; give its UCUM code as symbol, such as Cel, km/h or ug/m3.")
        raise fields.fault("unitOfMeasurement", detail, "unit")
    return code, given


def _candidates(given: dict[str, str]) -> Iterator[str]:
    name, symbol, definition = given["name"].strip(), given["symbol"].strip(), given["definition"].strip()
    if definition.startswith("ucum:"):
        yield definition.removeprefix("ucum:")
    ending = ENDING.search(definition)
    words = HUMP.sub(" ", ending[0]) if ending else ""
    for text in (words, name, symbol):
        if text.lower() in NAMES and (text or not any(given.values())):
            yield NAMES[text.lower()]
    for text in (symbol, name, definition):
        if text:
            yield text.translate(SIGNS)
