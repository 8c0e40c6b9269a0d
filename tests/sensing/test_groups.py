"""Groups that fail: the row that spoils one is quarantined, the others stored; verdicts stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from apps.sensing.data import EMPTY, Batch, Fault
from apps.sensing.ingest.decoding import Decoded
from apps.sensing.ingest.groups import Part, parts_write
from apps.sensing.ingest.streams import KnownStreams, StreamTable
from apps.sensing.ingest.writing import batch_write
from apps.sensing.models import CleaningRule, Observation, QuarantinedRow
from apps.sensing.mqtt.messages import Message, group_decode
from apps.sensing.mqtt.topics import Address
from tests.people import person
from tests.sensing.builders import NOON_US, SECOND, school_streams

pytestmark = pytest.mark.django_db(transaction=True)
POISON = 666.0
TRAP = """
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.result = 666 THEN RAISE EXCEPTION 'spoilt' USING ERRCODE = '22003'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER spoil BEFORE INSERT ON sensing_observation FOR EACH ROW EXECUTE FUNCTION spoil()
"""


@pytest.fixture
def line() -> Iterator[psycopg.Connection[Any]]:
    """A connection as the gateway has one, to the test database."""
    address = settings.DATABASES["default"]
    with psycopg.connect(
        host=address["HOST"],
        port=address["PORT"],
        dbname=address["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
        autocommit=True,
    ) as found:
        yield found


@pytest.fixture
def known(line: psycopg.Connection[Any]) -> KnownStreams:
    school_streams(3)
    found = KnownStreams()
    with line.cursor() as cursor:
        found.load(cursor)
    return found


@pytest.fixture
def trap() -> Iterator[None]:
    """A table that refuses one value."""
    with connection.cursor() as cursor:
        cursor.execute(TRAP)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER spoil ON sensing_observation; DROP FUNCTION spoil()")


def part_of(known: KnownStreams, *results: float, stream: int = 0, faults: tuple[Fault, ...] = ()) -> Part:
    """Readings of one stream, a minute apart."""
    streams = np.full(len(results), known.table.ids[stream])
    times = NOON_US + np.arange(len(results)) * 60 * SECOND
    return Part(
        Decoded(Batch(streams, times, np.array(results, float)), faults, known.table), "school", "http"
    )


@pytest.mark.usefixtures("trap")
def test_one_poisoned_row_costs_nobody_else_a_reading(line: Any, known: KnownStreams) -> None:
    parts = [
        part_of(known, 500, 501),
        part_of(known, 502, POISON, 503, stream=1),
        part_of(known, 504, stream=2),
    ]
    found = parts_write(line, parts, known)
    assert [(each.stored, len(each.faults)) for each in found] == [(2, 0), (2, 1), (1, 0)]
    assert Observation.objects.count() == 5
    row = QuarantinedRow.objects.get()
    assert (row.code, row.line, row.row["result"]) == ("refused", 1, POISON)
    assert "22003" in row.reason


def test_a_fault_that_no_column_can_hold_is_kept_all_the_same(line: Any, known: KnownStreams) -> None:
    bent = Fault(-1, "f\0" * 100, "c" * 100, "d\ud800\0" * 400, {"a\0": float("nan"), "\ud800": [1]})
    long = Part(Decoded(EMPTY, (bent,), known.table), "x" * 99, "mqtt")
    found = parts_write(line, [part_of(known, 500), long], known)
    assert [(each.stored, len(each.faults)) for each in found] == [(1, 0), (0, 1)]
    assert QuarantinedRow.objects.get().domain == "x" * 16


def test_a_lost_connection_is_not_the_fault_of_a_row(line: Any, known: KnownStreams) -> None:
    line.close()
    with pytest.raises(psycopg.OperationalError):
        parts_write(line, [part_of(known, 500)], known)
    assert not QuarantinedRow.objects.exists()


def test_a_table_that_is_not_there_is_not_the_fault_of_a_row(line: Any, known: KnownStreams) -> None:
    with line.cursor() as cursor:
        cursor.execute("SET search_path = pg_catalog")
    with pytest.raises(psycopg.ProgrammingError):
        parts_write(line, [part_of(known, 500)], known)
    assert not QuarantinedRow.objects.exists()


@pytest.mark.usefixtures("trap")
def test_a_retried_group_gets_the_flags_of_an_undisturbed_run(line: Any, known: KnownStreams) -> None:
    """STEP, STUCK, GAP and SPIKE after a failed attempt and after a restart, as without one."""
    rule = {"max_step": 50, "stuck_after": 100, "spike": 3, "window": 3, "max_age": 150}
    CleaningRule.objects.create(
        domain="school",
        kind="co2",
        limits=rule,
        state="live",
        made_by=person("ruler", roles=["school-operator"]),
    )
    with line.cursor() as cursor:
        known.load(cursor)
    pieces = [(500, 501, 502, 503), (700, 502, 502, 502), (502, 900, 503)]
    start = 0
    for piece in pieces:
        for stream in (0, 1, 2):
            streams = np.full(len(piece), known.table.ids[stream])
            times = NOON_US + (start + np.arange(len(piece))) * 60 * SECOND
            part = Part(
                Decoded(Batch(streams, times, np.array(piece, float)), (), known.table), "school", "http"
            )
            if stream == 1:
                _fail(line, part, known)
            parts_write(line, [part], _restarted(line) if stream == 2 else known)
        start += len(piece) + 4  # a gap
    rows = Observation.objects.order_by("phenomenon_time").values_list("flags", flat=True)
    flags = [list(rows.filter(datastream=int(each))) for each in known.table.ids]
    assert flags[0] == flags[1] == flags[2]
    assert {flag for flag in (2, 4, 8, 16) for row in flags[0] if row & flag} == {2, 4, 8, 16}


def _restarted(line: Any) -> KnownStreams:
    """What a new process knows."""
    found = KnownStreams()
    with line.cursor() as cursor:
        found.load(cursor)
    return found


def _fail(line: Any, part: Part, known: KnownStreams) -> None:
    """The same rows, judged and written, and then the connection's transaction taken back."""
    with line.transaction(force_rollback=True), line.cursor() as cursor:
        batch_write(cursor, [part.decoded], known)


def test_rows_of_a_stream_that_was_switched_off_keep_their_own_limits(line: Any, known: KnownStreams) -> None:
    first, second, _third = known.table.ids.tolist()
    parts = [part_of(known, 99_999, stream=0), part_of(known, 500, stream=1)]
    limits = known.table.limits.copy()
    limits[1:, 0] = 600  # whoever takes a neighbour's limits is seen
    facts = {name: getattr(known.table, name) for name in ("units", "things", "domains")}
    known.table = StreamTable(keys={second: second}, ids=known.table.ids[1:], limits=limits[1:], **facts)
    parts_write(line, parts, known)
    found = dict(Observation.objects.values_list("datastream_id", "quality"))
    assert found == {first: 2, second: 2}
    assert known.table.limits_of(np.array([first]), [parts[0].decoded.table])[0, 1] < 99_999


def test_a_message_from_a_strange_domain_ends_in_quarantine(line: Any, known: KnownStreams) -> None:
    message = Message(Address("d" * 300, "T\0", "telemetry"), b"\xff{")
    group = group_decode([message], known.table, limit=1000)
    assert [len(each.faults) for each in parts_write(line, group.parts, known)] == [1]
    assert QuarantinedRow.objects.get().door == "mqtt"
