"""What was known when: late data, corrections and undoing, asked for at every moment between."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.sensing.models import Datastream
from apps.sensing.selectors import series_known, series_matrix
from apps.sensing.selectors.history import observations_known
from apps.sensing.services import readings_store
from apps.sensing.services.corrections import Correction, edit_make, edit_undo
from tests.people import person
from tests.sensing.builders import NOON, batch, school_streams

pytestmark = pytest.mark.django_db(transaction=True)
Known = list[float | None]


def known(stream: Datastream, moment: datetime) -> Known:
    end = NOON + timedelta(minutes=5)
    rows = observations_known(datastream_ids=[stream.pk], start=NOON, end=end, known_at=moment)
    return [row.result for row in rows]


def lived(stream: Datastream) -> list[tuple[datetime, Known]]:
    """A short life of a stream: after each event a moment, and what the table held then."""
    clerk = viewer_for(person("clerk", roles=["school-operator"]))
    wish = Correction(start=NOON, end=NOON + timedelta(minutes=1), operation="shift", value=9, reason="probe")
    moments: list[tuple[datetime, Known]] = [(timezone.now(), [])]

    def happened(*values: float) -> None:
        moments.append((timezone.now(), list(values)))

    readings_store(batch=batch([stream.pk] * 2, [0, 60], [500, 510]))
    happened(500, 510)
    first = edit_make(stream, wish=wish, viewer=clerk)
    happened(509, 519)
    readings_store(batch=batch([stream.pk], [30], [505]))
    happened(509, 505, 519)
    second = edit_make(stream, wish=wish, viewer=clerk)
    happened(518, 514, 528)
    edit_undo(second, viewer=clerk)
    happened(509, 505, 519)
    edit_undo(first, viewer=clerk)
    happened(500, 505, 510)
    return moments


def test_late_data_a_correction_and_its_undoing_are_seen_as_of_every_moment_between() -> None:
    stream = school_streams(1)[0]
    moments = lived(stream)
    assert [known(stream, moment) for moment, _values in moments] == [values for _moment, values in moments]


def test_series_and_matrix_as_of_a_moment_agree_with_what_was_known() -> None:
    stream = school_streams(1)[0]
    for moment, values in lived(stream):
        span = {"start": NOON, "end": NOON + timedelta(minutes=5), "known_at": moment}
        series = series_known(datastream_id=stream.pk, bucket="hour", **span)
        matrix = series_matrix(datastream_ids=[stream.pk], step_seconds=300, **span)
        mean = float(np.mean(values)) if values else None
        assert series.values == ([mean] if values else [])
        assert np.isnan(matrix.values[0, 0]) if mean is None else matrix.values[0, 0] == mean
