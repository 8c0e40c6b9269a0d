"""Plain values of the subject rights: what is asked, by which identifiers, how sure a match is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

PURPOSE = "subject-rights"
REPLY_DAYS = 15  # working days (PIPL Art. 50 asks for a timely answer; GB/T 35273-2020 8.7 for 30 days)


class Identifier(models.TextChoices):
    """What a person can be found by."""

    ID_NUMBER = "id_number", _("identity number")
    PHONE = "phone", _("telephone")
    NAME = "name", _("name of the person")
    BIRTH_DATE = "birth_date", _("date of birth")
    NUMBER = "number", _("number given by the institution")


class Strength(models.TextChoices):
    """How sure it is that a row speaks of the person."""

    CERTAIN = "certain", _("certain")  # a number that one person has
    STRONG = "strong", _("strong")  # two identifiers together
    WEAK = "weak", _("weak")  # one that several people share: somebody must look


@dataclass(frozen=True, slots=True)
class Told:
    """The identifiers that a person has told; empty ones were not."""

    id_number: str = ""
    phone: str = ""
    name: str = ""
    birth_date: date | None = None
    number: str = ""

    def given(self) -> dict[str, Any]:
        """The identifiers that were told."""
        return {kind: value for kind in Identifier.values if (value := getattr(self, kind))}


@dataclass(frozen=True, slots=True)
class Match:
    """One row that may speak of the person, and by which identifiers it was found."""

    object_type: str
    object_id: str
    by: tuple[str, ...]

    @property
    def strength(self) -> Strength:
        """Certain by a personal number, strong by two identifiers, else weak."""
        if {Identifier.ID_NUMBER, Identifier.NUMBER} & set(self.by):
            return Strength.CERTAIN
        return Strength.STRONG if len(self.by) > 1 else Strength.WEAK


@dataclass(slots=True)
class Erasure:
    """What a deletion does, row by row, before it is done."""

    delete: list[Any] = field(default_factory=list)  # rows, those that hang on others first
    anonymise: list[Any] = field(default_factory=list)
    kept: list[tuple[Any, str, date | None]] = field(default_factory=list)  # row, law, until when
