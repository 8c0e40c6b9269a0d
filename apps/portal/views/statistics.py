"""Statistics with differential privacy: what is left, a question with its price, the answer and its error."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.core.declarations import StatisticalData
from apps.core.domains import Domain
from apps.core.errors import ProblemError
from apps.portal.selectors.statistics import (
    MEASURES,
    answer_lines,
    approvable,
    dataset_lines,
    dataset_title,
    decisions_visible,
    question_lines,
    question_title,
    radius_unit,
)
from apps.portal.views.acts import act
from apps.portal.views.page import PermissionRefused, needs, page
from apps.privacy.selectors.statistics import MILLION, column_values, may_ask, statistics_of
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.budgets import BudgetWish, budget_decide
from apps.privacy.services.questions import LEVELS, Asked
from apps.privacy.services.releases import deliveries_readable, release_ask, release_preview

PER_PAGE = 30
DECISIONS = 10
USUAL_ROWS = 1000
FILTER = "f-"


class AskForm(forms.Form):
    """Reads what was typed; what was declared is checked by the service."""

    measure = forms.CharField(max_length=12)
    column = forms.CharField(max_length=40, required=False)
    group = forms.CharField(max_length=40, required=False)
    level = forms.CharField(max_length=6, required=False)
    low = forms.IntegerField(required=False)
    high = forms.IntegerField(required=False)
    since = forms.DateField()
    until = forms.DateField()
    epsilon = forms.DecimalField(max_digits=8, decimal_places=4)
    rows = forms.IntegerField(min_value=1, max_value=10**9, required=False)


class BudgetForm(forms.Form):
    """Reads a decision on a budget."""

    dataset = forms.CharField(max_length=60, required=False)
    limit = forms.DecimalField(min_value=0, max_digits=9, decimal_places=4)
    share = forms.DecimalField(min_value=0, max_digits=9, decimal_places=4, required=False)
    renew = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300)


@needs(Capability.VIEW)
def statistics(request: HttpRequest) -> HttpResponse:
    """What is left of each budget, and what was released to the viewer."""
    viewer = request_viewer(request)
    rows = Paginator(deliveries_readable(viewer), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/statistics.html",
        title=_("Protected statistics"),
        datasets=dataset_lines(viewer),
        rows=rows,
        lines=[{"delivery": row, "title": question_title(row.release.question)} for row in rows],
        approvable=approvable(viewer),
        decisions=decisions_visible(viewer)[:DECISIONS],
    )


@needs(Capability.VIEW)
def statistic(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer that was released to the viewer, with its expected error beside each number."""
    delivery = get_object_or_404(deliveries_readable(request_viewer(request)), pk=pk)
    release = delivery.release
    return page(
        request,
        "portal/statistic.html",
        title=question_title(release.question),
        delivery=delivery,
        release=release,
        facts=question_lines(release.question),
        cells=answer_lines(release.question, release.answer),
    )


@needs(Capability.VIEW)
def statistic_new(request: HttpRequest) -> HttpResponse:
    """The form; its first button shows cost and error, the second one asks and spends.

    Spends only what was foreseen: a question that was changed after the preview is previewed again.
    """
    key, domain, data = _dataset(request)
    given, viewer = request.POST, request_viewer(request)
    found, fault = None, ProblemError("")
    try:
        if request.method == "POST":
            asked = _asked(key, given)
            found = release_preview(
                asked, viewer=viewer, rows=_form(given).cleaned_data["rows"] or USUAL_ROWS
            )
            if "release" in given and given.get("previewed") == found.question.digest():
                delivery = release_ask(asked, viewer=viewer, purpose=given.get("purpose", ""))
                return redirect("admin:statistic", delivery.pk)
    except ProblemError as error:
        fault = error
    return page(
        request,
        "portal/statistic_new.html",
        title=_("Ask a statistical question"),
        dataset=key,
        dataset_title=dataset_title(domain, data),
        person=data.person,
        choices=_choices(data, given),
        given=given,
        preview=found,
        unit=radius_unit(found.question.as_dict()) if found else "",
        fault=fault,
    )


@require_POST
@needs(Capability.APPROVE)
def budget(request: HttpRequest) -> HttpResponse:
    """Set or renew a budget, with the reason."""
    viewer = request_viewer(request)
    done = _("The decision is in force and on record.")
    back = reverse("admin:statistics")
    return act(request, lambda: budget_decide(_wish(request), viewer=viewer), done=done, back=back)


def _dataset(request: HttpRequest) -> tuple[str, Domain, StatisticalData]:
    """The data set that the request names, if the viewer may ask about it."""
    viewer, key = request_viewer(request), request.GET.get("dataset") or request.POST.get("dataset", "")
    found = statistics_of(viewer).get(key)
    if found is None:
        raise Http404
    if not may_ask(viewer, *found):
        raise PermissionRefused(_("Your role does not allow this."))
    return (key, *found)


def _form(given: Any) -> AskForm:
    form = AskForm(given)
    _valid_require(form)
    return form


def _valid_require(form: forms.Form) -> None:
    """ProblemError for the first field that cannot be read."""
    for name, errors in form.errors.items():
        raise ProblemError(" ".join(str(error) for error in errors), name)


def _asked(dataset: str, given: Any) -> Asked:
    values = dict(_form(given).cleaned_data)
    values.pop("rows")
    values["level"] = values["level"] or "0.5"
    filters = {
        name.removeprefix(FILTER): [value for value in given.getlist(name) if value]
        for name in given
        if name.startswith(FILTER)
    }
    return Asked(dataset=dataset, filters={name: kept for name, kept in filters.items() if kept}, **values)


def _choices(data: StatisticalData, given: Any) -> dict[str, Any]:
    """What the selects of the form offer."""
    categories = [(column, column_values(column)) for column in data.columns]
    grouped = [(column, values) for column, values in categories if values]
    return {
        "measures": MEASURES.items(),
        "columns": [column for column in data.columns if column.high > column.low],
        "groups": [column for column, _values in grouped],
        "levels": LEVELS,
        "filters": [
            {
                "name": f"{FILTER}{column.key}",
                "title": column.title,
                "values": values,
                "chosen": given.get(f"{FILTER}{column.key}", ""),
            }
            for column, values in grouped
        ],
    }


def _wish(request: HttpRequest) -> BudgetWish:
    form = BudgetForm(request.POST)
    _valid_require(form)
    values = form.cleaned_data
    return BudgetWish(
        values["dataset"],
        _millionths(values["limit"]),
        values["reason"],
        share=_millionths(values["share"] or Decimal(0)),
        renew=values["renew"],
    )


def _millionths(value: Decimal) -> int:
    return int((value * MILLION).to_integral_value())
