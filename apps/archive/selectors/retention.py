"""Which rule a stream follows, and which days are held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from apps.archive.models import LegalHold, RetentionRule

MONTHS_A_YEAR = 12
Scope = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Keep:
    """How long: whole months in the table, years in the lake."""

    months: int
    years: int


@dataclass(frozen=True, slots=True)
class StreamKeep:
    """The rule that one stream follows."""

    datastream_id: int
    domain: str
    keep: Keep


def default_keep() -> Keep:
    """What holds where nobody has set a rule."""
    return Keep(settings.RETENTION_MONTHS, settings.RETENTION_LAKE_YEARS)


def streams_keep(domain: str = "") -> list[StreamKeep]:
    """The rule of every datastream: its own, else that of its kind, else of its domain, else the default."""
    rows = apps.get_model("sensing.Datastream")._default_manager.values_list("pk", "thing__domain", "kind")
    rules = {
        (rule.domain, rule.kind, rule.datastream_id): Keep(rule.keep_months, rule.lake_years)
        for rule in RetentionRule.objects.all()
    }
    return [
        StreamKeep(pk, slug, _closest(rules, slug, kind, pk))
        for pk, slug, kind in (rows.filter(thing__domain=domain) if domain else rows)
    ]


def _closest(rules: dict[Scope, Keep], domain: str, kind: str, pk: int) -> Keep:
    scopes: Iterable[Scope] = ((domain, "", pk), (domain, kind, None), (domain, "", None))
    return next((rules[scope] for scope in scopes if scope in rules), default_keep())


def months_before(today: date, months: int) -> date:
    """The first day of the month that lies ``months`` whole months before today's."""
    year, month = divmod(today.year * MONTHS_A_YEAR + today.month - 1 - months, MONTHS_A_YEAR)
    return date(year, month + 1, 1)


def holds_between(first: date, last: date, *, domain: str = "") -> list[LegalHold]:
    """Holds in force that touch a day from ``first`` to ``last`` (included)."""
    holds = LegalHold.objects.filter(
        Q(start=None) | Q(start__lte=last), Q(end=None) | Q(end__gte=first), released_at=None
    )
    return list(holds.filter(domain=domain) if domain else holds)
