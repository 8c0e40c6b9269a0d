"""Units, numbers, durations and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from apps.core.domains import all_domains
from apps.core.quantities import day, duration, full_moment, interval, quantity, span, unit_symbol

NOON = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai
SYMBOLS = {
    "ug/m3": "μg/m³",
    "Cel": "℃",
    "[ppm]": "ppm",
    "dB[SPL]": "dB",
    "{vehicle}/h": "veh/h",
    "km/h": "km/h",
    "mm/h": "mm/h",
    "kW.h": "kW·h",
    "10*3/uL": "10³/μL",
    "s-1": "s⁻¹",
    "m/s2": "m/s²",
    "mm[Hg]": "mmHg",
    "[degF]": "℉",
    "[mi_i]/h": "mi/h",
    "um": "μm",
    "uSv/h": "μSv/h",
    "deg": "°",
    "1/min": "/min",
    "1": "",
    "%": "%",
    "": "",
}
DURATIONS = {
    0: ("0 seconds", "0 秒"),
    1: ("1 second", "1 秒"),
    60: ("1 minute", "1 分钟"),
    90: ("1 minute 30 seconds", "1 分钟 30 秒"),
    300: ("5 minutes", "5 分钟"),
    3599: ("59 minutes 59 seconds", "59 分钟 59 秒"),
    5400: ("1 hour 30 minutes", "1 小时 30 分钟"),
    86399: ("1 day", "1 天"),
    90000: ("1 day 1 hour", "1 天 1 小时"),
    31 * 86400: ("31 days", "31 天"),
}


@pytest.mark.parametrize(("code", "symbol"), SYMBOLS.items())
def test_a_unit_is_written_as_people_write_it(code: str, symbol: str) -> None:
    assert unit_symbol(code) == symbol


def test_no_unit_of_a_domain_shows_its_code() -> None:
    for kind in (kind for domain in all_domains() for kind in domain.kinds):
        assert not set(unit_symbol(kind.unit)) & set("[]{}*_"), kind.unit


def test_a_unit_that_counts_is_a_word_of_the_language() -> None:
    with override("zh-hans"):
        assert quantity(1200, "{vehicle}/h") == "1200 辆/h"


@pytest.mark.parametrize(("seconds", "texts"), DURATIONS.items())
def test_a_duration_is_words(seconds: int, texts: tuple[str, str]) -> None:
    english, chinese = texts
    assert duration(seconds) == english
    with override("zh-hans"):
        assert duration(seconds) == chinese


def test_a_number_has_its_unit_and_no_idle_zeros() -> None:
    assert quantity(36.50, "Cel") == "36.5 ℃"
    assert quantity(-0.001, "km/h") == "0 km/h"
    assert quantity(180.0, "deg") == "180°"
    assert quantity(None, "km/h") == "–"
    assert quantity(float("nan"), "km/h") == "–"
    assert quantity(8, "h") == "8 hours"
    assert quantity(0.35, "s") == "0.35 s"
    assert interval(0, 140, "km/h") == "0 – 140 km/h"


def test_each_language_has_one_style_of_dates() -> None:
    assert (full_moment(NOON), day(NOON), day(NOON.date())) == (
        "23 Nov 2026 14:05",
        "23 Nov 2026",
        "23 Nov 2026",
    )
    with override("zh-hans"):
        assert (full_moment(NOON), day(NOON)) == ("2026年11月23日 14:05", "2026年11月23日")


def test_a_range_names_both_days() -> None:
    assert span(NOON, NOON + timedelta(days=2)) == "23 Nov 2026 14:05 – 25 Nov 2026 14:05"
    assert span(NOON, NOON + timedelta(hours=2)) == "23 Nov 2026 14:05 – 16:05"
    late = NOON + timedelta(hours=8)  # past midnight here, before it in London
    assert span(late, late + timedelta(hours=4)) == "23 Nov 2026 22:05 – 24 Nov 2026 02:05"
    assert span(None, NOON) == "–"
