"""What a decision must know of a row, and how the models say where it stands.

A model declares by class attributes: ``PLACE_PATH`` (lookup of the division code), ``DOMAIN_PATH`` (of the
domain slug, for objects of the platform), ``OWNER_PATH`` (of the code of the department that owns the row),
``IS_MINOR`` (every subject is a minor) or ``MINOR_PATH`` (of the subject's date of birth), ``CONSENT_PATH``
(of a flag that is false, or of a date of withdrawal that is set, where consent is missing) and ``SEEN_BY``
(the offices that alone see such objects); ``KIND_PATH`` (of the kind of reading, which tokens may limit);
``FOLLOWS`` (fields that are copies: each is shown no wider than its original, ``"sensing.Upload.file"``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from apps.accounts.data import Office, Viewer
from apps.privacy.data import ANY_ROW, RowFacts

ADULT = 18
SOMEBODY_ELSE = "?"  # the owner of a row that is not known: nobody's department


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the rows of one model keep what decisions depend on; "" where they keep nothing."""

    place: str = ""
    domain: str = ""
    owner: str = ""
    minor: str = ""
    consent: str = ""
    is_minor: bool = False

    @property
    def depend_on_row(self) -> bool:
        """Whether two visible rows of the model can get different decisions."""
        return bool(self.owner or self.minor or self.consent)


@cache
def paths_of(model: type) -> Paths:
    """What the class declares."""
    named = {name: getattr(model, f"{name.upper()}_PATH", "") for name in ("place", "domain", "owner")}
    return Paths(
        **named,
        minor=getattr(model, "MINOR_PATH", ""),
        consent=getattr(model, "CONSENT_PATH", ""),
        is_minor=getattr(model, "IS_MINOR", False),
    )


@cache
def model_of(object_type: str) -> type | None:
    """The model behind an object type; None when there is none."""
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


@cache
def offices_of(object_type: str) -> frozenset[Office] | None:
    """The offices that alone see such objects, where the model names them."""
    named = getattr(model_of(object_type), "SEEN_BY", None)
    return None if named is None else frozenset(Office(name) for name in named)


@cache
def followed(object_type: str) -> tuple[tuple[str, str, str], ...]:
    """Fields that are copies of another object's: their name, the other object type, its field."""
    named: dict[str, str] = getattr(model_of(object_type), "FOLLOWS", {})
    originals = ((name, other.rpartition(".")) for name, other in named.items())
    return tuple((name, original, field) for name, (original, _dot, field) in originals)


@cache
def strictest(object_type: str) -> RowFacts:
    """What must be assumed of a row that is not known: a minor, no consent, another department's."""
    model = model_of(object_type)
    if model is None:
        return ANY_ROW
    paths = paths_of(model)
    return RowFacts(
        department=SOMEBODY_ELSE if paths.owner else "",
        is_minor=paths.is_minor or bool(paths.minor),
        has_consent=not paths.consent,
    )


def facts_reader(viewer: Viewer, model: type[Model]) -> Callable[[Any], RowFacts]:
    """A function from rows of ``model`` to the facts that can change a decision for ``viewer``."""
    paths, label = paths_of(model), model._meta.label
    granted = [grant for grant in viewer.grants if grant.object_type == label]
    if not paths.depend_on_row and not granted:
        constant = strictest(label)
        return lambda _row: constant
    today = timezone.localdate()
    return lambda row: RowFacts(
        place=_text(row, paths.place) if granted else "",
        object_id=str(row.pk) if granted else "",
        department=_text(row, paths.owner),
        is_minor=paths.is_minor or (bool(paths.minor) and is_minor(follow(row, paths.minor), today)),
        has_consent=not paths.consent or _agrees(follow(row, paths.consent)),
    )


def follow(row: Any, path: str) -> Any:
    """The value at the end of a lookup path; None where the way ends early."""
    for part in path.split("__"):
        row = getattr(row, part, None)
    return row


def _text(row: Any, path: str) -> str:
    return str(follow(row, path) or "") if path else ""


def is_minor(birth: date | None, today: date) -> bool:
    """Whether somebody born on this day is under 18 today; an unknown day counts as a minor's."""
    if not isinstance(birth, date):
        return True
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)) < ADULT


def _agrees(value: object) -> bool:
    """A flag says it itself; a date says when the consent was withdrawn."""
    return value if isinstance(value, bool) else value is None
