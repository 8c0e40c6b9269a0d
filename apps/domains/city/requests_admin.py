"""Service requests in the portal: work in saved views, and one page for everything about a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import SimpleListFilter, action, display, register
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.quantities import duration, listed, moment
from apps.domains.city.models import ReplyKind, RequestState, ServiceRequest
from apps.domains.city.models.requests import NEXT, state_refusal
from apps.domains.city.selectors.requests import (
    is_overdue,
    left_of,
    places_known,
    replies_of,
    sketch_of,
    view_condition,
    views_counted,
    views_for,
)
from apps.domains.city.services.requests import (
    CHANGEABLE,
    department_held,
    reply_write,
    request_check,
    request_handle,
    request_read,
)
from apps.privacy.services import row_fields
from apps.privacy.services.admin import PolicyModelAdmin
from apps.privacy.services.history import ShownChange, history_shown
from apps.privacy.services.rest import request_viewer

HISTORY_MOST = 20
NAMED_MOST = 5
ROUNDS = "city.inspection_rounds"


class SavedViews(SimpleListFilter):
    """Saved views, drawn above the list; it opens on the open requests, unless somebody searches."""

    title = pgettext_lazy("requests", "view")
    parameter_name = "view"
    template = "city/request_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The views that the reader may have."""
        return [(view.key, view.title) for view in views_for(request_viewer(request))]

    def chosen(self, request: HttpRequest) -> str:
        """The view that is shown."""
        offered = {str(key) for key, _title in self.lookup_choices}
        narrowed = any(name == "q" or name.startswith("state__") for name in request.GET)
        wanted = self.value() or ("all" if narrowed else "open")
        return wanted if wanted in offered else "all"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only the rows of the view."""
        return queryset.filter(view_condition(self.chosen(request), request_viewer(request)))

    def choices(self, changelist: Any) -> Iterator[Any]:
        """None among the filters: the views have tabs of their own."""
        return iter(())


class HandlingForm:
    """What a handler may change; what somebody else has changed meanwhile is shown instead of overwritten."""

    request: HttpRequest
    instance: ServiceRequest
    fields: dict[str, Any]
    changed_data: list[str]
    cleaned_data: dict[str, Any]
    data: Any
    _errors: dict[str, Any]
    add_error: Callable[[str | None, str], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            self._offer_next(self.fields["state"])
        held = department_held(self.instance, viewer=request_viewer(self.request))
        if held and "department" in self.fields and "department" not in self.data:
            self.fields["department"].disabled = True
            self.fields["department"].help_text = held

    def _offer_next(self, field: Any) -> None:
        """Only the state that it has and those that may follow; a refusal names them."""
        old = str(self.instance.state)
        given = str(self.data.get("state", "")) if self.data else ""
        field.choices = [(key, title) for key, title in field.choices if key == old or key in NEXT[old]]
        new = dict(RequestState.choices).get(given, given)
        field.error_messages["invalid_choice"] = state_refusal(old, str(new)).replace("%", "%%")

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse, beside its field and with the input kept."""
        cleaned = self.cleaned_data
        stored = ServiceRequest.objects.select_related("department").get(pk=self.instance.pk)
        read, now = read_of(self.data), request_read(stored)
        if any(now.get(name) != value for name, value in read.items()):
            self._errors.pop("state", None)  # of a state that has moved on under the reader
            self._show_both(read, now)
            return cleaned
        changes = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        try:
            request_check(stored, viewer=request_viewer(self.request), changes=changes)
        except ProblemError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error.detail))
        return cleaned

    def _show_both(self, read: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Keep what the reader has changed themselves, take over the rest, and say whose is what."""
        self.data = self.data.copy()
        for name in self.fields:
            if str(self.data.get(name, "")) == read.get(name):
                self.data[name] = now[name]
        titles = [
            str(self.fields[name].label) for name in self.fields if read.get(name, now[name]) != now[name]
        ]
        detail = _(
            "Somebody has changed this request since you opened it: %(fields)s. The fields show what is "
            "stored now, and what you have changed yourself. Nothing of yours is saved yet; check them and "
            "save again."
        )
        self.add_error(None, detail % {"fields": listed(titles)})


def read_of(data: Mapping[str, Any]) -> dict[str, str]:
    """What the reader saw when the form was drawn; nothing where a form does not say it."""
    try:
        read = json.loads(data.get("read") or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: str(read[name]) for name in CHANGEABLE if name in read} if isinstance(read, dict) else {}


@register(ServiceRequest)
class ServiceRequestAdmin(PolicyModelAdmin):
    """Requests of the hotline; whoever may handle assigns them, moves them on and answers them."""

    change_capability = Capability.HANDLE
    editable_fields = CHANGEABLE
    fields = (
        *("text", "address", "division", "reporter_name", "reporter_phone", "reporter_id_number"),
        *("category", "department", "state"),
    )
    list_display = (
        "number",
        "category",
        "text",
        "department",
        "state",
        "received_at",
        "deadline",
        "reporter_name",
        "reporter_phone",
    )
    search_words = ("category",)
    list_filter = (SavedViews, "state", "category", "department", "division")
    search_fields = ("number", "text", "address", "department__name_zh", "department__name_en")
    list_select_related = ("department",)
    date_hierarchy = "received_at"
    actions = ("plan_round",)
    list_before_template = "city/request_views.html"
    change_form_outer_before_template = "city/request_head.html"
    change_form_before_template = "city/request_read.html"
    change_form_outer_after_template = "city/request_work.html"

    def _shown(self, request: HttpRequest, names: Any) -> list[Any]:
        """The term says in the list how much of it is left."""
        shown = super()._shown(request, names)
        decisions = self._decisions(request)
        if not (decisions["deadline"].is_clear and decisions["state"].is_clear):
            return shown
        return [due if name == "deadline" else name for name in shown]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list with its views and how many requests each holds."""
        viewer = request_viewer(request)
        answer = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", None)
        if context is not None and "cl" in context:
            spec = next(one for one in context["cl"].filter_specs if isinstance(one, SavedViews))
            counted = views_counted(self.get_queryset(request), viewer)
            context |= {"views": counted, "view_chosen": spec.chosen(request)}
        return answer

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A closed request has no form; one that is closed meanwhile is refused with the reason."""
        is_over = isinstance(obj, ServiceRequest) and obj.state == RequestState.CLOSED
        return super().has_change_permission(request, obj) and not (is_over and request.method == "GET")

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, in the name of the reader."""
        form = super().get_form(request, *args, **kwargs)
        return type("RequestForm", (HandlingForm, form), {"request": request})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """One request with its place, replies and history; a reply is written from the same page."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and "_reply" in request.POST:
            answer = self._reply(request, row)
            if answer is not None:
                return answer
            request.method = "GET"  # the page again, with what was written
        context = {**(extra_context or {}), **self._work(request, row)}
        try:
            return super().change_view(request, object_id, form_url, context)
        except ProblemError as error:  # somebody was quicker between the check of the form and its saving
            messages.error(request, str(error.detail))
            return HttpResponseRedirect(request.path)

    def _reply(self, request: HttpRequest, row: ServiceRequest) -> HttpResponse | None:
        kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
        try:
            reply_write(row, kind=kind, text=text, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error.detail))
            return None
        messages.success(request, _("The reply is saved."))
        return HttpResponseRedirect(f"{request.path}#replies")

    def _work(self, request: HttpRequest, row: ServiceRequest) -> dict[str, Any]:
        viewer = request_viewer(request)
        decisions = row_fields(viewer, row)
        history, read = history_shown(viewer, row), request_read(row)
        return {
            "work": row,
            "clear": {name: decision.is_clear for name, decision in decisions.items()},
            "overdue": is_overdue(row),
            "left": _left(row),
            "sketch": sketch_of(viewer, row),
            "replies": replies_of(viewer, row),
            "history": [_brief(change) for change in history[:HISTORY_MOST]],
            "history_more": max(len(history) - HISTORY_MOST, 0),
            "history_url": reverse("admin:city_servicerequest_history", args=[row.pk]),
            "may_reply": viewer.may("city", Capability.HANDLE) and row.state != RequestState.CLOSED,
            "reply_kinds": ReplyKind.choices,
            "reply_kind": request.POST.get("kind", ReplyKind.NOTE),
            "reply_text": request.POST.get("text", "") if "_reply" in request.POST else "",
            "read": json.dumps({name: now for name, now in read.items() if decisions[name].is_clear}),
        }

    def save_model(
        self, request: HttpRequest, obj: ServiceRequest, form: ModelForm[ServiceRequest], change: Any
    ) -> None:
        """Hand the change to the service, which knows what a request may become."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        read = read_of(form.data)
        request_handle(obj, viewer=request_viewer(request), changes=values, read=read)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The saved views, beside what the list offers as filters."""
        return lookup == SavedViews.parameter_name or super().lookup_allowed(lookup, value, request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Rounds are planned by whoever may plan."""
        actions = super().get_actions(request)
        if not request_viewer(request).may("city", Capability.PLAN):
            actions.pop("plan_round", None)
        return dict(actions)

    @action(description=gettext_lazy("Plan a round with these"))
    def plan_round(self, request: HttpRequest, queryset: QuerySet[ServiceRequest]) -> HttpResponse | None:
        """Go to the form of a plan with the chosen requests as its sites."""
        viewer = request_viewer(request)
        known, others = places_known(viewer, queryset.select_related("department").order_by("number"))
        if others:
            named = listed(others[:NAMED_MOST]) + (" …" if len(others) > NAMED_MOST else "")
            detail = _(
                "You may not see the exact place of these requests, so no round visits them: %(numbers)s."
            )
            messages.warning(request, detail % {"numbers": named})
        if not known:
            messages.error(request, _("None of the chosen requests can be visited: choose open ones."))
            return None
        query = urlencode({"problem": ROUNDS, "sites": ",".join(known)})
        return HttpResponseRedirect(f"{reverse('admin:plan_new')}?{query}")


@display(description=ServiceRequest._meta.get_field("deadline").verbose_name, ordering="deadline")
def due(request: ServiceRequest) -> str:
    """When the request is due, and how much of that is left while it is open."""
    left = _left(request)
    if not left:
        return moment(request.deadline)
    kind = "failed" if is_overdue(request) else "queued"
    return format_html('{} <span class="badge {}">{}</span>', moment(request.deadline), kind, left)


def _brief(shown: ShownChange) -> ShownChange:
    """A change; of the row's first entry only that it was made, for the page shows its values anyway."""
    return replace(shown, fields=[]) if shown.change.operation == "insert" else shown


def _left(request: ServiceRequest) -> str:
    left = left_of(request)
    if left is None:
        return ""
    words = duration(abs(left.total_seconds()))
    if left.total_seconds() < 0:
        return _("overdue by %(time)s") % {"time": words}
    return _("%(time)s left") % {"time": words}
