"""What was asked of the system lately, by whom and for what: the material of a policy replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from apps.audit.models import AccessEntry

READS = ("read", "export", "reveal")


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of one person for the same fields of one object type, for one purpose."""

    user_id: int | None
    object_type: str
    fields: tuple[str, ...]  # empty: the whole object
    purpose: str
    requests: int


def asked_since(moment: datetime) -> list[Asked]:
    """The granted reads, exports and reveals of people since ``moment``, the most frequent first."""
    rows = (
        AccessEntry.objects.filter(at__gte=moment, action__in=READS, result="done")
        .exclude(user_id=None)
        .exclude(object_type="")
        .order_by()
        .values("user_id", "object_type", "fields", "purpose")
        .annotate(requests=Count("id"))
    )
    return [
        Asked(
            user_id=row["user_id"],
            object_type=row["object_type"],
            fields=tuple(row["fields"]),
            purpose=row["purpose"],
            requests=row["requests"],
        )
        for row in sorted(rows, key=lambda row: -row["requests"])
    ]
