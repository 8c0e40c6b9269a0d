"""The write path: once, exact, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest

from apps.sensing.data import Quality
from apps.sensing.models import LatestValue, Observation, RollupHour
from apps.sensing.selectors import series_matrix
from apps.sensing.services import readings_store
from apps.sensing.services.rollups import rollups_refresh
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db


def test_a_replay_changes_nothing() -> None:
    stream = school_streams(1)[0].pk
    rows = batch([stream] * 3, [0, 60, 120], [500, 510, 520])
    assert readings_store(batch=rows).stored == 3
    again = readings_store(batch=rows)
    assert (again.stored, again.repeated) == (0, 3)
    assert Observation.objects.count() == 3


def test_new_rows_between_known_ones_are_stored() -> None:
    stream = school_streams(1)[0].pk
    readings_store(batch=batch([stream] * 2, [0, 120], [500, 520]))
    mixed = readings_store(batch=batch([stream] * 3, [0, 60, 120], [500, 510, 520]))
    assert (mixed.stored, mixed.repeated) == (1, 2)


def test_the_first_value_of_a_key_stays() -> None:
    stream = school_streams(1)[0].pk
    readings_store(batch=batch([stream], [0], [500]))
    readings_store(batch=batch([stream], [0], [999]))
    assert Observation.objects.get().result == 500


def test_the_latest_value_is_the_newest_not_the_last_to_arrive() -> None:
    stream = school_streams(1)[0].pk
    readings_store(batch=batch([stream], [120], [520]))
    readings_store(batch=batch([stream], [0], [500]))
    assert LatestValue.objects.get().result == 520


def test_a_bad_value_is_kept_and_not_used() -> None:
    stream = school_streams(1)[0].pk
    readings_store(batch=batch([stream] * 2, [0, 60], [500, 99_999]))
    rollups_refresh()
    assert Observation.objects.get(result=99_999).quality == Quality.BAD
    hour = RollupHour.objects.get()
    assert (hour.count, hour.total, hour.unusable) == (1, 500, 1)


def test_an_unknown_stream_is_named() -> None:
    with pytest.raises(KeyError, match="999999"):
        readings_store(batch=batch([999_999], [0], [1]))


def test_old_readings_make_their_own_partition() -> None:
    stream = school_streams(1)[0].pk
    fourteen_years = -14 * 365 * 86_400
    assert readings_store(batch=batch([stream], [fourteen_years], [500])).stored == 1


def test_a_matrix_has_means_by_step_and_gaps_as_nan() -> None:
    first, second = (stream.pk for stream in school_streams(2))
    readings_store(batch=batch([first, first, second], [0, 60, 400], [500, 520, 700]))
    end = NOON.replace(minute=10)
    matrix = series_matrix(datastream_ids=[first, second], start=NOON, end=end, step_seconds=300)
    assert matrix.values.shape == (2, 2)
    assert matrix.values[0, 0] == 510
    assert matrix.values[1, 1] == 700
    assert np.isnan(matrix.values[0, 1])
