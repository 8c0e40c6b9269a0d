from __future__ import annotations

from apps.domains.city.network import build
from apps.domains.city.network.calls import CHECK_DIGITS, WEIGHTS, calls
from apps.domains.city.network.sites import sites
from apps.domains.city.simulator.roads import roads

DISTRICTS = 6


def test_the_same_city_is_built_every_time() -> None:
    first = [(item.code, item.name, item.line.wkt) for item in build.segments()]
    build.segments.cache_clear()
    assert first == [(item.code, item.name, item.line.wkt) for item in build.segments()]


def test_the_city_has_a_few_hundred_named_segments_of_sensible_length() -> None:
    rows = build.segments()
    assert 300 <= len(rows) <= 400
    assert len({item.name for item in rows}) == len(rows)
    assert all(150 < item.length < 1500 for item in rows)


def test_every_segment_can_be_reached_from_every_other() -> None:
    assert roads(1).hops.max() < 60


def test_segments_meet_exactly_at_their_junctions() -> None:
    ends: dict[int, set[tuple[float, float]]] = {}
    for item in build.segments():
        points = [tuple(point) for point in item.degrees.tolist()]
        ends.setdefault(item.start, set()).add(points[0])
        ends.setdefault(item.end, set()).add(points[-1])
    assert all(len(points) == 1 for points in ends.values())


def test_districts_do_not_overlap_and_hold_the_segments() -> None:
    areas = build.districts()
    assert len(areas) == DISTRICTS
    assert sum(a.area.intersection(b.area).area for a in areas for b in areas if a is not b) < 1
    assert {item.division for item in build.segments()} == {area.code for area in areas}


def test_neighbours_know_each_other() -> None:
    pairs = {(first, second) for first, second, _weight in build.neighbours()}
    assert pairs == {(second, first) for first, second in pairs}


def test_nobody_real_can_be_called_or_named() -> None:
    for call in calls():
        body = call.identity[:17]
        right = CHECK_DIGITS[
            sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
        ]
        assert call.identity[17] != right
        assert call.phone.startswith("100")


def test_one_depot_leads_the_sites() -> None:
    assert [item.code for item in sites() if item.category == "depot"] == ["S000"]
