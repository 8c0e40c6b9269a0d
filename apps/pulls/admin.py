"""Portal pages of sources, of their log, and of timetables."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.privacy.services.admin import PolicyModelAdmin, policy_register
from apps.privacy.services.rest import request_viewer
from apps.pulls.forms import CHANGED, FIELDS, NamingForm
from apps.pulls.models import PullRun, Source, TransitRoute, TransitService, TransitStop, TransitTrip
from apps.pulls.services import source_ask


@register(Source)
class SourceAdmin(PolicyModelAdmin):
    """Sources: named and changed by a form, asked now by an action."""

    change_capability = Capability.UPLOAD
    empty_text = _("A source is an address of another system that is asked for readings or timetables.")
    empty_capability = Capability.UPLOAD
    editable_fields = FIELDS
    list_display = ("name", "domain", "kind", "address", "schedule", "active", "next_due", "failures")
    search_fields = ("name", "address")
    list_filter = ("domain", "kind", "active")
    actions = ("ask",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may upload in some domain; the service asks again for the source's own."""
        return self.has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """What a person fills in, or all there is to know."""
        return list(FIELDS) if obj is None else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A new source is filled in as a whole; later its domain stays."""
        if obj is None:
            return []
        return [name for name in super().get_readonly_fields(request, obj) if name not in CHANGED] + [
            "domain"
        ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, in the name of the reader."""
        form = super().get_form(request, *args, **kwargs)
        return type("SourceForm", (NamingForm, form), {"viewer": request_viewer(request)})

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        """The form has saved it already, by the service."""

    @action(description=_("Ask now"))
    def ask(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Make the chosen sources due now."""
        try:
            for source in queryset:
                source_ask(source, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error))


policy_register(
    PullRun,
    columns=(
        *("started_at", "source", "state", "fetched", "stored", "repeated", "conflict", "quarantined"),
        "message",
    ),
    search=("source__name", "message"),
    filters=("state",),
)
policy_register(TransitStop, columns=("code", "name", "zone", "parent", "source"), search=("code", "name"))
policy_register(
    TransitRoute,
    columns=("short_name", "name", "code", "route_type", "trips", "source"),
    search=("code", "name"),
)
policy_register(TransitService, columns=("code", "weekdays", "start", "end", "source"), search=("code",))
policy_register(
    TransitTrip,
    columns=("code", "route", "service", "headsign", "direction", "departure", "arrival"),
    search=("code", "headsign"),
)
