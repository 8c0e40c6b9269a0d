"""From what somebody asks to a frozen question, checked against what the domain has declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.declarations import StatisticalData, StatisticColumn
from apps.core.domains import Domain, statistics_by_id
from apps.core.errors import ProblemError
from apps.privacy.dp.question import Measure, Question
from apps.privacy.selectors.statistics import MILLION, column_of, column_values

LEAST, MOST = Decimal("0.001"), Decimal(4)  # an epsilon above this promises a person next to nothing
STEP = Decimal("0.0001")
LEVELS = ("0.1", "0.25", "0.5", "0.75", "0.9")
NUMERIC = {Measure.SUM, Measure.MEAN, Measure.QUANTILE}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know, as he wrote it; ``low`` and ``high`` may narrow the declared bounds."""

    dataset: str
    measure: str
    epsilon: Decimal
    since: date
    until: date
    column: str = ""
    group: str = ""
    level: str = "0.5"
    low: int | None = None
    high: int | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def statistics_get(dataset: str) -> tuple[Domain, StatisticalData]:
    """The declared data set; ProblemError when no domain declares it."""
    found = statistics_by_id().get(dataset)
    if found is None:
        raise ProblemError(_("There is no such data set; choose one from the list."), "dataset", 404)
    return found


def question_of(asked: Asked) -> Question:
    """The frozen question; ProblemError names the field that does not fit what was declared."""
    _domain, data = statistics_get(asked.dataset)
    measure = _measure(asked.measure)
    column, group = _column(data, asked, measure), asked.group
    if measure is Measure.HISTOGRAM and column is not None and not column.edges:
        measure, group, column = (
            Measure.COUNT,
            column.key,
            None,
        )  # one count for each value: the same question
    low, high = _bounds(column, asked)
    parts = column.parts if column else 1
    since, until = _period(asked)
    edges = column.edges if column and measure is Measure.HISTOGRAM else ()
    return Question(
        dataset=asked.dataset,
        measure=measure,
        epsilon=_epsilon(asked.epsilon),
        since=since,
        until=until,
        rows_per_person=data.rows_per_person,
        column=column.key if column else "",
        low=low * parts,
        high=high * parts,
        parts=parts,
        level=_level(asked.level) if measure is Measure.QUANTILE else Fraction(1, 2),
        edges=tuple(edge * parts for edge in edges),
        group=group,
        keys=_keys(data, group, "group") if group else (),
        filters=_filters(data, asked.filters),
    )


def cost_of(question: Question) -> int:
    """What the question takes from a budget, in millionths, rounded up."""
    return -(-question.epsilon.numerator * MILLION // question.epsilon.denominator)


def _measure(text: str) -> Measure:
    if text not in set(Measure):
        known = ", ".join(Measure)
        raise ProblemError(_("Choose one of these measures: %(known)s.") % {"known": known}, "measure")
    return Measure(text)


def _column(data: StatisticalData, asked: Asked, measure: Measure) -> StatisticColumn | None:
    if measure is Measure.COUNT:
        return None
    column = column_of(data, asked.column)
    fits = column is not None and (bool(column.edges or column.high > column.low) or measure not in NUMERIC)
    if column is None or not fits:
        numeric = measure in NUMERIC
        names = ", ".join(item.key for item in data.columns if not numeric or item.high > item.low)
        raise ProblemError(
            _("This measure needs one of these columns: %(names)s.") % {"names": names}, "column"
        )
    if measure is Measure.HISTOGRAM and asked.group:
        raise ProblemError(_("A histogram has no groups; filter it instead."), "group")
    return column


def _bounds(column: StatisticColumn | None, asked: Asked) -> tuple[int, int]:
    """The clamping bounds: those declared, or narrower ones that the asker chose without seeing the data."""
    if column is None:
        return 0, 0
    low = column.low if asked.low is None else asked.low
    high = column.high if asked.high is None else asked.high
    if not column.low <= low < high <= column.high:
        words = _("The bounds must lie within %(low)d and %(high)d, the lower before the upper.")
        raise ProblemError(words % {"low": column.low, "high": column.high}, "low")
    return low, high


def _period(asked: Asked) -> tuple[date, date]:
    if asked.since >= asked.until:
        raise ProblemError(_("The period must begin before it ends."), "since")
    if asked.until > timezone.localdate():
        raise ProblemError(_("Only days that have ended can be asked about; end the period today."), "until")
    return asked.since, asked.until


def _epsilon(value: Decimal) -> Fraction:
    if not value.is_finite() or not LEAST <= value <= MOST or value % STEP:
        words = _("Give an epsilon from %(least)s to %(most)s with at most four decimals.")
        raise ProblemError(words % {"least": LEAST, "most": MOST}, "epsilon")
    return Fraction(value)


def _level(text: str) -> Fraction:
    if text not in LEVELS:
        known = ", ".join(LEVELS)
        raise ProblemError(_("Choose one of these quantiles: %(known)s.") % {"known": known}, "level")
    return Fraction(text)


def _keys(data: StatisticalData, key: str, name: str) -> tuple[str, ...]:
    column = column_of(data, key)
    values = tuple(value for value, _title in column_values(column)) if column else ()
    if not values:
        names = ", ".join(item.key for item in data.columns if item.values or item.register)
        raise ProblemError(_("Choose one of these columns: %(names)s.") % {"names": names}, name)
    return values


def _filters(
    data: StatisticalData, filters: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for name, wanted in sorted(filters.items()):
        known = _keys(data, name, "filters")
        if not wanted or not set(wanted) <= set(known):
            words = _("Filter %(name)s by one or more of its declared values.")
            raise ProblemError(words % {"name": name}, "filters")
        found.append((name, tuple(value for value in known if value in set(wanted))))
    return tuple(found)
