"""What a leaked file held and who had it: read from the access log."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from apps.accounts.data import acting_as
from apps.core.numbers import whole_number
from apps.subjects.models import Incident, SubjectRequest
from apps.subjects.selectors.matching import SYSTEM
from apps.subjects.selectors.records import model_of, records, rows_of

GIVEN = ("export", "release", "reveal", "provision")
DIGEST_LENGTH = 64
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who was given the data: which account, when, from where, in which act."""

    user_id: int | None
    at: Any
    action: str
    address: str
    entry_id: int


@dataclass(slots=True)
class Leak:
    """The people whose data a leaked file held, and everybody who was given it."""

    subjects: dict[str, list[str]] = field(default_factory=dict)  # "hospital.Patient" -> ids of the people
    objects: int = 0  # rows of any kind
    fields: tuple[str, ...] = ()
    recipients: list[Recipient] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many rows of people are concerned."""
        return sum(map(len, self.subjects.values()))


def leak_of(incident: Incident) -> Leak:
    """The extent of the leak that the incident names; empty where the access log knows nothing of it."""
    entries = list(_entries(incident.leaked.strip())[:MOST_ENTRIES]) if incident.leaked.strip() else []
    objects = {name for entry in entries for name in entry.objects_seen}
    return Leak(
        subjects=_people(objects),
        objects=len(objects),
        fields=tuple(sorted({name for entry in entries for name in entry.fields})),
        recipients=[
            Recipient(entry.user_id, entry.at, entry.action, entry.address or "", entry.pk)
            for entry in entries
            if entry.action in GIVEN and entry.result == "done"
        ],
    )


def _entries(name: str) -> QuerySet[Any]:
    """The entries of the act: by its number, by the id of what was exported, or by the SM3 of the file."""
    log = apps.get_model("audit", "AccessEntry").objects.order_by("pk")
    if len(name) == DIGEST_LENGTH:
        keys = SubjectRequest.objects.filter(file_digest=name).values_list("pk", flat=True)
        return log.filter(action__in=GIVEN, object_id__in=[name, *(f"request:{key}" for key in keys)])
    number = whole_number(name)
    if number is None:
        return log.filter(action__in=GIVEN, object_id=name[:DIGEST_LENGTH])
    entry = log.filter(pk=number).first()
    if entry is None:
        return log.none()
    same = Q(request_id=entry.request_id, action=entry.action) if entry.request_id else Q(pk=entry.pk)
    return log.filter(same | Q(pk=entry.pk))


def _people(objects: set[str]) -> dict[str, list[str]]:
    """The rows of people behind rows of any kind: the patient of a stay, the pupil of an answer."""
    by_type = defaultdict[str, set[str]](set)
    for name in objects:
        object_type, _, key = name.partition(":")
        by_type[object_type].add(key)
    found = defaultdict[str, set[str]](set)
    with acting_as(SYSTEM):
        for object_type, keys in by_type.items():
            if object_type in records():
                label, ids = _root(object_type, keys)
                found[label] |= ids
    return {label: sorted(ids, key=lambda key: (len(key), key)) for label, ids in sorted(found.items())}


def _root(label: str, keys: set[str]) -> tuple[str, set[str]]:
    record = records()[label][1]
    if not record.root:
        return label, keys
    above: Any = model_of(label)._meta.get_field(record.root).related_model
    rows = rows_of(label).filter(pk__in=[key for key in keys if whole_number(key) is not None])
    return _root(above._meta.label, {str(pk) for pk in rows.values_list(f"{record.root}_id", flat=True)})
