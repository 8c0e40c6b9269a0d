"""Runs, model versions and forecasts for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.data import Capability
from apps.core.domains import recipes_by_id
from apps.core.errors import ProblemError
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer
from apps.privacy.services.rest import PolicySerializer, PolicyViewSet, request_viewer
from apps.training.data import RunOptions
from apps.training.models import Forecast, ModelVersion, Run
from apps.training.selectors import (
    forecast_silence,
    forecasts_newest,
    forecasts_track_record,
    model_card,
    promotion_obstacles,
)
from apps.training.services import model_promote, run_cancel, run_create, run_resume

SEEDS = 2**31


class RunSerializer(PolicySerializer):
    """A run; ``state``, ``done`` and ``total`` are those of its job."""

    state = serializers.CharField(source="job.state", read_only=True)
    stage = serializers.CharField(source="job.stage", read_only=True)
    done = serializers.IntegerField(source="job.done", read_only=True)
    total = serializers.IntegerField(source="job.total", read_only=True)
    message = serializers.CharField(source="job.message", read_only=True)
    model_version = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = [
            *("id", "domain", "recipe", "scope", "config", "datastreams", "seed", "job", "curve"),
            *("data_from", "data_until", "created_by", "created_at", "masked"),
            *("state", "stage", "done", "total", "message", "model_version"),
        ]
        read_only_fields = fields

    def get_model_version(self, run: Run) -> int | None:
        """The version that came out of the run."""
        model = getattr(run, "modelversion", None)
        return model.pk if model else None


class RecipeField(serializers.ChoiceField):
    """The id of a declared recipe; the API document lists them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(sorted(recipes_by_id()), **kwargs)


class RunRequestSerializer(BodySerializer[Any]):
    """What to train; everything but the recipe may be left out."""

    recipe = RecipeField()
    epochs = serializers.IntegerField(min_value=1, max_value=500, required=False)
    seed = serializers.IntegerField(min_value=0, max_value=SEEDS - 1, default=7)
    data_from = serializers.DateTimeField(required=False)
    data_until = serializers.DateTimeField(required=False)
    scope = serializers.SlugField(max_length=40, default="", allow_blank=True)


class RunViewSet(mixins.CreateModelMixin, PolicyViewSet):
    """Training runs: started, followed, cancelled, continued."""

    key_needs = (Capability.TRAIN,)
    queryset = Run.objects.select_related("job", "modelversion")
    serializer_class = RunSerializer
    filterset_fields = ["domain", "recipe", "scope"]

    @extend_schema(request=RunRequestSerializer, responses={201: RunSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start a run; needs the capability to train in the domain of the recipe."""
        wanted = RunRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        recipe = values.pop("recipe")
        run = run_create(recipe, viewer=request_viewer(request), options=RunOptions(**values))
        return Response(self.get_serializer(run).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={202: RunSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Ask the run to stop between two batches."""
        run = run_cancel(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: RunSerializer})
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Continue a stopped run from its last finished epoch."""
        run = run_resume(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)


class ModelSerializer(PolicySerializer):
    """A version with its proof, its card, what stands against promotion, and why it does not forecast."""

    card = serializers.SerializerMethodField()
    obstacles = serializers.SerializerMethodField()
    silence = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            *(
                "id",
                "domain",
                "recipe",
                "scope",
                "version",
                "run",
                "stage",
                "metrics",
                "baselines",
                "coverage",
            ),
            *("fingerprint", "code_version", "created_at", "promoted_at", "promoted_by"),
            *("forecast_at", "masked", "card", "obstacles", "silence"),
        ]
        read_only_fields = fields

    def get_card(self, model: ModelVersion) -> str:
        """The model card."""
        return model_card(model)

    def get_obstacles(self, model: ModelVersion) -> list[str]:
        """Baselines that the version does not beat."""
        return promotion_obstacles(model)

    def get_silence(self, model: ModelVersion) -> str:
        """Why a promoted version does not forecast; empty while it does."""
        return forecast_silence(model)


class TrackRecordSerializer(BodySerializer[Any]):
    """Errors and coverage of the settled forecasts of seven days."""

    count = serializers.IntegerField()
    mae = serializers.FloatField()
    naive_mae = serializers.FloatField()
    rmse = serializers.FloatField()
    covered80 = serializers.FloatField()
    covered95 = serializers.FloatField()
    since = serializers.DateTimeField()


class ModelViewSet(PolicyViewSet):
    """Registered model versions."""

    key_needs = (Capability.PROMOTE,)
    queryset = ModelVersion.objects.select_related("run")
    serializer_class = ModelSerializer
    filterset_fields = ["domain", "recipe", "scope", "stage"]

    @extend_schema(request=None, responses=ModelSerializer)
    @action(detail=True, methods=["post"])
    def promote(self, request: Request, pk: str | None = None) -> Response:
        """Let this version forecast; needs the capability to promote."""
        model = model_promote(self.get_object(), viewer=request_viewer(request))
        return Response(self.get_serializer(model).data)

    @extend_schema(responses={200: TrackRecordSerializer, 204: None})
    @action(detail=True)
    def record(self, request: Request, pk: str | None = None) -> Response:
        """How the forecasts of the recipe came true; no content while too few are settled."""
        found = forecasts_track_record(recipe=self.get_object().recipe)
        if found is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(TrackRecordSerializer(found).data)


class ForecastSerializer(PolicySerializer):
    """One value foretold, its bands, the last value as baseline, and what came true."""

    class Meta:
        model = Forecast
        fields = [
            *("id", "datastream", "target_time", "value", "low80", "high80", "low95", "high95"),
            *("naive", "actual", "stale", "made_at", "data_until", "model_version", "masked"),
        ]
        read_only_fields = fields


class ForecastFilter(django_filters.FilterSet):
    """By series and target time; ``latest=true`` keeps the newest forecast of each series."""

    start = django_filters.IsoDateTimeFilter("target_time", "gte")
    end = django_filters.IsoDateTimeFilter("target_time", "lt")
    latest = django_filters.BooleanFilter(method="keep_latest")

    class Meta:
        model = Forecast
        fields = ["datastream", "model_version", "stale"]

    @extend_schema_field(OpenApiTypes.BOOL)
    def keep_latest(self, rows: QuerySet[Forecast], name: str, value: object) -> QuerySet[Forecast]:
        """Only the newest forecast of each series and recipe, by the data that it knew; a day old at most."""
        if not value:
            return rows
        return forecasts_newest(rows, since=timezone.now() - timedelta(days=1))


class ForecastViewSet(PolicyViewSet):
    """Forecasts beside what came true."""

    queryset = Forecast.objects.all()
    serializer_class = ForecastSerializer
    filterset_class = ForecastFilter
    keyset = ("target_time", "pk")


class TensorBoardView(ReadingView):
    """Who may open TensorBoard: the web server asks here before each of its pages."""

    @extend_schema(responses={204: None}, operation_id="training_tensorboard")
    def get(self, request: Request) -> Response:
        """204 for people who train in every domain that has runs: its pages show all of their curves."""
        viewer = request_viewer(request)
        domains = set(Run.objects.values_list("domain", flat=True)) or viewer.domains
        if not domains or not all(viewer.may(domain, Capability.TRAIN) for domain in domains):
            raise ProblemError(_("Your role does not allow this."), status=403, code="role")
        return Response(status=status.HTTP_204_NO_CONTENT)


VIEWS = {"tensorboard/": TensorBoardView}
ROUTES = {"runs": RunViewSet, "models": ModelViewSet, "forecasts": ForecastViewSet}
