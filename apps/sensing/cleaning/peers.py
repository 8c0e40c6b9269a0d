"""Plausibility across sensors: a value far from what its group says at the same time is suspect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.sensing.cleaning.medians import TO_SIGMA, grouped_medians
from apps.sensing.cleaning.memory import Previous
from apps.sensing.cleaning.rules import Rules
from apps.sensing.cleaning.spikes import LEAST
from apps.sensing.data import Batch, Floats, Integers

FEWEST = 5  # streams of the group, itself included, that must have spoken lately
SLOT = 900_000_000  # microseconds: what was said in this slot or the one before is lately
Mask = NDArray[np.bool_]
Peers = Mapping[int, Integers]  # number of a group -> its streams


class Voices(NamedTuple):
    """One value for each (group, slot, stream)."""

    group: Integers
    slot: Integers
    stream: Integers
    value: Floats


def strangers(batch: Batch, rules: Rules, previous: Previous, peers: Peers) -> Mask:
    """Rows further than ``rules.peers`` robust deviations from the median of their group.

    The group's values are those of this batch and the last ones before it.
    """
    found = np.zeros(len(batch), bool)
    if rules.peers is None or rules.group is None:
        return found
    rows = np.flatnonzero(np.isfinite(rules.peers) & np.isfinite(rules.group) & np.isfinite(batch.results))
    if not len(rows):
        return found
    group, slot = rules.group[rows].astype(np.int64), batch.times[rows] // SLOT
    here = Voices(group, slot, batch.streams[rows], batch.results[rows])
    voices = _latest(here, _remembered(previous, peers, np.unique(group)))
    floor = LEAST * (rules.high[rows] - rules.low[rows])
    centre, scale = _agreement(voices, group, slot)
    scale = np.fmax(np.fmax(scale, LEAST * np.abs(centre)), floor)
    found[rows] = np.abs(here.value - centre) > rules.peers[rows] * scale
    return found


def _remembered(previous: Previous, peers: Peers, groups: Integers) -> Voices:
    """What the members of the groups said last before the batch."""
    members = [np.sort(peers.get(int(group), np.empty(0, np.int64))) for group in groups]
    group = np.repeat(groups, [len(part) for part in members])
    streams = np.concatenate(members)
    wanted, where = np.unique(streams, return_inverse=True)
    slots = previous.slots(wanted)[where]
    said = np.isfinite(previous.values[slots])
    slots = slots[said]
    return Voices(group[said], previous.times[slots] // SLOT, streams[said], previous.values[slots])


def _latest(here: Voices, before: Voices) -> Voices:
    """For each (group, slot, stream) the newest value; the slot after it knows the value too."""
    later = [voices._replace(slot=voices.slot + 1) for voices in (before, here)]
    parts = [later[0], later[1], before, here]  # a later part knows better
    group, slot, stream, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    turn = np.arange(len(group))
    order = np.lexsort((turn, stream, slot, group))
    group, slot, stream, value = group[order], slot[order], stream[order], value[order]
    is_last = np.ones(len(group), bool)
    is_last[:-1] = (group[1:] != group[:-1]) | (slot[1:] != slot[:-1]) | (stream[1:] != stream[:-1])
    return Voices(group[is_last], slot[is_last], stream[is_last], value[is_last])


def _agreement(voices: Voices, group: Integers, slot: Integers) -> tuple[Floats, Floats]:
    """Median and robust deviation for each asked (group, slot); NaN where too few have spoken."""
    pairs = np.concatenate([np.stack([voices.group, voices.slot]), np.stack([group, slot])], axis=1)
    _, number = np.unique(pairs, axis=1, return_inverse=True)
    number = number.reshape(-1)
    spoken, asked = number[: len(voices.group)], number[len(voices.group) :]
    count = int(number.max()) + 1
    centre = grouped_medians(voices.value, spoken, count)
    scale = TO_SIGMA * grouped_medians(np.abs(voices.value - centre[spoken]), spoken, count)
    centre[np.bincount(spoken, minlength=count) < FEWEST] = np.nan
    return centre[asked], scale[asked]
