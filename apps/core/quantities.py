"""Units, numbers with their unit, durations, times and ranges as people read them, in their language.

Rows and answers of the API keep UCUM codes, seconds and ISO times; whatever a person reads comes from here.
``static/map/format.js`` has the same rules for units.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext, pgettext, pgettext_lazy

NONE = "–"
# UCUM codes that people write otherwise; all others read as they are written.
SIGNS = {
    "Cel": "℃",
    "[degF]": "℉",
    "deg": "°",
    "Ohm": "Ω",
    "By": "B",
    "har": "ha",
    "B[SPL]": "B",
    "dB[SPL]": "dB",
    "[ppth]": "‰",
    "[mi_i]": "mi",
    "[ft_i]": "ft",
    "[in_i]": "in",
    "[yd_i]": "yd",
    "[nmi_i]": "n mile",
    "[kn_i]": "kn",
    "[lb_av]": "lb",
    "[oz_av]": "oz",
    "[acr_us]": "acre",
    "m[H2O]": "mH₂O",
    "mm[H2O]": "mmH₂O",
    "cm[H2O]": "cmH₂O",
}
COUNTED = {"vehicle": pgettext_lazy("unit", "veh"), "veh": pgettext_lazy("unit", "veh")}
TIMES = {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800}
ALONE = {  # in a product or quotient they stay letters, as in km/h
    "s": pgettext_lazy("unit", "s"),
    "min": pgettext_lazy("unit", "min"),
    "h": pgettext_lazy("unit", "h"),
    "d": pgettext_lazy("unit", "d"),
    "wk": pgettext_lazy("unit", "wk"),
}
TOKEN = re.compile(
    r"\{(?P<counted>[^}]*)\}|10[*^](?P<ten>-?\d+)"
    r"|(?P<name>(?:[A-Za-z%'\"_]|\[[^\]]*\])+)(?P<power>-?\d*)|(?P<other>.)"
)
MICRO = re.compile(r"^u(?=[A-Za-z])")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_symbol(code: str) -> str:
    """``ug/m3`` as μg/m³, ``Cel`` as ℃, ``dB[SPL]`` as dB, ``{vehicle}/h`` as veh/h; "" for the unit 1."""
    if code in ALONE:
        return str(ALONE[code])
    text = "".join(map(_sign, TOKEN.finditer(code)))
    return text.removeprefix("1") if text == "1" or text.startswith("1/") else text


def _sign(match: re.Match[str]) -> str:
    if match["counted"] is not None:
        return str(COUNTED.get(match["counted"], ""))
    if match["ten"] is not None:
        return "10" + match["ten"].translate(RAISED)
    if match["name"] is None:
        return "·" if match["other"] == "." else match["other"]
    name = SIGNS.get(match["name"]) or MICRO.sub("μ", match["name"]).replace("[", "").replace("]", "")
    return name + match["power"].translate(RAISED)


def quantity(value: float | None, code: str = "", digits: int = 2) -> str:
    """A number with at most ``digits`` decimals and its unit: "36.5 ℃"; a dash where there is none.

    Whole seconds are told in words: 90 min is "1 hour 30 minutes".
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    if code in TIMES and value >= 0 and float(value * TIMES[code]).is_integer():
        return duration(value * TIMES[code])
    shown = number(value, digits)
    symbol = unit_symbol(code)
    return f"{shown}{symbol}" if symbol in {"°", "‰"} else f"{shown} {symbol}".rstrip()


def number(value: float, digits: int = 2) -> str:
    """A number without idle zeros behind the point, in the reader's way of writing it."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return str(formats.number_format("0" if text == "-0" else text, force_grouping=True))


def interval(low: float | None, high: float | None, code: str = "", digits: int = 2) -> str:
    """Two numbers and their unit once: "0 – 140 km/h"."""
    if low is None or high is None:
        return NONE
    return f"{number(low, digits)} – {quantity(high, code, digits)}"


def percent(share: float | None) -> str:
    """0.8123 -> "81 %"; a dash where there is no number."""
    return f"{100 * share:.0f} %" if isinstance(share, int | float) else NONE


def duration(seconds: float | None) -> str:
    """A length of time in words, by its two largest units: "5 minutes", "1 hour 30 minutes"."""
    if seconds is None:
        return NONE
    left = round(seconds)
    if left >= TIMES["h"]:  # nobody counts the seconds of hours
        left = 60 * round(left / 60)
    parts = []
    for size, words in ((86400, _days), (3600, _hours), (60, _minutes), (1, _seconds)):
        count, left = divmod(left, size)
        if count:
            parts.append(words(count))
    return " ".join(parts[:2]) or _seconds(0)


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def _seconds(count: int) -> str:
    return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}


def listed(names: Iterable[Any]) -> str:
    """Names one after the other, with the comma of the reader's language."""
    return pgettext("between names", ", ").join(map(str, names))


def titled(title: Any, text: Any) -> str:
    """A title and what stands under it, with the colon of the reader's language."""
    return f"{title}{pgettext('after a title', ': ')}{text}"


def clock(hours: float) -> str:
    """Hours since midnight as a time of day: 8.5 is "8:30"."""
    whole, minutes = divmod(round(60 * hours), 60)
    return f"{whole}:{minutes:02d}"


def moment(value: Any) -> str:
    """A time of today as hours and minutes, any other with its date, in the city's zone."""
    if not isinstance(value, datetime):
        return NONE
    local = _local(value)
    if local is not None and local.date() == timezone.localdate():
        return formats.time_format(local, "TIME_FORMAT")
    return full_moment(value)


def full_moment(value: datetime, style: str = "DATETIME_FORMAT") -> str:
    """A time with its date, in the city's zone: 2026年11月23日 14:05, 23 Nov 2026 14:05.

    One of the first or the last day of the calendar, which has no time in that zone, stays in its own.
    """
    local = _local(value)
    return value.isoformat() if local is None else formats.date_format(local, style)


def moment_said(text: str, style: str = "DATETIME_FORMAT") -> str:
    """A stored text as ``full_moment`` where it is a time with its zone; every other as it is written."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return text
    is_moment = found is not None and found.tzinfo is not None and _local(found) is not None
    return full_moment(found, style) if found is not None and is_moment else text


def _local(value: datetime) -> datetime | None:
    """The time in the city's zone; None where it would lie before the year 1 or after the year 9999."""
    try:
        return timezone.localtime(value)
    except OverflowError:
        return None


def day(value: date | None) -> str:
    """A day: 2026年11月23日, 23 Nov 2026; of a time its day in the city's zone."""
    if value is None:
        return NONE
    local = _local(value) if isinstance(value, datetime) else None
    return formats.date_format(local or value, "DATE_FORMAT")


def span(start: datetime | None, end: datetime | None) -> str:
    """Two times with their days; what ends on the day on which it began names that day once."""
    if start is None or end is None:
        return NONE
    first, last = _local(start), _local(end)
    if first is not None and last is not None and first.date() == last.date():
        return f"{full_moment(start)} – {formats.time_format(last, 'TIME_FORMAT')}"
    return f"{full_moment(start)} – {full_moment(end)}"
