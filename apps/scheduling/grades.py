"""Privacy grades of plans."""

from __future__ import annotations

from apps.core.grades import INTERNAL, graded

GRADES = {
    **graded(
        "Plan",
        id=INTERNAL,
        domain=INTERNAL,
        problem=INTERNAL,
        title=INTERNAL,
        version=INTERNAL,
        state=INTERNAL,
        parameters=INTERNAL,
        snapshot=INTERNAL,
        notes=INTERNAL,
        read_streams=INTERNAL,
        read_from=INTERNAL,
        read_until=INTERNAL,
        stale=INTERNAL,
        stale_at=INTERNAL,
        unserved=INTERNAL,
        status=INTERNAL,
        cost=INTERNAL,
        bound=INTERNAL,
        gap=INTERNAL,
        job=INTERNAL,
        parent=INTERNAL,
        created_by=INTERNAL,
        created_at=INTERNAL,
        published_by=INTERNAL,
        published_at=INTERNAL,
    ),
    **graded(
        "PlanRoute",
        id=INTERNAL,
        plan=INTERNAL,
        vehicle=INTERNAL,
        distance=INTERNAL,
        duration=INTERNAL,
        load=INTERNAL,
        geometry=INTERNAL,
        geometry_3857=INTERNAL,
    ),
    **graded(
        "PlanStop",
        id=INTERNAL,
        route=INTERNAL,
        sequence=INTERNAL,
        object_type=INTERNAL,
        object_id=INTERNAL,
        label=INTERNAL,
        arrival=INTERNAL,
        wait=INTERNAL,
        departure=INTERNAL,
    ),
}
