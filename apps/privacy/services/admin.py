"""Admin exits: lists, forms, search and filters that ask the kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.contrib.admin import display, site
from django.contrib.admin.utils import unquote
from django.contrib.gis.db.models import GeometryField
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from apps.accounts.data import Viewer
from apps.audit.services import seen
from apps.core.declarations import Text
from apps.core.encryption import given_fields
from apps.privacy.data import Decision, Outcome
from apps.privacy.policy.tables import class_of
from apps.privacy.services.exits import possible_fields, row_fields, visible_fields, visible_rows, with_facts
from apps.privacy.services.history import history_shown
from apps.privacy.services.kernel import can_see
from apps.privacy.services.masks import masked
from apps.privacy.services.naming import (
    Unnamed,
    hides_names,
    needs_number,
    number_column,
    related_column,
    row_name,
)
from apps.privacy.services.reasons import explained
from apps.privacy.services.rest import request_viewer
from apps.privacy.services.searching import rows_exactly, said_so, search_hint, searchable_fields
from apps.privacy.services.spoken import PREFIX, is_spoken, spoken_column


@cache
def masked_column(field: Field[Any, Any], decision: Decision) -> Callable[[Model], SafeString]:
    """A display function that shows the mask of ``field`` with a lock and the reason.

    The same one each time: Django compares the form's fields with the read-only ones.
    """

    @display(description=capfirst(field.verbose_name))
    def column(instance: Model) -> SafeString:
        return _behind_lock(instance, field, decision)

    column.__name__ = f"masked_{field.name}"
    return column


@lru_cache(maxsize=1000)
def row_column(viewer: Viewer, model: type[Model], name: str) -> Callable[[Model], Any]:
    """A display function for a field whose decision depends on the row."""
    field = model._meta.get_field(name)

    @display(description=capfirst(getattr(field, "verbose_name", name)))
    def column(instance: Model) -> Any:
        decision = row_fields(viewer, instance)[name]
        if decision.is_clear:
            seen(model._meta.label, (), (name,))
            shown = getattr(instance, f"get_{name}_display", None)
            return shown() if shown else getattr(instance, name)
        return _behind_lock(instance, field, decision)

    column.__name__ = f"row_{name}"
    return column


def _behind_lock(instance: Model, field: Any, decision: Decision) -> SafeString:
    value = masked(getattr(instance, field.attname), decision, row=instance)
    return format_html(
        '<span class="masked" tabindex="0" title="{}">{}\u2060'
        '<span class="material-symbols-outlined lock" aria-hidden="true">lock</span></span>',
        explained(decision, object_type=instance._meta.label, field=field.name),
        value if value is not None else "•••",
    )


ASKABLE = frozenset(  # what Django's filters and date drill-down put behind the name of a field
    ("", *(f"__{end}" for end in ("exact", "in", "isnull", "id__exact", "pk__exact", "gte", "lt", "year")))
) | {"__month", "__day"}


class PolicyModelAdmin(ModelAdmin):
    """Read-only by default; hidden fields are absent, masked ones show their mask, everywhere the same.

    A subclass that allows changes sets ``change_capability`` and ``editable_fields``.
    """

    change_capability = ""
    editable_fields: tuple[str, ...] = ()
    search_words: tuple[str, ...] = ()  # fields with choices that are also searched, by the words for them
    empty_text: Text = _("Entries come by import, from devices or by a program.")  # where rows come from
    empty_capability = ""  # what a role must allow to bring some
    page = ""  # the name of the page made for people, which shows a row better than its fields do
    list_page = ""  # the name of the page made for people, which lists the rows; also of a row without a page
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    compressed_fields = True

    def _decisions(self, request: HttpRequest) -> dict[str, Decision]:
        return visible_fields(request_viewer(request), self.model)

    def _shown(self, request: HttpRequest, names: Any) -> list[Any]:
        decisions, shown = self._decisions(request), []
        viewer = class_of(request_viewer(request))
        best = possible_fields(viewer, self.model)
        for name in names:
            decision = decisions.get(name) if isinstance(name, str) else None
            if decision is None or decision.is_clear:
                shown.append(self._named(viewer, name))
            elif best[name] != decision and best[name].is_shown:
                shown.append(row_column(viewer, self.model, name))
            elif decision.outcome is Outcome.MASKED:
                shown.append(masked_column(self.model._meta.get_field(name), decision))
        return shown

    def _named(self, viewer: Viewer, name: Any) -> Any:
        """A clear column, codes in words; a related row whose name tells too much is called by its number."""
        if not isinstance(name, str) or name in self.editable_fields:
            return name
        spoken = spoken_column(self.model, name)
        if spoken is not None:
            return spoken
        related = {field.name: field.related_model for field in self.model._meta.concrete_fields}.get(name)
        return related_column(viewer, self.model, name) if related and hides_names(viewer, related) else name

    def _title(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """What replaces the row's name on its own pages, where the viewer may not see it."""
        try:
            row = self.get_queryset(request).filter(pk=unquote(object_id)).first()
        except (ValueError, ValidationError):
            return {}
        name = row_name(request_viewer(request), row) if row is not None else ""
        if row is None or name == str(row):
            return {}
        unnamed = Unnamed(row, name)
        return {"original": unnamed, "subtitle": name}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form under a name that the viewer may see; or the page that shows the row."""
        if self.page and (row := self.get_object(request, unquote(object_id))) is not None:
            return redirect(self.page, row.pk)
        if self._is_elsewhere(request):
            return redirect(self.list_page)
        context = {**(extra_context or {}), **self._title(request, object_id)}
        return super().change_view(request, object_id, form_url, context)

    def _is_elsewhere(self, request: HttpRequest) -> bool:
        """Whether whoever reads the rows here is led to the page that lists them for people."""
        return bool(self.list_page) and request.method == "GET" and self.has_view_permission(request)

    def _clear(self, request: HttpRequest, names: Any) -> list[Any]:
        decisions = self._decisions(request)
        hidden = {name for name, decision in decisions.items() if not decision.is_clear}
        return [
            name
            for name in names
            if not isinstance(name, str) or name.partition("__")[0].lstrip("-=^@") not in hidden
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only rows that the viewer may know of."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return with_facts(visible_rows(request_viewer(request), queryset))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row for a form; the access log hears of it."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._shown_seen([found], self.get_fields(request, found))
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; the access log hears of the rows on its page. Or the page that lists them for people."""
        if self._is_elsewhere(request):
            return redirect(self.list_page)
        answer = super().changelist_view(request, extra_context)
        listed = (getattr(answer, "context_data", None) or {}).get("cl")
        if listed is not None:
            self._shown_seen(listed.result_list, self.get_list_display(request))
        return answer

    def _shown_seen(self, rows: Sequence[Model], columns: Sequence[Any]) -> None:
        """Tell the access log of the rows, and of the related rows whose names stand in them."""
        said = [column.__name__.removeprefix(PREFIX) for column in columns if is_spoken(column)]
        names = [*(column for column in columns if isinstance(column, str)), *said]
        seen(self.model._meta.label, [row.pk for row in rows], names)
        links = {field.name: field for field in self.model._meta.concrete_fields if field.remote_field}
        drawn = {getattr(column, "__name__", str(column)).removeprefix("related_") for column in columns}
        for name in drawn & links.keys():
            link: Any = links[name]
            keys = {getattr(row, link.attname) for row in rows} - {None}
            seen(link.related_model._meta.label, sorted(keys, key=str))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Every change of the row that the database has recorded, under the same decisions as the row."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        names = (self.opts.app_label, self.opts.model_name)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of changes"),
            "row_title": capfirst(str(self.opts.verbose_name)),
            "row_url": reverse("admin:{}_{}_change".format(*names), args=[row.pk]),
            "changes": history_shown(request_viewer(request), row),
        }
        return TemplateResponse(request, "portal/history.html", context)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Columns; masked ones show the mask, hidden ones are gone, a number tells nameless rows apart."""
        return [*self._number(request), *self._shown(request, super().get_list_display(request))]

    def _number(self, request: HttpRequest) -> list[Any]:
        """The column of the number where the viewer sees nothing else by which people call a row."""
        needed = needs_number(request_viewer(request), self.model, self.list_display)
        return [number_column] if needed else []

    def get_search_fields(self, request: HttpRequest) -> list[Any]:
        """Search only in what the viewer sees clear."""
        return self._clear(request, super().get_search_fields(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As always, and the rows with exactly this number where the viewer sees it clear."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, may_repeat
        viewer = request_viewer(request)
        exact = rows_exactly(viewer, queryset, search_term, names=searchable_fields(viewer, self.model))
        others = said_so(self.model, self._clear(request, self.search_words), search_term)
        if exact:
            others |= Q(pk__in=exact)
        if others:
            found = queryset.filter(others | Q(pk__in=found.order_by().values("pk")))
        return found, may_repeat

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, whose search box says in which fields it looks."""
        listed = super().get_changelist_instance(request)
        names = [*self.get_search_fields(request), *self._clear(request, self.search_words)]
        if listed.search_fields:
            exact = searchable_fields(request_viewer(request), self.model)
            listed.search_help_text = search_hint(self.model, names, exact=exact)
        return listed

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Filter only by what the viewer sees clear."""
        return self._clear(request, super().get_list_filter(request))

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        """Sort only by what the viewer sees clear."""
        names = self._clear(request, self.list_display)
        return [*names, *filter(None, (spoken_column(self.model, str(name)) for name in names))]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """The order of the list; a field that the viewer does not see clear would tell by its order."""
        return self._clear(request, self.ordering or self.model._meta.ordering) or ["pk"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter: Django lets every other field of the model be guessed at."""
        offered = [*self.get_list_filter(request), *self._clear(request, [self.date_hierarchy or ""])]
        names = {name for name in offered if isinstance(name, str) and name}
        return any(lookup.removeprefix(name) in ASKABLE for name in names if lookup.startswith(name))

    def _form_names(self, request: HttpRequest, obj: Model | None) -> list[str]:
        """The fields of a form; what is hidden in this row has no label either."""
        given = {field.name: field for field in given_fields(self.model)}
        derived = {field.name for field in self.model._meta.concrete_fields} - given.keys()
        decisions = row_fields(request_viewer(request), obj) if obj is not None else {}
        closed = {name for name, decision in decisions.items() if not decision.is_shown} | derived
        names = [name for name in self.fields or given if isinstance(name, str) and name not in closed]
        return [name for name in names if not isinstance(given.get(name), GeometryField)]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The form's fields, masked and hidden as in the list."""
        number = self._number(request) if obj is not None else []
        return [*number, *self._shown(request, self._form_names(request, obj))]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Everything but the editable fields that the viewer sees clear."""
        editable = set(self.editable_fields) if self.has_change_permission(request, obj) else set()
        number = self._number(request) if obj is not None else []
        shown = [*number, *self._shown(request, self._form_names(request, obj))]
        return [name for name in shown if not isinstance(name, str) or name not in editable]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app appears in the menu."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the viewer may know that such objects exist."""
        viewer = request_viewer(request)
        if not getattr(self.model, "DOMAIN_PATH", ""):
            return can_see(viewer, self.model._meta.label)
        return any(can_see(viewer, self.model._meta.label, domain=slug) for slug in viewer.domains)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether a role of the viewer carries ``change_capability`` in the object's domain."""
        if not self.change_capability or not self.has_view_permission(request, obj):
            return False
        viewer, domain = request_viewer(request), self.domain_of(obj)
        domains = [domain] if domain else list(viewer.domains)
        return any(viewer.may(slug, self.change_capability) for slug in domains)

    def domain_of(self, obj: Model | None) -> str:
        """The domain slug of the object (or of all objects of this model); "" when it is not known yet."""
        path = getattr(self.model, "DOMAIN_PATH", "")
        if not path:
            return str(self.model._meta.app_label)
        value: Any = obj
        for part in path.split("__"):
            value = getattr(value, part, "")
        return str(value or "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Objects come by import, by a door or by a service, not by a form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted by hand."""
        return False


def policy_register(
    model: type[Model],
    *,
    columns: Sequence[str],
    search: Sequence[str] = (),
    filters: Sequence[str] = (),
    empty: tuple[Text, str] | None = None,
    page: str = "",
) -> None:
    """Register ``model`` at the portal with these columns, under the kernel.

    ``empty`` says where its rows come from, and the capability of whoever brings them; ``page`` names the
    page of the portal that shows one row.
    """
    attributes = {
        "list_display": list(columns),
        "search_fields": list(search),
        "list_filter": list(filters),
        "list_select_related": True,
        "page": page,
        "__doc__": model.__doc__,
    }
    if empty is not None:
        attributes |= dict(zip(("empty_text", "empty_capability"), empty, strict=True))
    site.register(model, type(f"{model.__name__}Admin", (PolicyModelAdmin,), attributes))
