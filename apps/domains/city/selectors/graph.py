"""How strongly the traffic of one segment bears on another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.domains.city.models import RoadLink


def road_weights(thing_ids: Sequence[int]) -> NDArray[np.float32]:
    """``[N, N]`` weights between the segments that carry these things, 1 on the diagonal."""
    place = {thing: number for number, thing in enumerate(thing_ids)}
    weights = np.eye(len(thing_ids), dtype=np.float32)
    links = RoadLink.objects.filter(source__thing__in=place, target__thing__in=place)
    for source, target, weight in links.values_list("source__thing", "target__thing", "weight"):
        weights[place[source], place[target]] = weight
    return weights
