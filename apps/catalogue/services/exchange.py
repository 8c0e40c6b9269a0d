"""Entries as JSON and back, with every field of the guide; what comes in is checked like what people type."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.catalogue.models import Dataset
from apps.catalogue.services.entries import EDITABLE, dataset_edit
from apps.core.errors import ProblemError

FIXED = ("code", "kind", "domain", "object_type", "state")
MOST = 2000
TEXTS = tuple(name for name in EDITABLE if name not in {"related", "notice", "notice_minor"})


def entry_export(dataset: Dataset) -> dict[str, Any]:
    """One entry with all of its fields."""
    row = {name: getattr(dataset, name) for name in (*FIXED, *EDITABLE, "items")}
    date = dataset.publish_date.isoformat() if dataset.publish_date else None
    return {**row, "provider": dataset.provider.code, "publish_date": date}


@transaction.atomic
def entries_import(rows: Sequence[Any], *, viewer: Viewer) -> int:
    """Take the fields that people edit from each row; all of them or, at the first fault, none.

    Entries come from the platform's own registry: a code that is not there is refused, and so is an entry of
    a domain that the viewer does not look after.
    """
    if len(rows) > MOST:
        raise ProblemError(_("Import at most %(most)d entries at a time.") % {"most": MOST}, "entries")
    for number, row in enumerate(rows):
        place = f"entries.{number}"
        if not isinstance(row, Mapping):
            raise ProblemError(_("Each entry is a JSON object."), place)
        found = Dataset.objects.filter(code=str(row.get("code", ""))).first()
        if found is None:
            raise ProblemError(_("There is no entry with this code."), f"{place}.code")
        try:
            dataset_edit(found, values=_values(row, place), viewer=viewer)
        except ValidationError as error:
            name, sentences = next(iter(error.message_dict.items()))
            raise ProblemError(sentences[0], f"{place}.{name}") from error
    return len(rows)


def names_check(row: Mapping[str, Any], known: Collection[str], place: str = "") -> None:
    """ProblemError names the field that an entry does not have, and those that it has."""
    for name in row:
        if name not in known:
            sentence = _("There is no such field; there are: %(values)s.") % {"values": ", ".join(known)}
            raise ProblemError(sentence, f"{place}.{name}".strip("."), code="unknown")


def _values(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    names_check(row, (*FIXED, *EDITABLE, "items", "provider", "publish_date"), place)
    values = {name: row[name] for name in EDITABLE if name in row}
    for name in TEXTS:
        if name in values and not isinstance(values[name], str):
            raise ProblemError(_("This must be text."), f"{place}.{name}")
    for name in ("notice", "notice_minor"):
        if not notice_is_plain(values.get(name, {})):
            raise ProblemError(_("A notice is an object of texts."), f"{place}.{name}")
    related = values.get("related", [])
    if not isinstance(related, list) or not all(isinstance(code, str) for code in related):
        raise ProblemError(_("Related codes are a list of texts."), f"{place}.related")
    return values


def notice_is_plain(notice: Any) -> bool:
    """Whether it is an object whose values are texts."""
    return isinstance(notice, dict) and all(isinstance(text, str) for text in notice.values())
