"""Steps of the crash test, run by ``manage.py shell`` on the database of the stack that is being killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apps.training.data import RunOptions
from apps.training.models import Run
from apps.training.services import run_create
from apps.training.services.training import run_train
from tests.training.records import SMALL, streams_with_readings

EPOCHS = 8
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def run_queue() -> None:
    """A run that trains for some seconds, handed to the GPU queue."""
    _create(streams_with_readings(nodes=4, days=8, step=300), queue=True)


def run_compare() -> None:
    """The same run again, here and without interruption; fails unless both curves are equal."""
    killed = Run.objects.get()
    whole = _create(killed.datastreams, queue=False)
    assert run_train(whole) is not None
    whole.refresh_from_db()
    assert [row[0] for row in killed.curve] == list(range(len(killed.curve)))
    assert killed.curve == whole.curve
    assert killed.modelversion.metrics == whole.modelversion.metrics


def _create(ids: list[int], *, queue: bool) -> Run:
    end = BEGIN + timedelta(days=8)
    options = RunOptions(epochs=EPOCHS, data_from=BEGIN, data_until=end, datastream_ids=ids, net=SMALL)
    return run_create("city.traffic_speed", viewer=None, options=options, queue=queue)
