"""Rows for the portal's pages."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.jobs import job_create, job_start
from apps.core.models import Job
from apps.scheduling.models import Plan, PlanState
from apps.sensing.models import Datastream, ObservedProperty, Thing, Upload
from apps.training.models import Forecast, ModelVersion, Run
from tests.people import department

PASSWORD = "Correct-horse-7-battery"


def logged_in(user: User) -> Client:
    """A client with the session of ``user``."""
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.SealedBackend")
    return client


def stream(code: str = "R1", *, domain: str = "city") -> Datastream:
    """One speed series of one thing."""
    thing = Thing.objects.create(domain=domain, code=code, name=f"Road {code}", owner=department())
    observed, _ = ObservedProperty.objects.get_or_create(name="speed")
    return Datastream.objects.create(
        thing=thing,
        kind="speed",
        key=f"{domain}.{code}.speed",
        observed_property=observed,
        unit="km/h",
        low=0,
        high=140,
    )


def job(kind: str = "plan", *, owner: User | None = None, domain: str = "city") -> Job:
    """A running job."""
    return job_start(job_create(kind, title="Work", domain=domain, owner=owner).pk, stage="search", total=10)


def plan(version: int = 1, *, state: PlanState = PlanState.CHECKED) -> Plan:
    """A solved version of the city's inspection rounds."""
    return Plan.objects.create(
        domain="city",
        problem="city.inspection_rounds",
        title="Rounds",
        version=version,
        state=state,
        cost=100,
        bound=90,
        gap=0.1,
    )


def model(*, mae: float = 1.0) -> ModelVersion:
    """A candidate whose baseline has an MAE of 2 and an RMSE of 3."""
    now = timezone.now()
    run = Run.objects.create(
        domain="city",
        recipe="city.traffic_speed",
        job=job("training"),
        config={"step": 300, "train": {"epochs": 3}},
        datastreams=[1, 2],
        curve=[[0, 1.0, 2.0, 1.5]],
        data_from=now - timedelta(days=7),
        data_until=now,
    )
    return ModelVersion.objects.create(
        domain="city",
        recipe=run.recipe,
        version=1,
        run=run,
        metrics={"15": {"rmse": mae * 1.5, "mae": mae}},
        baselines={"last_value": {"15": {"rmse": 3.0, "mae": 2.0}}},
        coverage={"80": {"covered": 0.81, "width": 4.0}},
        fingerprint="f" * 64,
        code_version="test",
        file="model.pt",
        digest="d" * 64,
    )


def forecast(series: Datastream, *, value: float = 50, actual: float = 51, naive: float = 51) -> Forecast:
    """A settled forecast of ten minutes ago."""
    past = timezone.now() - timedelta(minutes=10)
    return Forecast.objects.create(
        model_version=model(),
        datastream=series,
        made_at=past,
        data_until=past,
        target_time=past,
        value=value,
        low80=value - 5,
        high80=value + 5,
        low95=value - 9,
        high95=value + 9,
        naive=naive,
        actual=actual,
    )


def upload(user: User) -> Upload:
    """An upload whose import is running."""
    row = Upload(domain="city", name="a.csv", uploaded_by=user, job=job("upload", owner=user), rows=2)
    row.save()
    return row
