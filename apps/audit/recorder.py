"""What one request has shown and done so far: exits fill it in, the middleware writes it down once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from apps.accounts.data import Viewer
from apps.audit.selectors.personal import personal_types


@dataclass(slots=True)
class Shown:
    """What was shown of one object type."""

    fields: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)  # only of people's objects
    rows: int = 0


@dataclass(slots=True)
class Record:
    """One request."""

    action: str = ""  # "" until an exit knows better than the method
    shown: dict[str, Shown] = field(default_factory=dict)  # by object type
    viewer: Viewer | None = None  # where the exit found out by itself who asks
    entries: list[int] = field(default_factory=list)  # acts that have written their own entry
    told: set[str] = field(default_factory=set)  # the people's objects that those entries name

    @property
    def has_untold(self) -> bool:
        """Whether people's objects were shown beyond those that the entries of the acts name."""
        return any(not one.ids <= self.told for one in self.shown.values())

    @property
    def is_personal(self) -> bool:
        """Whether something of people was shown, so that no cache may keep the answer."""
        return not personal_types().isdisjoint(self.shown)

    def of(self, object_type: str) -> Shown:
        """What was shown of this type."""
        found = self.shown.get(object_type)
        if found is None:
            found = self.shown[object_type] = Shown()
        return found

    @property
    def is_of_people(self) -> bool:
        """Whether people's objects were shown: their entry is written before the answer leaves."""
        return not personal_types().isdisjoint(self.shown)


RECORD: ContextVar[Record | None] = ContextVar("record", default=None)


@contextmanager
def request_recording() -> Iterator[Record]:
    """A fresh record, filled in by whatever runs inside."""
    record = Record()
    token = RECORD.set(record)
    try:
        yield record
    finally:
        RECORD.reset(token)


def seen(object_type: str, keys: Iterable[object], fields: Iterable[str] = (), *, rows: int = 0) -> None:
    """An exit has shown these fields of these objects (or of so many rows, where it knows no keys)."""
    record = RECORD.get()
    if record is None:
        return
    shown, keys = record.of(object_type), tuple(keys)
    shown.fields.update(fields)
    shown.rows += rows or len(keys)
    if object_type in personal_types():
        shown.ids.update(f"{object_type}:{key}" for key in keys)


def viewer_is(viewer: Viewer) -> None:
    """An exit that reads API keys itself says who asks."""
    record = RECORD.get()
    if record is not None:
        record.viewer = viewer


def action_is(action: str) -> None:
    """An exit says what it does, such as ``export``; otherwise the method decides between read and change."""
    record = RECORD.get()
    if record is not None:
        record.action = action


def written(entry_id: int, objects: Iterable[str]) -> None:
    """An act of this request has written its own entry, which names these objects."""
    record = RECORD.get()
    if record is not None:
        record.entries.append(entry_id)
        record.told.update(objects)
