"""The catalogue: the list, one entry with its grades, and what its stewards do with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability, Viewer
from apps.catalogue.data import DatasetState, Method, Openness, Sharing, UpdateCycle
from apps.catalogue.selectors.entries import (
    NOTICE_PARTS,
    datasets_listed,
    entries_shown,
    field_named,
    is_personal,
    is_sensitive,
    items_of,
    may_steward,
    missing_of,
    name_of,
)
from apps.catalogue.selectors.listing import assessments_of, consumers_of, corrections_waiting, entries_found
from apps.catalogue.services.corrections import correction_decide
from apps.catalogue.services.entries import (
    EDITABLE,
    STEPS,
    assessment_approve,
    assessment_make,
    dataset_edit,
    dataset_step,
)
from apps.catalogue.services.granting import dataset_recall
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.portal.selectors.rows import shown_all
from apps.portal.selectors.titles import field_title
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page
from apps.portal.words_sharing import NOTICE_TITLES, STEP_TITLES
from apps.privacy.services.rest import request_viewer

PER_PAGE = 30
FILTERS = ("q", "domain", "sharing", "state")
CHOICES = {"sharing": Sharing, "method": Method, "openness": Openness, "update_cycle": UpdateCycle}
ANSWERS = {"accept_correction": True, "reject_correction": False}
LONG = {"abstract", "condition", "legal_basis"}


@needs(Capability.VIEW)
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is shared, and what the viewer's own domains are still describing."""
    viewer = request_viewer(request)
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    rows = Paginator(entries_found(viewer, wanted), PER_PAGE).get_page(request.GET.get("page"))
    entries_shown(rows.object_list)
    return page(
        request,
        "portal/catalogue.html",
        title=_("Catalogue"),
        rows=rows,
        wanted=wanted,
        domains=all_domains(),
        sharings=Sharing.choices,
        states=DatasetState.choices,
    )


def _row(request: HttpRequest, pk: int) -> Any:
    row = get_object_or_404(datasets_listed(request_viewer(request)), pk=pk)
    return entries_shown([row])[0]


@needs(Capability.VIEW)
def dataset(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what it holds, how each field is graded, who may ask, and what it still lacks."""
    viewer, row = request_viewer(request), _row(request, pk)
    approves = viewer.may(row.domain, Capability.APPROVE)
    return page(
        request,
        "portal/dataset.html",
        title=name_of(row),
        dataset=row,
        items=list(items_of(row)),
        steward=may_steward(viewer, row.domain),
        approves=approves,
        missing=_missing(row) if may_steward(viewer, row.domain) else [],
        steps=[(state, STEP_TITLES[state]) for state, before in STEPS.items() if row.state in before],
        personal=is_personal(row),
        sensitive=is_sensitive(row),
        notices=[(title, str(row.notice.get(part, ""))) for part, title in NOTICE_TITLES.items()],
        notices_minor=[(title, str(row.notice_minor.get(part, ""))) for part, title in NOTICE_TITLES.items()],
        assessments=assessments_of(row) if may_steward(viewer, row.domain) else [],
        consumers=consumers_of(row) if approves else [],
        errors=_errors(viewer, row),
    )


def _errors(viewer: Viewer, row: Any) -> list[dict[str, Any]]:
    """What people have reported as wrong and nobody has answered, with whether the viewer answers it."""
    if not may_steward(viewer, row.domain):
        return []
    found = corrections_waiting(viewer).filter(dataset=row, state="reported")
    return [
        {
            "row": line,
            "field": field_title(row.object_type, line.field),
            "own": one.reported_by_id == viewer.user_id,
        }
        for one, line in zip(found, shown_all(viewer, found), strict=True)
    ]


def _missing(row: Any) -> list[tuple[str, str]]:
    return [(field_named(name), str(sentence)) for name, sentence in missing_of(row)]


@needs(Capability.VIEW)
def dataset_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an entry; what does not fit is said above it, and nothing typed is lost."""
    viewer, row, fault = request_viewer(request), _row(request, pk), None
    values = {name: getattr(row, name) for name in EDITABLE}
    if request.method == "POST":
        values = _typed(request)
        fault = _saved(row, values, viewer)
        if fault is None:
            return act(request, dict, done=_("The entry is saved."), back=_address(pk))
    return page(
        request,
        "portal/dataset_change.html",
        title=name_of(row),
        dataset=row,
        fields=_fields(row, values),
        notices=_notice_fields("notice", values["notice"]),
        notices_minor=_notice_fields("notice_minor", values["notice_minor"]),
        fault=fault,
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in EDITABLE}
    typed["related"] = [code for code in typed["related"].replace(",", " ").split() if code]
    for name in ("notice", "notice_minor"):
        parts = {part: request.POST.get(f"{name}-{part}", "").strip() for part in NOTICE_PARTS}
        typed[name] = {part: text for part, text in parts.items() if text}
    return typed


def _saved(row: Any, values: dict[str, Any], viewer: Any) -> dict[str, str] | None:
    try:
        dataset_edit(row, values=values, viewer=viewer)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        return {"field": name, "detail": sentences[0]}
    except ProblemError as error:
        return {"field": error.field, "detail": str(error.detail)}
    return None


def _fields(row: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    names = [name for name in EDITABLE if not name.startswith("notice")]
    return [
        {
            "name": name,
            "title": row._meta.get_field(name).verbose_name,
            "value": " ".join(values[name]) if isinstance(values[name], list) else values[name],
            "choices": CHOICES[name].choices if name in CHOICES else (),
            "is_long": name in LONG,
        }
        for name in names
    ]


def _notice_fields(name: str, values: dict[str, str]) -> list[tuple[str, Any, str]]:
    return [(f"{name}-{part}", title, values.get(part, "")) for part, title in NOTICE_TITLES.items()]


def _address(pk: int) -> str:
    return reverse("admin:dataset", args=[pk])


@require_POST
@needs(Capability.VIEW)
def dataset_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an entry on, write or approve its assessment, or recall its data."""
    viewer, row, wish = request_viewer(request), _row(request, pk), request.POST.get("act", "")
    reason = request.POST.get("reason", "")

    def deed() -> None:
        if wish == "assess":
            assessment_make(row, values=request.POST, viewer=viewer)
        elif wish == "approve_assessment":
            found = assessments_of(row).filter(pk=whole_number(request.POST.get("assessment")) or 0)
            assessment_approve(get_object_or_404(found), viewer=viewer)
        elif wish in ANSWERS:
            errors = corrections_waiting(viewer).filter(
                dataset=row, pk=whole_number(request.POST.get("correction")) or 0
            )
            correction_decide(get_object_or_404(errors), accepted=ANSWERS[wish], answer=reason, viewer=viewer)
        elif wish == "recall":
            dataset_recall(row, reason=reason, viewer=viewer)
        elif wish in DatasetState.values:
            dataset_step(row, state=DatasetState(wish), viewer=viewer, reason=reason)
        else:
            raise ProblemError(_("There is no such step."), "act")

    return act(request, deed, done=_("Done."), back=_address(pk))
