"""What happens elsewhere that maps must follow: rows of layers change, their tables are made."""

from __future__ import annotations

from functools import cache, partial

from django.apps import AppConfig
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from apps.core.domains import layers_by_id
from apps.maps.services import layer_indexes_ensure, layer_touch


@cache
def layers_of(label: str) -> tuple[str, ...]:
    """Ids of the layers that draw the model ``label``."""
    return tuple(
        layer_id for layer_id, (_domain, layer) in layers_by_id().items() if layer.model.lower() == label
    )


@receiver((post_save, post_delete), dispatch_uid="maps.touch_layers")
def touch_layers(sender: type[Model], **_: object) -> None:
    """Draw the layers of a changed row anew."""
    for layer_id in layers_of(sender._meta.label_lower):
        transaction.on_commit(partial(layer_touch, layer_id))


@receiver(post_migrate, dispatch_uid="maps.ensure_indexes")
def ensure_indexes(sender: AppConfig, **_: object) -> None:
    """Index the layers of an app whose tables have just been made."""
    layer_indexes_ensure(app=sender.label)
