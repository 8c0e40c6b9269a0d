"""The history of one row, as the triggers wrote it."""

from __future__ import annotations

from apps.audit.models import Change

MOST = 200


def changes_of(object_type: str, key: object, *, most: int = MOST) -> list[Change]:
    """The changes of one row, newest first."""
    return list(Change.objects.filter(object_type=object_type, object_id=str(key)).order_by("-id")[:most])
