"""The online anomaly score, the robust PCA of several sensors, and the scoring that they are judged by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apps.sensing.cleaning.anomaly import anomaly_scores
from apps.sensing.cleaning.multivariate import normal_learn
from benchmarks.nab import PROFILES, Series, corpus_score, row_worths

RNG = np.random.default_rng(11)
CALM = 20 + RNG.normal(0, 1, 900)
STANDARD = PROFILES["standard"]
LABELLED = Series("made", np.zeros(1000), ((400, 449), (700, 749)))


def test_a_jump_scores_higher_than_everything_before_it() -> None:
    scores = anomaly_scores(np.concatenate([CALM, [32.0], CALM[:50]]))
    assert int(np.argmax(scores)) == len(CALM)
    assert scores[len(CALM)] > 1.5 * scores[: len(CALM)].max()


def test_one_episode_counts_once() -> None:
    scores = anomaly_scores(np.concatenate([CALM, np.full(30, 40.0)]))
    assert scores[len(CALM)] > 0
    assert not scores[len(CALM) + 15 :].any()


@settings(max_examples=25, deadline=None)
@given(arrays(np.float64, st.integers(0, 700)), st.integers(0, 700))
def test_no_score_looks_ahead_and_no_number_crashes_it(values: np.ndarray, end: int) -> None:
    scores = anomaly_scores(values)
    assert len(scores) == len(values)
    if end and abs(values[:1]).max(initial=0) < 1e100:
        np.testing.assert_array_equal(anomaly_scores(values[:end]), scores[:end])


def machine(rows: int) -> np.ndarray:
    """Three sensors that move together."""
    load = RNG.normal(0, 1, (rows, 1))
    return load @ np.array([[1.0, 2, -1]]) + RNG.normal(0, 0.1, (rows, 3))


def test_sensors_that_no_longer_move_together_are_anomalous() -> None:
    normal = normal_learn(machine(400))
    apart = machine(50)
    apart[:, 1] *= -1
    assert normal.anomalous(machine(400)).mean() < 0.05
    assert normal.anomalous(apart).mean() > 0.8


def test_a_row_with_a_gap_is_neither_learnt_nor_judged() -> None:
    rows = machine(400)
    rows[7, 1] = np.nan
    normal = normal_learn(rows)
    assert np.isfinite(normal.limits).all()
    assert not normal.anomalous(rows)[7]
    with pytest.raises(ValueError, match="too few"):
        normal_learn(rows[:3])


def detections(*rows: int) -> np.ndarray:
    column = np.zeros(1000)
    column[list(rows)] = 1
    return column


def test_the_perfect_detector_scores_100_and_the_silent_one_0() -> None:
    assert corpus_score([LABELLED], [detections(400, 700)], STANDARD) == pytest.approx(100)
    assert corpus_score([LABELLED], [detections()], STANDARD) == 0


def test_an_early_detection_is_worth_more_and_a_false_alarm_costs() -> None:
    early, late = (corpus_score([LABELLED], [detections(row)], STANDARD) for row in (400, 449))
    alarmed = corpus_score([LABELLED], [detections(400, 300)], STANDARD)
    assert early == pytest.approx(50)
    assert 25 < late < early
    assert alarmed == pytest.approx(early - 100 * 0.11 / 4)


def test_the_probation_is_not_scored() -> None:
    assert corpus_score([LABELLED], [detections(10, 400, 700)], STANDARD) == pytest.approx(100)
    worth, window = row_worths(LABELLED, STANDARD)
    assert (worth[10], window[10]) == (-0.11, -1)
