"""Words for figures: how a band fared, what a limit means, and times of day."""

from __future__ import annotations

import pytest
from django.utils import translation

from apps.alerts.models import AlertRule
from apps.core.declarations import Parameter
from apps.portal.selectors.learning import band_judged
from apps.portal.selectors.plans import _value_text


@pytest.mark.parametrize(
    ("covered", "count", "word"),
    [(0.965, 500, "wide"), (0.82, 500, "fits"), (0.6, 500, "narrow"), (1.0, 29, "few")],
)
def test_a_band_is_judged_by_its_promise_and_only_with_enough_forecasts(
    covered: float, count: int, word: str
) -> None:
    assert band_judged(covered, count) == word


def test_an_unusual_value_is_told_in_usual_deviations() -> None:
    with translation.override("en"):
        rule = AlertRule(domain="city", kind="noise", condition="anomaly", level=10)
        assert rule.limit == "10 times the usual deviation"
        assert rule.figure_text(79.05, "dB[SPL]") == "79.05 times the usual deviation"


def test_the_start_of_a_shift_is_a_time_of_day() -> None:
    item = Parameter("shift_start", "Shift starts", 8, 0, 23, unit="h", clock=True)
    assert (_value_text(item, 8), _value_text(item, 16.5)) == ("8:00", "16:30")
