"""Numbers and times as the portal writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.8123 -> "81 %"; a dash where there is no number."""
    return "–" if value is None else f"{100 * value:.0f} %"


@register.filter
def moment(value: datetime | None) -> str:
    """A time of today as hours and minutes, any other with its date, in the city's zone."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    if local.date() == timezone.localdate():
        return formats.time_format(local, "H:i")
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")


@register.filter
def entry(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or an empty text."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def kilometres(metres: float | None) -> str:
    """Metres as kilometres with one decimal."""
    return "–" if metres is None else formats.number_format(metres / 1000, 1)


@register.filter
def hours(seconds: float | None) -> str:
    """Seconds as ``h:mm``."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


STATUS = {
    "optimal": _("optimal"),
    "time limit": _("time limit"),
    "time_limit": _("time limit"),
    "taken": _("taken early"),
    "infeasible": _("impossible"),
}


@register.filter
def solved(status: str) -> str:
    """How the search ended, in the reader's language; figures such as "within 2 %" as words of ours."""
    if status.startswith("within"):
        return gettext("within %(gap)s of the best") % {"gap": status.removeprefix("within").strip()}
    return str(STATUS.get(status, status or "–"))


NOTES = {
    "speeds": _("Travel times from"),
    "speed_source": _("Travel times from"),
    "forecast": _("Forecast"),
    "model": _("Model version"),
    "made_at": _("Forecast made at"),
    "data_until": _("Data up to"),
}


@register.filter
def noted(key: str) -> str:
    """The title of a note that a problem's builder left."""
    return str(NOTES.get(key, key))
