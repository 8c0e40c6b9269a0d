"""Runs, model versions and forecasts in the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.errors import ProblemError
from apps.privacy.services.admin import PolicyModelAdmin
from apps.privacy.services.rest import request_viewer
from apps.training.models import Forecast, ModelVersion, Run
from apps.training.selectors import model_card, promotion_obstacles, recipe_title
from apps.training.services import model_promote, run_cancel, run_resume


@admin.register(Run)
class RunAdmin(PolicyModelAdmin):
    """Training runs with their live curve."""

    page = "admin:run"
    list_display = ("id", "title", "state", "progress", "last_error", "data_from", "data_until", "created_at")
    list_filter = ("domain", "recipe", "job__state")
    list_select_related = ("job",)
    actions = ("cancel_runs", "resume_runs")

    @admin.display(description=_("recipe"))
    def title(self, run: Run) -> str:
        """The recipe's name."""
        return str(recipe_title(run.recipe))

    @admin.display(description=_("state"), ordering="job__state")
    def state(self, run: Run) -> str:
        """The state of the job."""
        return run.job.get_state_display()

    @admin.display(description=_("epochs"))
    def progress(self, run: Run) -> str:
        """Epochs done and wanted."""
        return f"{run.job.done} / {run.job.total}"

    @admin.display(description=_("error (MAE)"))
    def last_error(self, run: Run) -> str:
        """Mean absolute error of the newest epoch on the selecting part."""
        return str(run.curve[-1][3]) if run.curve else "–"

    @admin.action(description=_("Cancel"))
    def cancel_runs(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Ask the chosen runs to stop."""
        self._each(request, queryset, run_cancel)

    @admin.action(description=_("Continue"))
    def resume_runs(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Continue the chosen runs from their checkpoints."""
        self._each(request, queryset, run_resume)

    def _each(self, request: HttpRequest, queryset: QuerySet[Run], act: Any) -> None:
        for run in queryset.select_related("job"):
            refusal_shown(request, act, run)


@admin.register(ModelVersion)
class ModelVersionAdmin(PolicyModelAdmin):
    """Registered versions with their proof."""

    page = "admin:model"
    list_display = (
        "id",
        "title",
        "version",
        "stage",
        "errors",
        "obstacles",
        "scope",
        "created_at",
        "promoted_at",
    )
    list_filter = ("domain", "recipe", "stage")
    actions = ("promote_model",)
    fields = (
        *("recipe", "scope", "version", "stage", "run", "card_text", "metrics", "baselines", "coverage"),
        *("fingerprint", "code_version", "created_at", "promoted_at", "promoted_by"),
    )

    @admin.display(description=_("recipe"))
    def title(self, model: ModelVersion) -> str:
        """The recipe's name."""
        return str(recipe_title(model.recipe))

    @admin.display(description=_("error (RMSE / MAE)"))
    def errors(self, model: ModelVersion) -> str:
        """Errors over the whole horizon."""
        if not model.metrics:
            return "–"
        row = model.metrics[max(model.metrics, key=int)]
        return f"{row['rmse']} / {row['mae']}"

    @admin.display(description=_("beats the baselines"), boolean=True)
    def obstacles(self, model: ModelVersion) -> bool:
        """Whether nothing stands against promotion."""
        return not promotion_obstacles(model)

    @admin.action(description=_("Promote: let this version forecast"))
    def promote_model(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Promote the chosen version."""
        for model in queryset:
            refusal_shown(request, model_promote, model)

    @admin.display(description=_("model card"))
    def card_text(self, model: ModelVersion) -> str:
        """The card in the language of the reader."""
        return model_card(model)


@admin.register(Forecast)
class ForecastAdmin(PolicyModelAdmin):
    """Forecasts beside what came true."""

    list_display = (
        "datastream",
        "target_time",
        "value",
        "low80",
        "high80",
        "naive",
        "actual",
        "stale",
        "made_at",
    )
    list_filter = ("model_version", "stale")
    list_select_related = ("datastream",)
    ordering = ("-target_time", "datastream")


def refusal_shown(request: HttpRequest, act: Any, instance: Any) -> None:
    """Do ``act`` for the viewer; a refusal becomes a message on the page."""
    try:
        act(instance, viewer=request_viewer(request))
    except ProblemError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done: %(object)s.") % {"object": instance})
