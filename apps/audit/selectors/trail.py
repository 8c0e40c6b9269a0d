"""Questions about the log: who saw one record, what one person did, what an office looks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.timezone import make_aware

from apps.audit.models import AccessAnchor, AccessEntry, AccessLink

PAGE = 50
FACILITY, DONE, NOT_DONE = 13, 6, 4  # RFC 5424: log audit; informational, warning
# Found by the ids first, whatever the planner thinks of the order: one record among ten million is rare.
SEEN = """
    WITH found AS MATERIALIZED (SELECT * FROM audit_accessentry WHERE objects_seen @> ARRAY[%s]::varchar[])
    SELECT * FROM found WHERE id < %s ORDER BY id DESC LIMIT %s
"""
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Asked:
    """What an office looks for; empty is everything."""

    user_id: int | None = None
    action: str = ""
    result: str = ""
    object_type: str = ""
    object_id: str = ""
    purpose: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """How the log fares."""

    verified: AccessEntry | None  # the newest verification: its result and how many entries it compared
    anchor: AccessAnchor | None
    sealed: int  # places in the chain


def entries_of_object(
    object_type: str, key: str, *, before: int = NEWEST, most: int = PAGE
) -> list[AccessEntry]:
    """Who saw, gave away or was refused this record, newest first."""
    return list(AccessEntry.objects.raw(SEEN, [f"{object_type}:{key}", before, most]))


def entries_of_user(user_id: int, *, before: int = NEWEST, most: int = PAGE) -> list[AccessEntry]:
    """What one person did, newest first."""
    return list(AccessEntry.objects.filter(user_id=user_id, id__lt=before).order_by("-id")[:most])


def entries_asked(asked: Asked) -> QuerySet[AccessEntry]:
    """The entries that an office looks for, newest first."""
    if asked.object_type and asked.object_id:
        found = AccessEntry.objects.filter(objects_seen__contains=[f"{asked.object_type}:{asked.object_id}"])
    else:
        found = AccessEntry.objects.all()
        exact = {"object_type": asked.object_type, "object_id": asked.object_id}
        found = found.filter(**{name: value for name, value in exact.items() if value})
    exact = {"action": asked.action, "result": asked.result, "purpose": asked.purpose}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.user_id is not None:
        found = found.filter(user_id=asked.user_id)
    if asked.first:
        found = found.filter(at__gte=_midnight(asked.first))
    if asked.last:
        found = found.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    return found.order_by("-id")


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def custody_now() -> Custody:
    """The newest verification, the newest anchor, and how long the chain is."""
    last = AccessLink.objects.order_by("-position").first()
    verified = AccessEntry.objects.filter(action="verify").order_by("-id").first()
    return Custody(verified, AccessAnchor.objects.order_by("-id").first(), last.position if last else 0)


def syslog_lines(entries: QuerySet[AccessEntry]) -> Iterator[str]:
    """RFC 5424 lines, one for each entry, with everything in structured data."""
    for entry in entries.iterator(chunk_size=2000):
        severity = DONE if entry.result == "done" else NOT_DONE
        pairs = {
            "user": entry.user_id,
            "role": entry.role,
            "action": entry.action,
            "object": f"{entry.object_type}:{entry.object_id}".strip(":"),
            "fields": ",".join(entry.fields),
            "people": len(entry.objects_seen),
            "purpose": entry.purpose,
            "rows": entry.rows,
            "result": entry.result,
            "address": entry.address,
            "request": entry.request_id,
        }
        words = " ".join(f'{name}="{_escaped(value)}"' for name, value in pairs.items() if value is not None)
        moment = entry.at.isoformat(timespec="microseconds")
        head = f"<{FACILITY * 8 + severity}>1 {moment} cityplatform access {entry.pk} {entry.action}"
        yield f"{head} [access@32473 {words}]\n"


def _escaped(value: object) -> str:
    return f"{value}".replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]").replace("\n", " ")
