from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from apps.domains.city.simulator import CitySimulator
from apps.domains.city.simulator.calendar import CLOCK_OFFSET
from apps.domains.city.simulator.city import SEED, sound_values, stream_keys, values_at
from apps.domains.city.simulator.faults import faults_of
from apps.domains.city.simulator.incidents import Incident, _add
from apps.domains.city.simulator.noise import Seconds
from apps.domains.city.simulator.roads import roads
from tests.city.builders import NOON

MONDAY = int(NOON.timestamp()) - 12 * 3600  # local midnight
ROADS = len(roads(SEED).codes)


def moments(hour: float, *, days: int = 5, width: int = 2) -> Seconds:
    """Every ten minutes of ``width`` hours around ``hour``, Monday to Friday."""
    first = MONDAY + int((hour - width / 2) * 3600)
    return np.concatenate([first + day * 86400 + np.arange(0, width * 3600, 600) for day in range(days)])


def test_the_clock_of_the_tests_is_local() -> None:
    assert (MONDAY + CLOCK_OFFSET) % 86400 == 0


def test_a_moment_has_the_same_values_however_it_is_asked() -> None:
    alone = values_at(np.array([MONDAY + 300]))
    among = values_at(MONDAY + np.arange(0, 86400, 300))
    np.testing.assert_array_equal(alone[0], among[1])


def test_rush_hours_are_slower_than_nights_and_sundays() -> None:
    speed = {hour: float(sound_values(moments(hour))[:, :ROADS].mean()) for hour in (3, 8, 18)}
    sunday = sound_values(moments(8, days=1) + 6 * 86400)[:, :ROADS].mean()
    assert max(speed[8], speed[18]) < 0.75 * min(speed[3], sunday)


def test_particles_follow_traffic_and_stay_plausible() -> None:
    pm25 = [key.endswith("pm25") for key in stream_keys()]
    values = sound_values(MONDAY + np.arange(0, 14 * 86400, 1800))[:, pm25]
    assert values.min() >= 1
    assert 8 < values.mean() < 80


def test_an_incident_holds_its_street_at_once_and_the_next_one_later_and_less() -> None:
    hops = np.array([[0.0, 1.0, np.inf], [1.0, 0.0, np.inf], [np.inf, np.inf, 0.0]])
    times = np.array([0, 600, 1200])
    load = np.zeros((3, 3))
    _add(load, times, Incident(0, begin=0, length=3600, severity=0.8), hops[0])
    assert load[1, 0] > load[1, 1] > 0
    assert load[:, 2].max() == 0


def test_neighbouring_streets_are_more_alike_than_distant_ones() -> None:
    hops = roads(SEED).hops[0]
    speed = sound_values(moments(13, width=4))[:, :ROADS]
    alike = np.atleast_2d(np.corrcoef(speed.T))[0]
    assert alike[hops == 1].mean() > alike[hops > 12].mean()


def test_sensors_fail_in_all_three_ways_within_a_week() -> None:
    kinds = {
        fault.kind for day in range(7) for fault in faults_of(day, seed=SEED, streams=len(stream_keys()))
    }
    assert kinds == {"stuck", "gap", "spike"}


def test_each_sensor_reads_once_a_minute() -> None:
    simulator = CitySimulator()
    simulator.readings(NOON)
    keys: list[object] = []
    for second in range(1, 61):
        keys += simulator.readings(NOON + timedelta(seconds=second))["datastream"]
    assert len(keys) == len(set(keys))
    assert len(keys) > 0.97 * len(stream_keys())


def test_times_are_those_of_the_reading_in_milliseconds() -> None:
    columns = CitySimulator().readings(NOON)
    last = max(datetime.fromtimestamp(int(str(ms)) / 1000, UTC) for ms in columns["phenomenonTime"])
    assert NOON - timedelta(seconds=60) < last <= NOON
