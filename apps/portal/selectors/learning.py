"""Runs, model versions and how forecasts fared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Case, Count, F, FloatField, Max, QuerySet, Value, When
from django.db.models.functions import Abs, ExtractHour
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.domains import recipes_by_id
from apps.portal.selectors.rows import plain
from apps.training.selectors import forecast_silence, promotion_obstacles, recipe_unit

TRACK = timedelta(days=7)
PROMISED = {"80": 0.8, "95": 0.95}
SLACK = 0.05  # a band that misses its promise by more is named
ENOUGH = 30  # forecasts that have come true; fewer are not judged


def runs_visible(viewer: Viewer) -> QuerySet[Any]:
    """Training runs with their jobs, newest first."""
    return plain(viewer, "training.Run", "core.Job").select_related("job").order_by("-created_at")


def models_visible(viewer: Viewer) -> QuerySet[Any]:
    """Model versions, by recipe, newest first."""
    return (
        plain(viewer, "training.ModelVersion", "training.Run")
        .select_related("run")
        .order_by("recipe", "-version")
    )


def forecasts_missing(viewer: Viewer) -> list[dict[str, Any]]:
    """The recipes that nothing forecasts now, each with the reason and where to look."""
    found = []
    for recipe, (domain, declared) in recipes_by_id().items():
        if not viewer.may(domain.slug, Capability.VIEW):
            continue
        versions = models_visible(viewer).filter(recipe=recipe, scope="")
        model = versions.filter(stage="promoted").first() or versions.first()
        line: dict[str, Any] = {"title": declared.title, "model": model.pk if model else None}
        if model is None:
            run = runs_visible(viewer).filter(recipe=recipe, scope="").first()
            line |= {"run": run.pk if run else None, "reason": _without_version(run)}
        elif model.stage == "promoted":
            line["reason"] = forecast_silence(model)
        else:
            obstacles = promotion_obstacles(model)
            words = _("Version %(version)d is not promoted.") % {"version": model.version}
            advice = [_("Train on whole weeks, or longer."), *obstacles] if obstacles else []
            line["reason"] = " ".join([words, *advice])
        if line["reason"]:
            found.append(line)
    return found


def _without_version(run: Any) -> str:
    if run is None:
        return _("No model has been trained yet.")
    if not run.job.is_final:
        return _("The first training is not finished.")
    return run.job.message or _("The last training brought no version.")


def recipe_title(recipe: str) -> str:
    """The recipe's title, or its id when no domain declares it any more."""
    found = recipes_by_id().get(recipe)
    return str(found[1].title) if found else recipe


def _inside(low: str, high: str) -> Case:
    inside = When(actual__gte=F(low), actual__lte=F(high), then=Value(1.0))
    return Case(inside, default=Value(0.0), output_field=FloatField())


def track_records(viewer: Viewer, *, datastream: int | None = None) -> list[dict[str, Any]]:
    """By model version: measured coverage and error of the settled forecasts of the last week."""
    rows = plain(viewer, "training.Forecast").filter(
        actual__isnull=False, target_time__gte=timezone.now() - TRACK
    )
    if datastream is not None:
        rows = rows.filter(datastream_id=datastream)
    names = {"recipe": F("model_version__recipe"), "version": F("model_version__version")}
    groups = rows.values("model_version_id", **names).annotate(
        count=Count("pk"),
        newest=Max("target_time"),
        coverage80=Avg(_inside("low80", "high80")),
        coverage95=Avg(_inside("low95", "high95")),
        error=Avg(Abs(F("value") - F("actual"))),
        naive_error=Avg(Abs(F("naive") - F("actual"))),
    )
    return [_judged(row) for row in groups.order_by("recipe", "-version")]


def band_judged(covered: float, count: int) -> str:
    """How the 80 % band kept its promise: "few" (to judge), "narrow", "fits" or "wide"."""
    if count < ENOUGH:
        return "few"
    if abs(covered - PROMISED["80"]) <= SLACK:
        return "fits"
    return "wide" if covered > PROMISED["80"] else "narrow"


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its title, and what is wrong with it, if anything."""
    naive = row["naive_error"]
    return {
        **row,
        "title": recipe_title(row["recipe"]),
        "unit": recipe_unit(row["recipe"]),
        "worse": naive is not None and row["error"] > naive,
        "band": band_judged(row["coverage80"], row["count"]),
    }


def errors_by_hour(viewer: Viewer, model: Any) -> list[dict[str, Any]]:
    """By hour of the day: how far the forecasts of the last four weeks were off, and the baseline."""
    rows = plain(viewer, "training.Forecast").filter(
        model_version=model, actual__isnull=False, target_time__gte=timezone.now() - 4 * TRACK
    )
    hour = ExtractHour("target_time", tzinfo=timezone.get_default_timezone())
    found = rows.annotate(hour=hour).values("hour").order_by("hour")
    return list(
        found.annotate(
            count=Count("pk"),
            error=Avg(Abs(F("value") - F("actual"))),
            naive_error=Avg(Abs(F("naive") - F("actual"))),
            coverage80=Avg(_inside("low80", "high80")),
        )
    )
