"""Numbers and times as the portal writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.portal.selectors.log import ACTIONS, RESULTS
from apps.portal.selectors.plans import problem_title
from apps.portal.selectors.statistics import dataset_name as name_of_dataset
from apps.privacy.selectors.statistics import epsilon_text
from apps.privacy.services.naming import Unnamed
from apps.privacy.services.purposes import purposes_of
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.reveals import fields_revealable
from apps.subjects.data import Identifier
from apps.subjects.selectors.records import model_of, records

register = template.Library()


@register.simple_tag
def revealable(viewer: Any, row: Any) -> bool:
    """Whether the viewer could reveal some field of the row."""
    found = row.row if isinstance(row, Unnamed) else row
    return found is not None and found.pk is not None and bool(fields_revealable(viewer, found))


@register.simple_tag
def stateable_purposes(request: Any) -> dict[str, Any]:
    """The purposes that the reader may state for the session, and the one that is stated."""
    viewer = request_viewer(request)
    return {"choices": purposes_of(viewer), "stated": viewer.purpose}


@register.filter
def percent(value: Any) -> str:
    """0.8123 -> "81 %"; a dash where there is no number."""
    return f"{100 * value:.0f} %" if isinstance(value, int | float) else "–"


@register.filter
def moment(value: Any) -> str:
    """A time of today as hours and minutes, any other with its date, in the city's zone."""
    if not isinstance(value, datetime):
        return "–"
    local = timezone.localtime(value)
    if local.date() == timezone.localdate():
        return formats.time_format(local, "H:i")
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")


@register.filter
def epsilon(millionths: Any) -> str:
    """A privacy loss kept in millionths, exact: 250000 -> "0.25"."""
    return epsilon_text(millionths) if isinstance(millionths, int) else "–"


@register.filter
def dataset_name(dataset: str) -> str:
    """The title of a data set that answers statistical questions."""
    return name_of_dataset(dataset)


@register.filter
def acted(value: str) -> str:
    """The word for an act of the access log."""
    return str(ACTIONS.get(value, value))


@register.filter
def resulted(value: str) -> str:
    """The word for how an act ended."""
    return str(RESULTS.get(value, value))


@register.filter
def entry(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or an empty text."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def record_title(name: str) -> str:
    """``"delete hospital.Patient"`` -> the title of the record, as people call it."""
    label = name.rpartition(" ")[2]
    return str(records()[label][1].title) if label in records() else label


@register.filter
def field_title(name: str) -> str:
    """An identifier or ``"hospital.Patient.sex"`` as people call it."""
    if name in Identifier.values:
        return str(Identifier(name).label)
    label, _dot, field = name.rpartition(".")
    return f"{record_title(label)}: {_verbose(label, field)}"


def _verbose(label: str, name: str) -> str:
    titles = {field.name: field.verbose_name for field in model_of(label)._meta.concrete_fields}
    return str(titles[name])


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
    "taken early": _("taken early"),
    "within 2 %": _("within two percent of the best"),
}
UNSERVED = {
    "window": _("no vehicle can reach it in its opening hours"),
    "capacity": _("it needs more than any vehicle carries"),
    "room": _("the shifts are full, or the detour costs more than the visit is worth"),
}
STAGES = {
    "build": _("Building the problem"),
    "search": _("Searching"),
    "import": _("Importing"),
    "export": _("Exporting"),
}


@register.filter
def solved(status: str) -> str:
    """How the search ended, in the reader's language."""
    return str(STATUS.get(status, status or "–"))


@register.filter
def unserved(reason: str) -> str:
    """Why a site is not visited."""
    return str(UNSERVED.get(reason, reason))


@register.filter
def staged(stage: str) -> str:
    """What a job is doing; workers write a word of ours or a message id of the catalogue."""
    return str(STAGES[stage]) if stage in STAGES else stage and gettext(stage)


@register.filter
def plan_name(plan: Any) -> str:
    """The problem in the reader's language and the version; the stored title has the maker's language."""
    return f"{problem_title(plan.problem)} · v{plan.version}"


CATEGORIES = {
    "general": _("nothing about people"),
    "identity": _("who somebody is"),
    "contact": _("how to reach somebody"),
    "location": _("where somebody is"),
    "health": _("health"),
    "minor": _("children"),
    "credential": _("credentials"),
}
OUTCOMES = {
    "clear": _("clear"),
    "masked": _("masked"),
    "aggregated": _("only in sums"),
    "hidden": _("hidden"),
}


@register.filter
def category_title(category: str) -> str:
    """What a field says about people."""
    return str(CATEGORIES.get(category, category))


@register.filter
def outcome_title(outcome: str) -> str:
    """What the kernel does with a value."""
    return str(OUTCOMES.get(outcome, outcome))
