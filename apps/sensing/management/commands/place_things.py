"""``manage.py place_things``: every thing on a map layer gets its place in SensorThings."""

from __future__ import annotations

from django.apps import apps
from django.core.management.base import BaseCommand

from apps.core.domains import layers_by_id
from apps.core.grades import Grade
from apps.privacy.services.kernel import all_grades
from apps.sensing.services.placing import things_place


class Command(BaseCommand):
    """Places come from the domains' own tables, except where a place is graded above a Location's."""

    help = "Give every thing on a map layer its SensorThings Location; safe to repeat."

    def handle(self, **_: object) -> None:
        """Run."""
        labels = {layer.model for _domain, layer in layers_by_id().values() if layer.live}
        for label in sorted(labels):
            if all_grades()[f"{label}.geometry"].grade > Grade.L2:
                continue
            rows = list(apps.get_model(label)._default_manager.exclude(thing=None).select_related("thing"))
            shapes = {row.thing.code: row.geometry for row in rows}
            placed = things_place([row.thing for row in rows], geometries=shapes)
            self.stdout.write(f"Placed: {label}, {placed} things")
