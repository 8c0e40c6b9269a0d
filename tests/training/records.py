"""Rows that a learning test stands on: series with readings, people, runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from apps.accounts.data import Capability, Viewer
from apps.core.grades import Grade
from apps.core.partitions import month_of, months_between
from apps.sensing.ingest.partitions import partitions_make
from apps.sensing.models import Datastream, ObservedProperty, Thing
from apps.training.data import RunOptions
from apps.training.models import Forecast, ModelVersion, Run
from apps.training.services import run_create
from apps.training.services.keeping import FORECASTS
from apps.training.services.training import run_train
from tests.people import department
from tests.training.builders import wavy_panel

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 8
END = BEGIN + timedelta(days=DAYS)
SMALL = {"hidden": 16, "blocks": 1, "node_width": 4, "part_width": 4}
RIGHTS = (Capability.VIEW, Capability.TRAIN, Capability.PROMOTE)


def viewer_who_may(*capabilities: Capability) -> Viewer:
    """A member of the city's staff without an account."""
    return Viewer(clearance=Grade.L2, rights=frozenset(("city", each) for each in capabilities))


def streams_with_readings(*, nodes: int = 4, days: int = DAYS, step: int = 1800) -> list[int]:
    """Speed series of ``nodes`` things with a daily wave, read every ``step`` seconds from BEGIN."""
    owner = department()
    observed, _made = ObservedProperty.objects.get_or_create(
        name="speed", defaults={"title_zh": "速度", "title_en": "Speed"}
    )
    ids = []
    for number in range(nodes):
        thing = Thing.objects.create(domain="city", code=f"T{number}", name=f"T{number}", owner=owner)
        stream = Datastream.objects.create(
            thing=thing,
            kind="speed",
            key=f"city.T{number}.speed",
            observed_property=observed,
            unit="km/h",
            low=0,
            high=140,
        )
        ids.append(stream.pk)
    readings_write(ids, wavy_panel(days=days, nodes=nodes, step=step).values, begin=BEGIN, step=step)
    return ids


def readings_write(ids: list[int], values: np.ndarray, *, begin: datetime, step: int = 1800) -> None:
    """One good reading a step: ``values`` (L, N); NaN is left out."""
    rows, columns = np.nonzero(np.isfinite(values))
    moments = [begin + timedelta(seconds=step * int(row)) for row in rows]
    streams = [ids[column] for column in columns]
    with connection.cursor() as cursor:
        partitions_make(cursor, months_between(moments[0], moments[-1]))
        cursor.execute(
            "INSERT INTO sensing_observation (datastream_id, phenomenon_time, result, quality, flags)"
            " SELECT d, t, v, 0, 0 FROM unnest(%s::bigint[], %s::timestamptz[], %s::float8[]) AS x(d, t, v)",
            [streams, moments, values[rows, columns].tolist()],
        )


def run_made(recipe: str, *, epochs: int = 3, nodes: int = 4, days: int = DAYS) -> Run:
    """A run on fresh series, not handed to any worker."""
    ids = streams_with_readings(nodes=nodes, days=days)
    end = BEGIN + timedelta(days=days)
    options = RunOptions(epochs=epochs, data_from=BEGIN, data_until=end, datastream_ids=ids, net=SMALL)
    return run_create(recipe, viewer=None, options=options, queue=False)


def model_trained(recipe: str, *, better: bool = True) -> ModelVersion:
    """A registered version; ``better`` writes figures that beat the baselines, else figures that do not."""
    model = run_train(run_made(recipe))
    assert model is not None
    for minutes, row in model.metrics.items():
        row["mae"] = row["rmse"] = 0.1 if better else 99.0
        assert int(minutes) % 30 == 0
    model.save()
    return model


def forecast_row(model: ModelVersion, *, at: datetime, value: float, actual: float | None) -> Forecast:
    """One forecast with a band of two on each side; its baseline is ten too high."""
    with connection.cursor() as cursor:
        FORECASTS.make(cursor, {month_of(at)})
    return Forecast.objects.create(
        model_version=model,
        datastream_id=model.run.datastreams[0],
        made_at=at,
        data_until=at,
        target_time=at,
        value=value,
        low80=value - 2,
        high80=value + 2,
        low95=value - 4,
        high95=value + 4,
        naive=value + 10,
        actual=actual,
    )
