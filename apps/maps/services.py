"""Writes of the maps app: stale tiles, and the indexes that tiles need."""

from __future__ import annotations

import structlog
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from redis import RedisError

from apps.core.domains import layers_by_id
from apps.maps.selectors.tiles import VERSION_KEY

MERCATOR = "geometry_3857"
HAS_COLUMN = "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
log = structlog.get_logger("maps")


def layer_touch(layer_id: str) -> None:
    """Make every cached tile of a layer stale at once; without Redis they grow stale by themselves."""
    key = VERSION_KEY.format(layer_id)
    try:
        cache.add(key, 0, None)
        cache.incr(key)
    except RedisError as error:
        log.warning("layer_touch_lost", layer=layer_id, kind=type(error).__name__)


def layer_indexes_ensure(*, app: str) -> None:
    """Index the mercator copy of each layer of ``app``: Django makes none for generated fields."""
    for _domain, layer in layers_by_id().values():
        model = apps.get_model(layer.model)
        if model._meta.app_label == app:
            _index_ensure(model._meta.db_table)


def _index_ensure(table: str) -> None:
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(HAS_COLUMN, (table, MERCATOR))
        if cursor.fetchone():
            index = name(f"{table}_{MERCATOR}_tiles")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON {name(table)} USING gist ({name(MERCATOR)})"
            )
