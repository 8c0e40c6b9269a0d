"""Corrections: what is used changes, what was stays known, and everything can be put back and replayed."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.selectors import viewer_for
from apps.core.errors import ProblemError
from apps.sensing.data import Flag, Quality
from apps.sensing.models import Datastream, LatestValue, Observation, Revision, RollupHour
from apps.sensing.models.observations import ArchivedDay
from apps.sensing.selectors.history import edits_replayed, observations_known
from apps.sensing.services import readings_store
from apps.sensing.services.corrections import (
    Correction,
    edit_make,
    edit_undo,
    observation_correct,
    observation_discard,
)
from apps.sensing.services.rollups import rollups_refresh
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db
VALUES = [500.0, 510.0, 900.0, 530.0, 540.0]


@pytest.fixture
def stream() -> Datastream:
    """Five readings, a minute apart."""
    found = school_streams(1)[0]
    readings_store(batch=batch([found.pk] * 5, [0, 60, 120, 180, 240], VALUES))
    return found


@pytest.fixture
def clerk() -> Viewer:
    return viewer_for(person("clerk", roles=["school-operator"]))


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def wish(operation: str, first: int, last: int, **more: float) -> Correction:
    value, quality = more.get("value"), more.get("quality")
    whole = None if quality is None else int(quality)
    return Correction(
        start=at(first), end=at(last), operation=operation, reason="probe", value=value, quality=whole
    )


def results() -> list[float | None]:
    return list(Observation.objects.order_by("phenomenon_time").values_list("result", flat=True))


def test_a_corrected_value_is_used_and_the_first_one_is_kept_beside_it(
    stream: Datastream, clerk: Viewer
) -> None:
    edit_make(stream, wish=wish("set", 2, 2, value=520), viewer=clerk)
    row = Observation.objects.get(phenomenon_time=at(2))
    assert (row.result, row.raw, row.quality) == (520, 900, Quality.GOOD)
    assert row.flags & Flag.CORRECTED
    assert Revision.objects.get().result == 900


OPERATIONS = [
    (wish("shift", 1, 2, value=-10), [500, 500, 890, 530, 540]),
    (wish("scale", 3, 4, value=2), [500, 510, 900, 1060, 1080]),
    (wish("interpolate", 2, 2), [500, 510, 520, 530, 540]),
]


@pytest.mark.parametrize(("made", "expected"), OPERATIONS)
def test_operations(stream: Datastream, clerk: Viewer, made: Correction, expected: list[float]) -> None:
    edit = edit_make(stream, wish=made, viewer=clerk)
    assert results() == expected
    edit_undo(edit, viewer=clerk)
    assert results() == VALUES
    assert not Observation.objects.exclude(raw=None).exists()


def test_roll_ups_and_latest_value_follow(stream: Datastream, clerk: Viewer) -> None:
    rollups_refresh()
    edit_make(stream, wish=wish("set", 4, 4, value=600), viewer=clerk)
    rollups_refresh()
    assert RollupHour.objects.get().total == sum(VALUES) + 60
    assert LatestValue.objects.get().result == 600


def test_a_discarded_reading_is_there_and_not_used(stream: Datastream, clerk: Viewer) -> None:
    observation_discard(stream, at=at(2), reason="probe was being cleaned", viewer=clerk)
    rollups_refresh()
    hour = RollupHour.objects.get()
    assert (hour.count, hour.unusable, hour.highest) == (4, 1, 540)
    assert results() == VALUES


def test_at_any_moment_one_can_ask_what_was_known_then(stream: Datastream, clerk: Viewer) -> None:
    before = timezone.now()
    first = edit_make(stream, wish=wish("set", 2, 2, value=520), viewer=clerk)
    between = timezone.now()
    edit_make(stream, wish=wish("shift", 0, 4, value=1), viewer=clerk)
    after = timezone.now()
    known = {moment: known_at(stream, moment) for moment in (before, between, after)}
    assert known[before] == VALUES
    assert known[between] == [500, 510, 520, 530, 540]
    assert known[after] == [501, 511, 521, 531, 541]
    with pytest.raises(ProblemError, match="later"):
        edit_undo(first, viewer=clerk)


def known_at(stream: Datastream, moment: datetime) -> list[float | None]:
    rows = observations_known(datastream_ids=[stream.pk], start=at(0), end=at(9), known_at=moment)
    return [row.result for row in rows]


def test_late_readings_were_not_known_before_they_came(stream: Datastream) -> None:
    with connection.cursor() as cursor:  # the test is one transaction, so the clock of its rows stands still
        cursor.execute("UPDATE sensing_observation SET recorded_at = recorded_at - interval '1 day'")
    yesterday = timezone.now() - timedelta(hours=12)
    readings_store(batch=batch([stream.pk], [30], [505]))
    assert known_at(stream, yesterday) == VALUES
    assert len(known_at(stream, timezone.now())) == 6


def test_the_whole_history_replayed_from_the_first_values_gives_what_is_stored(
    stream: Datastream, clerk: Viewer
) -> None:
    edit_make(stream, wish=wish("interpolate", 2, 2), viewer=clerk)
    undone = edit_make(stream, wish=wish("scale", 0, 2, value=3), viewer=clerk)
    edit_undo(undone, viewer=clerk)
    edit_make(stream, wish=wish("shift", 1, 3, value=0.5), viewer=clerk)
    edit_make(stream, wish=wish("flag", 4, 4, quality=Quality.SUSPECT), viewer=clerk)
    replayed = edits_replayed(stream.pk, start=at(0), end=at(4))
    stored = Observation.objects.order_by("phenomenon_time")
    np.testing.assert_array_equal(replayed.results, [row.result for row in stored])
    np.testing.assert_array_equal(replayed.quality, [row.quality for row in stored])


def test_a_reading_that_came_after_a_correction_is_left_alone_by_its_replay_and_its_undoing(
    stream: Datastream, clerk: Viewer
) -> None:
    edit = edit_make(stream, wish=wish("shift", 0, 4, value=5), viewer=clerk)
    readings_store(batch=batch([stream.pk], [30], [505]))
    replayed = edits_replayed(stream.pk, start=at(0), end=at(4))
    assert replayed.results.tolist() == results() == [505, 505, 515, 905, 535, 545]
    edit_undo(edit, viewer=clerk)
    assert results() == [500, 505, 510, 900, 530, 540]


def test_restore_brings_back_the_first_version_whatever_a_rule_had_changed(
    stream: Datastream, clerk: Viewer
) -> None:
    converted = Observation.objects.filter(phenomenon_time=at(1))
    converted.update(raw=51, quality=Quality.SUSPECT, flags=Flag.CONVERTED)
    edit_make(stream, wish=wish("scale", 0, 4, value=2), viewer=clerk)
    edit_make(stream, wish=wish("set", 1, 1, value=7), viewer=clerk)
    edit_make(stream, wish=wish("restore", 0, 4), viewer=clerk)
    row = converted.get()
    assert results() == VALUES
    assert (row.raw, row.quality, row.flags) == (51, Quality.SUSPECT, Flag.CONVERTED)


def test_quality_and_value_of_one_reading_can_be_given_together(stream: Datastream, clerk: Viewer) -> None:
    given = {"at": at(1), "reason": "probe", "viewer": clerk}
    observation_correct(stream, result=511, quality=Quality.SUSPECT, **given)
    row = Observation.objects.get(phenomenon_time=at(1))
    assert (row.result, row.quality) == (511, Quality.SUSPECT)
    observation_correct(stream, quality=Quality.BAD, **given)
    row.refresh_from_db()
    assert (row.result, row.quality) == (511, Quality.BAD)


def test_versions_follow_one_another_though_the_clock_was_set_back(stream: Datastream, clerk: Viewer) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    Observation.objects.update(recorded_at=tomorrow)
    edit = edit_make(stream, wish=wish("set", 2, 2, value=520), viewer=clerk)
    assert edit.made_at > tomorrow
    assert all(row.known_from < row.known_until for row in Revision.objects.all())
    assert known_at(stream, tomorrow) == VALUES


def test_archived_readings_are_not_corrected(stream: Datastream, clerk: Viewer) -> None:
    ArchivedDay.objects.create(day=NOON.date())
    with pytest.raises(ProblemError, match="archived"):
        edit_make(stream, wish=wish("set", 2, 2, value=520), viewer=clerk)


def test_a_correction_of_readings_that_have_left_the_table_is_not_undone(
    stream: Datastream, clerk: Viewer
) -> None:
    edit = edit_make(stream, wish=wish("set", 2, 3, value=520), viewer=clerk)
    Observation.objects.filter(phenomenon_time=at(2)).delete()
    with pytest.raises(ProblemError, match="archived"):
        edit_undo(edit, viewer=clerk)
    edit.refresh_from_db()
    assert edit.undone_at is None
    assert 520 in results()


REFUSED = [
    (wish("set", 2, 2), "value"),
    (wish("flag", 2, 2), "quality"),
    (wish("melt", 2, 2), "operation"),
    (wish("set", 3, 2, value=1), "start"),
    (wish("set", 2, 2, value=float("nan")), "value"),
    (wish("scale", 0, 4, value=1e308), "value"),
    (wish("set", 20, 21, value=1), "start"),
    (wish("set", -(10**9), 0, value=1), "start"),
    (wish("interpolate", 4, 4), "start"),
]


@pytest.mark.parametrize(("made", "field"), REFUSED)
def test_a_correction_that_makes_no_sense_is_refused(
    stream: Datastream, clerk: Viewer, made: Correction, field: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        edit_make(stream, wish=made, viewer=clerk)
    assert refused.value.field == field
    assert results() == VALUES


def test_who_may_not_upload_may_not_correct(stream: Datastream) -> None:
    looker = viewer_for(person("looker", roles=["school-viewer"]))
    with pytest.raises(ProblemError) as refused:
        edit_make(stream, wish=wish("set", 2, 2, value=1), viewer=looker)
    assert refused.value.status == 403
