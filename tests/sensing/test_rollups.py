"""Roll-ups equal a computation from scratch, to the bit, whatever happened in whatever order."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.sensing.models import Datastream, Edit, Observation, Revision, RollupDay, RollupDirty, RollupHour
from apps.sensing.services import readings_store
from apps.sensing.services.corrections import Correction, edit_make, edit_undo
from apps.sensing.services.rollups import rollups_refresh
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams
from tests.sensing.rollup_truth import TABLES, tables_stored, tables_true

SPAN = 200_000  # seconds: a bit more than two days
seconds, values = st.integers(0, SPAN), st.floats(300, 6000) | st.sampled_from([-0.0, 0.0, 0.1])
batches = st.lists(st.tuples(st.integers(0, 1), seconds, values), min_size=1, max_size=40)
corrections = st.tuples(st.integers(0, 1), seconds, st.integers(0, 9000), st.sampled_from([0.1, 1.5, -3.0]))
events = st.one_of(
    st.tuples(st.just("store"), batches),
    st.tuples(st.just("again"), st.none()),
    st.tuples(st.just("refresh"), st.none()),
    st.tuples(st.just("correct"), corrections),
    st.tuples(st.just("discard"), corrections),
    st.tuples(st.just("undo"), st.none()),
)


class Life:
    """Two streams to which things happen."""

    def __init__(self, streams: list[Datastream], clerk: Viewer) -> None:
        self.streams, self.clerk = streams, clerk
        self.stored: list[tuple[int, int, float]] = []

    def happen(self, kind: str, what: object) -> None:
        getattr(self, kind)(what)

    def store(self, rows: list[tuple[int, int, float]]) -> None:
        self.stored += rows
        which = [self.streams[row[0]].pk for row in rows]
        readings_store(batch=batch(which, [row[1] for row in rows], [row[2] for row in rows]))

    def again(self, _nothing: object) -> None:
        """Everything is sent a second time, in another order."""
        rows = sorted(self.stored, key=lambda row: hash(row))
        if rows:
            self.store(rows)

    def refresh(self, _nothing: object) -> None:
        rollups_refresh()

    def correct(self, what: tuple[int, int, int, float]) -> None:
        self._edit("scale", what, value=what[3])

    def discard(self, what: tuple[int, int, int, float]) -> None:
        self._edit("flag", what, quality=2)

    def _edit(self, operation: str, what: tuple[int, int, int, float], **more: float) -> None:
        stream, start = self.streams[what[0]], NOON + timedelta(seconds=what[1])
        end = start + timedelta(seconds=what[2])
        wish = Correction(start=start, end=end, operation=operation, reason="probe", **more)
        if Observation.objects.filter(datastream=stream, phenomenon_time__range=(start, end)).exists():
            edit_make(stream, wish=wish, viewer=self.clerk)

    def undo(self, _nothing: object) -> None:
        edit = Edit.objects.filter(undone_at=None).order_by("pk").last()
        if edit is not None:
            edit_undo(edit, viewer=self.clerk)


def emptied() -> None:
    for model in (Revision, Edit, Observation, RollupDirty, *TABLES.values()):
        model.objects.all().delete()


@pytest.fixture
def life(db: None) -> Life:
    return Life(school_streams(2), viewer_for(person("clerk", roles=["school-operator"])))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(events, min_size=1, max_size=10))
def test_roll_ups_equal_a_computation_from_scratch(life: Life, happened: list[tuple[str, object]]) -> None:
    emptied()
    life.stored.clear()
    for kind, what in happened:
        life.happen(kind, what)
    rollups_refresh()
    assert tables_stored() == tables_true()


def test_buckets_without_readings_vanish(life: Life) -> None:
    life.store([(0, 0, 500.0), (0, 4000, 510.0), (1, 0, 600.0)])
    rollups_refresh()
    gone = Observation.objects.filter(datastream=life.streams[0], result=510)
    RollupDirty.objects.create(
        hour=gone.get().phenomenon_time.replace(minute=0, second=0), datastreams=[life.streams[0].pk]
    )
    gone.delete()
    rollups_refresh()
    assert RollupHour.objects.count() == 2
    assert tables_stored() == tables_true()


def refreshing(ended: threading.Event) -> int:
    """A worker that refreshes until the writers have ended; how many marks it worked off."""
    done = 0
    while not ended.is_set():
        done += rollups_refresh()
    connection.close()
    return done


def writing(seed: int, streams: list[Datastream], clerk: Viewer) -> None:
    """A door and a person: late and repeated readings, corrections between them."""
    draw, own = random.Random(seed), Life(streams, clerk)
    for _turn in range(12):
        own.store([(draw.randrange(2), draw.randrange(SPAN), draw.uniform(300, 900)) for _row in range(40)])
        own.correct((draw.randrange(2), draw.randrange(SPAN), 9000, 1.1))
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_roll_ups_are_exact_while_doors_write_people_correct_and_workers_compete() -> None:
    streams, ended = school_streams(2), threading.Event()
    clerk = viewer_for(person("clerk", roles=["school-operator"]))
    with ThreadPoolExecutor(4) as pool:
        refreshers = [pool.submit(refreshing, ended) for _each in range(2)]
        writers = [pool.submit(writing, seed, streams, clerk) for seed in (1, 2)]
        wait(writers)
        ended.set()
    assert [writer.result() for writer in writers] == [None, None]
    assert sum(refresher.result() for refresher in refreshers) + rollups_refresh() > 100
    assert tables_stored() == tables_true()
    assert Edit.objects.count() > 10


@pytest.mark.django_db
def test_the_mean_of_directions_is_a_direction() -> None:
    north, south, turning = school_streams(3)
    Datastream.objects.update(unit="deg", low=-360, high=360)
    Datastream.objects.filter(pk=south.pk).update(unit="1")
    rows = [
        *(
            (north.pk, second, value)
            for second, value in ((0, 359.0), (1, 1.0), (3600, 350.0), (3601, 340.0))
        ),
        *((south.pk, second, value) for second, value in ((0, 359.0), (1, 1.0))),
        *((turning.pk, second, value) for second, value in ((0, -170.0), (1, 160.0))),
    ]
    streams, seconds, results = zip(*rows, strict=True)
    readings_store(batch=batch(list(streams), list(seconds), list(results)))
    rollups_refresh()

    def means(stream: Datastream, table: type[RollupHour | RollupDay]) -> list[float]:
        found = table.objects.filter(datastream=stream).order_by("bucket")
        return [round(row.total / row.count, 6) for row in found]

    assert means(north, RollupHour) == [0, 345]
    assert means(south, RollupHour) == [180]
    assert means(turning, RollupHour) == [175]
    assert means(north, RollupDay) == [352.5]
