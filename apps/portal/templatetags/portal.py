"""Numbers and times as the portal writes them."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from apps.catalogue.selectors.entries import name_of
from apps.core import quantities
from apps.portal.selectors.log import ACTIONS, RESULTS
from apps.portal.selectors.plans import problem_title
from apps.portal.selectors.statistics import dataset_name as name_of_dataset
from apps.portal.selectors.titles import field_title as title_of_field
from apps.portal.selectors.titles import purpose_title, type_title
from apps.privacy.selectors.statistics import epsilon_text
from apps.privacy.services.naming import Unnamed
from apps.privacy.services.purposes import purposes_of
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.reveals import fields_revealable
from apps.privacy.services.spoken import domain_title
from apps.subjects.data import Identifier
from apps.subjects.selectors.records import model_of, records

register = template.Library()
register.filter("entry_name", name_of)


@register.simple_tag
def revealable(viewer: Any, row: Any) -> bool:
    """Whether the viewer could reveal some field of the row."""
    found = row.row if isinstance(row, Unnamed) else row
    return found is not None and found.pk is not None and bool(fields_revealable(viewer, found))


@register.simple_tag
def stateable_purposes(request: Any) -> dict[str, Any]:
    """The purposes that the reader may state for the session, and the one that is stated."""
    viewer = request_viewer(request)
    return {"choices": {code: purpose_title(code) for code in purposes_of(viewer)}, "stated": viewer.purpose}


for shown in ("percent", "moment", "full_moment", "day", "span", "duration", "quantity"):
    register.filter(shown, getattr(quantities, shown))
register.filter("unit", quantities.unit_symbol)
register.filter("listed", quantities.listed)
register.simple_tag(quantities.interval)
register.filter(purpose_title)
register.filter(domain_title)
register.filter(type_title)


@register.filter
def epsilon(millionths: Any) -> str:
    """A privacy loss kept in millionths, exact: 250000 -> "0.25"."""
    return epsilon_text(millionths) if isinstance(millionths, int) else "–"


@register.filter
def dataset_name(dataset: str) -> str:
    """The title of a data set that answers statistical questions."""
    return name_of_dataset(dataset)


@register.filter
def field_titles(names: Any, object_type: str) -> str:
    """The names of fields of a record, as people call them."""
    own = (name for name in names if "@" not in name)  # the links of SensorThings are no fields
    return quantities.listed(dict.fromkeys(title_of_field(object_type, name) for name in own))


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
    return quantities.titled(record_title(label), _verbose(label, field))


def _verbose(label: str, name: str) -> str:
    titles = {field.name: field.verbose_name for field in model_of(label)._meta.concrete_fields}
    return str(titles[name])


@register.filter
def kilometres(metres: float | None) -> str:
    """Metres as kilometres with one decimal, rounded as the map does."""
    if metres is None:
        return "–"
    return floatformat(metres / 1000, 1)


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


@register.filter
def solved(status: str) -> str:
    """How the search ended, in the reader's language."""
    return str(STATUS.get(status, status or "–"))


@register.filter
def unserved(reason: str) -> str:
    """Why a site is not visited."""
    return str(UNSERVED.get(reason, reason))


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


HOLIDAYS = {  # as the table of the State Council's days names them; a note of somebody's own stays as it is
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "National Day": _("National Day"),
}


@register.filter
def holiday(note: str) -> str:
    """Why a day is worked or off."""
    return str(HOLIDAYS.get(note, note))


@register.filter
def category_title(category: str) -> str:
    """What a field says about people."""
    return str(CATEGORIES.get(category, category))


@register.filter
def outcome_title(outcome: str) -> str:
    """What the kernel does with a value."""
    return str(OUTCOMES.get(outcome, outcome))
