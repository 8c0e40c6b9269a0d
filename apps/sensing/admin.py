"""Portal pages of sensing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import action, display, register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from apps.core.errors import ProblemError
from apps.privacy.services.admin import PolicyModelAdmin, policy_register
from apps.privacy.services.rest import request_viewer
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
from apps.sensing.services.mending import quarantine_dismiss, quarantine_replay

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


@register(QuarantinedRow)
class QuarantinedRowAdmin(PolicyModelAdmin):
    """Rows that could not be stored; taken again once what was wrong is right, or dismissed."""

    list_display = ("created_at", "domain", "door", "line", "field", "code", "reason", "row", "state")
    list_filter = ("state", "domain", "door", "code")
    actions = ("take_again", "dismiss")

    @action(description=_("Take again"))
    def take_again(self, request: HttpRequest, queryset: QuerySet[QuarantinedRow]) -> None:
        """Store the chosen rows now; what is still wrong stays."""
        try:
            done = quarantine_replay(queryset, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error))
        else:
            words = _("Stored: %(mended)d. Still wrong: %(open)d.")
            messages.success(request, words % {"mended": done.mended, "open": done.still_open})

    @action(description=_("Dismiss"))
    def dismiss(self, request: HttpRequest, queryset: QuerySet[QuarantinedRow]) -> None:
        """Set the chosen rows aside; they are kept."""
        try:
            for row in queryset:
                quarantine_dismiss(row, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error))


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
