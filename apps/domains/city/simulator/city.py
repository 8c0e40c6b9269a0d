"""Every sensor of the city as one table of values."""

from __future__ import annotations

from functools import cache

import numpy as np

from apps.domains.city.kinds import STATION_KINDS
from apps.domains.city.network.stations import STATIONS
from apps.domains.city.simulator.air import air
from apps.domains.city.simulator.faults import faults_apply
from apps.domains.city.simulator.noise import Array, Seconds
from apps.domains.city.simulator.roads import roads
from apps.domains.city.simulator.traffic import traffic
from apps.domains.city.simulator.weather import weather

SEED = 20260101


@cache
def stream_keys(seed: int = SEED) -> tuple[str, ...]:
    """Datastream keys, in the order of the columns: speeds, flows, then station by station."""
    codes = roads(seed).codes
    return (
        *(f"city.{code}.speed" for code in codes),
        *(f"city.{code}.flow" for code in codes),
        *(f"city.{station.code}.{kind.key}" for station in STATIONS for kind in STATION_KINDS),
    )


def sound_values(times: Seconds, *, seed: int = SEED) -> Array:
    """``[T, streams]`` what faultless sensors would read."""
    sky = weather(times, seed=seed)
    speed, flow = traffic(times, seed=seed, rain=sky.rain)
    stations = air(times, seed=seed, sky=sky, stations=len(STATIONS))
    return np.round(np.concatenate([speed, flow, stations.reshape(len(times), -1)], axis=1), 2)


def values_at(times: Seconds, *, seed: int = SEED) -> Array:
    """``[T, streams]`` what the sensors read; NaN where one is silent."""
    values = sound_values(times, seed=seed)
    faults_apply(values, times, seed=seed, at=lambda moments: sound_values(moments, seed=seed))
    return values
