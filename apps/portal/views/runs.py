"""Training runs: start one, follow its curve, stop it, continue it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.portal.selectors.learning import recipe_title, runs_visible
from apps.portal.views.acts import act
from apps.portal.views.page import needs, page, require
from apps.privacy.services.rest import request_viewer
from apps.training.selectors import recipes_of
from apps.training.services import RunOptions, run_cancel, run_create, run_resume

PER_PAGE = 30
MOST_EPOCHS = 500


@needs(Capability.VIEW)
def runs(request: HttpRequest) -> HttpResponse:
    """The list, and for who may train the form that starts one."""
    viewer = request_viewer(request)
    found = Paginator(runs_visible(viewer), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "portal/runs.html",
        title=_("Training runs"),
        rows=found,
        lines=[{"run": row, "title": recipe_title(row.recipe)} for row in found],
        recipes=recipes_of(viewer),
    )


@require_POST
@needs(Capability.TRAIN)
def run_start(request: HttpRequest) -> HttpResponse:
    """Start a run of the chosen recipe."""
    viewer, recipe = request_viewer(request), request.POST.get("recipe", "")
    require(viewer, recipe.partition(".")[0], Capability.TRAIN)
    return act(
        request,
        lambda: run_create(recipe, viewer=viewer, options=_options(request)),
        done=_("The run waits for a worker; its curve appears as epochs come in."),
        back=lambda run: reverse("admin:run", args=[run.pk]) if run else reverse("admin:runs"),
    )


def _options(request: HttpRequest) -> RunOptions:
    """What the form asks for: the whole days from its first to its last, both included."""
    return RunOptions(
        epochs=_epochs(request),
        data_from=_midnight(request, "data_from"),
        data_until=_midnight(request, "data_until", after=timedelta(days=1)),
    )


def _midnight(request: HttpRequest, name: str, *, after: timedelta = timedelta()) -> datetime | None:
    """The midnight that begins a day, by the clock of the city; None where the form names no day."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text) + after, time()))
    except (ValueError, OverflowError):
        raise ProblemError(_("Give a day such as 2026-03-31."), name) from None


def _epochs(request: HttpRequest) -> int | None:
    text = request.POST.get("epochs", "").strip()
    if not text:
        return None
    if whole_number(text, low=1, high=MOST_EPOCHS) is None:
        raise ProblemError(
            _("Give a whole number of epochs from 1 to %(most)d.") % {"most": MOST_EPOCHS}, "epochs"
        )
    return int(text)


@needs(Capability.VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its curve while epochs come in, and the version that came out of it."""
    viewer = request_viewer(request)
    row = get_object_or_404(runs_visible(viewer), pk=pk)
    return page(
        request,
        "portal/run.html",
        title=f"{recipe_title(row.recipe)} · {row.pk}",
        run=row,
        job=row.job,
        model=getattr(row, "modelversion", None),
        may_train=viewer.may(row.domain, Capability.TRAIN),
    )


@require_POST
@needs(Capability.TRAIN)
def run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the run to stop between two batches."""
    viewer = request_viewer(request)
    row = get_object_or_404(runs_visible(viewer), pk=pk)
    done = _("The run is asked to stop; what it has learned is kept.")
    return act(request, lambda: run_cancel(row, viewer=viewer), done=done, back=_address(pk))


@require_POST
@needs(Capability.TRAIN)
def run_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Continue from the last finished epoch."""
    viewer = request_viewer(request)
    row = get_object_or_404(runs_visible(viewer), pk=pk)
    done = _("The run goes on from its last finished epoch.")
    return act(request, lambda: run_resume(row, viewer=viewer), done=done, back=_address(pk))


def _address(pk: int) -> str:
    return reverse("admin:run", args=[pk])
