"""Portal pages of sensing."""

from __future__ import annotations

from django.contrib.admin import display, register
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from apps.privacy.services.admin import PolicyModelAdmin, policy_register
from apps.sensing.models import (
    Datastream,
    Device,
    Edit,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    ObservedProperty,
    QuarantinedRow,
    Revision,
    Sensor,
    Thing,
    Upload,
)

policy_register(
    Thing,
    columns=("code", "name", "domain", "division", "owner"),
    search=("code", "name"),
    filters=("domain",),
)
policy_register(ObservedProperty, columns=("name", "title_zh", "title_en"), search=("name",))
policy_register(Sensor, columns=("name", "domain", "encoding_type"), search=("name",), filters=("domain",))
for place in (Location, FeatureOfInterest):
    policy_register(place, columns=("name", "domain", "division"), search=("name",), filters=("domain",))
policy_register(HistoricalLocation, columns=("thing", "time"), search=("thing__name",))
policy_register(
    Upload,
    columns=("name", "domain", "rows", "stored", "repeated", "quarantined", "uploaded_by", "created_at"),
    search=("name",),
    filters=("domain",),
)
policy_register(
    QuarantinedRow,
    columns=("created_at", "domain", "door", "line", "field", "code", "reason", "row", "state"),
    filters=("state", "domain", "door", "code"),
)
policy_register(
    Device,
    columns=("domain", "code", "kind", "active", "online", "seen_at", "created_by"),
    search=("code",),
    filters=("domain", "kind", "active", "online"),
)
policy_register(
    Edit,
    columns=(
        "made_at",
        "datastream",
        "operation",
        "value",
        "start",
        "end",
        "changed",
        "reason",
        "made_by",
        "undone_at",
    ),
    search=("datastream__key", "reason"),
    filters=("operation",),
)
policy_register(
    Revision,
    columns=("datastream", "phenomenon_time", "result", "quality", "known_from", "known_until", "edit"),
    search=("datastream__key",),
)


@register(Datastream)
class DatastreamAdmin(PolicyModelAdmin):
    """Datastreams with their newest value, its age and its quality."""

    list_display = ("key", "thing", "kind", "unit", "newest", "age", "quality", "active")
    list_filter = ("thing__domain", "kind", "active")
    search_fields = ("key",)
    list_select_related = ("thing", "latest")

    @display(description=_("Newest value"))
    def newest(self, stream: Datastream) -> str:
        """The newest result with its unit."""
        latest = getattr(stream, "latest", None)
        return f"{latest.result:g} {stream.unit}" if latest and latest.result is not None else "–"

    @display(description=_("Age"))
    def age(self, stream: Datastream) -> str:
        """How long ago the newest reading was."""
        latest = getattr(stream, "latest", None)
        return timesince(latest.phenomenon_time) if latest else str(_("never"))

    @display(description=_("Quality"))
    def quality(self, stream: Datastream) -> str:
        """The quality of the newest reading."""
        latest = getattr(stream, "latest", None)
        return str(latest.get_quality_display()) if latest else "–"
