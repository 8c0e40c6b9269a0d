"""Writes about roads."""

from __future__ import annotations

from collections.abc import Iterable

from apps.domains.city.models import RoadLink, RoadSegment


def links_store(links: Iterable[tuple[str, str, float]]) -> int:
    """Keep links between segments given by code, with their weights; returns how many."""
    ids = dict(RoadSegment.objects.values_list("code", "pk"))
    rows = [
        RoadLink(source_id=ids[source], target_id=ids[target], weight=weight)
        for source, target, weight in links
    ]
    RoadLink.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "target"],
        update_fields=["weight"],
        batch_size=2000,
    )
    return len(rows)
