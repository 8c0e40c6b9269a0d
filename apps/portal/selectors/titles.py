"""What people call the things that rows and declarations name by a code."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.catalogue.data import Purpose
from apps.core.domains import all_domains, layers_by_id
from apps.privacy.data import PURPOSES
from apps.privacy.services.purposes import OF_ROLES
from apps.privacy.services.spoken import kind_title

REQUEST = "minors.request:"
PAGES = frozenset({"live_map", "portal-history", "portal-seen", "portal-trail"})
STANDARD = {  # of SensorThings, whose answers have other fields than our rows
    "phenomenonTime": gettext_lazy("measured at"),
    "resultTime": gettext_lazy("result time"),
    "resultQuality": gettext_lazy("quality"),
    "unitOfMeasurement": gettext_lazy("unit"),
    "observationType": gettext_lazy("kind of observation"),
    "observedArea": gettext_lazy("observed area"),
    "encodingType": gettext_lazy("encoding"),
}
EVERY = "*"  # of a rule: each object type, each field
LAYER, STREAM = ".layer.", ".stream."  # codes of the catalogue: "city.layer.air", "city.stream.speed"
OTHERS = {
    "live.layer": gettext_lazy("live feed"),
    "live.socket": gettext_lazy("live feed"),
    "jobs": gettext_lazy("jobs"),
    "calendar": gettext_lazy("working-day calendar"),
    "session": gettext_lazy("session"),
}
TYPES = {
    "number": pgettext_lazy("type of a field", "number"),
    "text": pgettext_lazy("type of a field", "text"),
    "time": pgettext_lazy("type of a field", "date and time"),
    "day": pgettext_lazy("type of a field", "date"),
    "truth": pgettext_lazy("type of a field", "yes or no"),
    "place": pgettext_lazy("type of a field", "place"),
    "reference": pgettext_lazy("type of a field", "reference"),
    "other": pgettext_lazy("type of a field", "structured data"),
}
ENDINGS = (  # of the class names of Django's fields, the first that fits
    ("number", ("AutoField", "IntegerField", "FloatField", "DecimalField", "DurationField")),
    ("time", ("DateTimeField", "TimeField")),
    ("day", ("DateField",)),
    ("truth", ("BooleanField",)),
    ("place", ("PointField", "LineStringField", "PolygonField", "GeometryField")),
    ("reference", ("ForeignKey", "OneToOneField", "ManyToManyField")),
    (
        "text",
        ("CharField", "TextField", "SlugField", "URLField", "EmailField", "UUIDField", "IPAddressField"),
    ),
)


def object_title(object_type: str) -> str:
    """The words for an object type of the log, of a grant or of the catalogue, never its code."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        pass
    if ":" in object_type or object_type in PAGES:  # the name of an address of ours
        return _("page of the portal")
    layer = layers_by_id().get(object_type.replace(LAYER, "."))
    if layer:
        return f"{layer[0].title} · {layer[1].title}"
    domain, stream, kind = object_type.partition(STREAM)
    titles = {known.slug: str(known.title) for known in all_domains()}
    if stream and domain in titles:
        return f"{titles[domain]} · {kind_title(domain, kind)}"
    if object_type in OTHERS or object_type in titles:
        return str(OTHERS.get(object_type) or titles[object_type])
    return _("interface for programs") if object_type else ""


def rule_title(object_type: str) -> str:
    """The object types that a rule of the policy names: one, those of a whole domain, or all."""
    app, _dot, name = object_type.rpartition(".")
    if name != EVERY:
        return f"{_app_title(app)} · {object_title(object_type)}"
    return f"{_app_title(app)} · {_('all object types')}" if app else _("all object types")


def _app_title(label: str) -> str:
    titles = {domain.slug: domain.title for domain in all_domains()}
    known = {app.label: app.verbose_name for app in apps.get_app_configs()}
    return str(titles.get(label) or known.get(label, label))


def field_title(object_type: str, name: str) -> str:
    """What a field is called."""
    try:
        field: Any = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return str(STANDARD.get(name, name))
    return str(getattr(field, "verbose_name", name))


def type_title(kind: str) -> str:
    """What a field of a table holds, by the name of its class: "BigAutoField" is a number."""
    for word, endings in ENDINGS:
        if kind.endswith(endings):
            return str(TYPES[word])
    return str(TYPES["other"])


def purpose_title(purpose: str) -> str:
    """What an access is for, and the ticket behind it; a purpose that somebody wrote in words as it is."""
    code, space, ticket = purpose.partition(" ")
    shared: dict[str, Any] = {wanted.value: wanted.label for wanted in Purpose}
    titles = {**shared, **PURPOSES, **OF_ROLES, "owner": gettext_lazy("approved by the owner")}
    title = str(titles.get(code, code))
    return f"{title}{space}{ticket.replace(REQUEST, '#')}"
