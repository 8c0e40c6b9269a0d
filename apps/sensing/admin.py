"""Portal pages of sensing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.contrib.admin import action, display, register
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.core.quantities import quantity
from apps.core.sentences import sentence
from apps.privacy.services import row_fields
from apps.privacy.services.admin import PolicyModelAdmin, policy_register
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.spoken import PREFIX
from apps.sensing import rules_admin
from apps.sensing.forms import FIELDS, CorrectingForm
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
from apps.sensing.selectors.faults import faults_said, reason_told
from apps.sensing.selectors.uploads import mapping_told
from apps.sensing.services.corrections import edit_undo
from apps.sensing.services.mending import quarantine_correct, quarantine_dismiss, quarantine_replay

__all__ = ["rules_admin"]

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
    columns=(
        *("name", "domain", "rows", "stored", "repeated", "conflict", "quarantined"),
        *("uploaded_by", "created_at"),
    ),
    search=("name",),
    filters=("domain",),
    page="admin:upload",
)
policy_register(
    Device,
    columns=("domain", "code", "kind", "active", "online", "seen_at", "created_by"),
    search=("code",),
    filters=("domain", "kind", "active", "online"),
    empty=(
        _(
            "A device that sends by MQTT needs an account. A program makes it; the document of the interface "
            "says how, under “Accounts of devices”."
        ),
        "upload",
    ),
)
policy_register(
    Revision,
    columns=("datastream", "phenomenon_time", "result", "quality", "known_from", "known_until", "edit"),
    search=("datastream__key",),
)


@register(Edit)
class EditAdmin(PolicyModelAdmin):
    """Corrections: made by a form, never changed, undone by an action."""

    change_capability = Capability.UPLOAD
    empty_text = _("A stored reading is corrected here, or from the page of its datastream.")
    empty_capability = Capability.UPLOAD
    editable_fields = FIELDS
    autocomplete_fields = ("datastream",)
    list_display = (
        *("made_at", "datastream", "operation", "value", "start", "end"),
        *("changed", "reason", "made_by", "undone_at"),
    )
    search_fields = ("datastream__key", "reason")
    list_filter = ("operation",)
    list_select_related = True
    actions = ("undo",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may upload in some domain; the service asks again for the datastream's own."""
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A new correction may be filled in; one that was made stays as it is."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """What a person fills in, or all there is to know."""
        return list(FIELDS) if obj is None else super().get_fields(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, in the name of the reader."""
        form = super().get_form(request, *args, **kwargs)
        return type("EditForm", (CorrectingForm, form), {"viewer": request_viewer(request)})

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        """The form has made it already, by the service."""

    @action(description=_("Undo"))
    def undo(self, request: HttpRequest, queryset: QuerySet[Edit]) -> None:
        """Put back what the chosen corrections have replaced, the latest first."""
        try:
            for edit in queryset.order_by("-pk"):
                edit_undo(edit, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error))


WORDED = {"field": _("column"), "reason": _("reason"), "row": _("cells")}


@lru_cache(maxsize=100)
def worded(viewer: Viewer, name: str) -> Callable[[QuarantinedRow], str]:
    """A display function for a part of a quarantined row in the reader's words; the same one each time.

    A cell is quoted only where the row is clear to the reader, a column named only where its file's are.
    """

    @display(description=WORDED[name])
    def column(instance: QuarantinedRow) -> str:
        facts = {part: getattr(instance, part) for part in ("line", "field", "code")}
        clear = row_fields(viewer, instance)["row"].is_clear
        reason = reason_told(instance, clear=clear)
        row = SimpleNamespace(row=instance.row if clear else None, reason=reason, **facts)
        (said,) = faults_said([row], mapping_told(viewer, instance.upload))
        cells = "; ".join(f"{title}: {cell}" for title, cell in said.cells.items())
        return {"field": said.column, "reason": said.reason, "row": cells}[name]

    column.__name__ = f"{PREFIX}{name}"
    return column


@register(QuarantinedRow)
class QuarantinedRowAdmin(PolicyModelAdmin):
    """Rows that could not be stored; taken again once what was wrong is right, or dismissed."""

    empty_text = _("Every row that came in could be stored.")
    list_display = ("created_at", "domain", "door", "line", "field", "reason", "row", "state")
    list_filter = ("state", "domain", "door", "code")
    list_select_related = ("upload",)
    actions = ("take_again", "correct", "dismiss")

    def _shown(self, request: HttpRequest, names: Any) -> list[Any]:
        """Column, reason and cells in words; the code stays for programs."""
        viewer, decisions = request_viewer(request), self._decisions(request)
        shown: list[Any] = []
        for name in names:
            if name in WORDED and decisions[name].is_clear:
                shown.append(worded(viewer, name))
            elif name != "code":
                shown += super()._shown(request, [name])
        return shown

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

    @action(description=_("Correct the stored value with this one"))
    def correct(self, request: HttpRequest, queryset: QuerySet[QuarantinedRow]) -> None:
        """Make the correction out of rows with another value than the stored one."""
        try:
            with transaction.atomic():
                for row in queryset:
                    words = gettext_noop("Another value came for this moment (quarantine, row %(row)d).")
                    reason = sentence(words) % {"row": row.pk}
                    quarantine_correct(row, reason=reason, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error))

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
    """Datastreams with their newest value, its age and its quality; who handles may set when they begin,
    and whether they are of the past."""

    change_capability = Capability.HANDLE
    editable_fields = ("plausible_from", "historical")
    list_display = ("key", "thing", "kind", "unit", "newest", "age", "quality", "active")
    list_filter = ("thing__domain", "kind", "active", "historical")
    search_fields = ("key",)
    list_select_related = ("thing", "latest")

    @display(description=_("Newest value"))
    def newest(self, stream: Datastream) -> str:
        """The newest result with its unit."""
        latest = getattr(stream, "latest", None)
        return quantity(latest.result, stream.unit) if latest and latest.result is not None else "–"

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
