"""Statistical questions and their answers in the words of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.data import Viewer
from apps.core import quantities
from apps.core.declarations import StatisticalData, StatisticColumn
from apps.core.domains import Domain, statistics_by_id
from apps.portal.selectors.rows import plain, visible
from apps.privacy.selectors.statistics import (
    CITY,
    column_of,
    column_values,
    left_of,
    may_approve,
    may_ask,
    statistics_of,
)

MEASURES = {
    "count": gettext_lazy("Count"),
    "sum": gettext_lazy("Sum"),
    "mean": gettext_lazy("Mean"),
    "quantile": gettext_lazy("Quantile"),
    "histogram": gettext_lazy("Histogram"),
}
RANKED = "quantile"
COUNTS = {"count", "histogram"}


def dataset_lines(viewer: Viewer) -> list[dict[str, Any]]:
    """The data sets of the viewer's domains: what is left of each budget and what he may do."""
    budgets = {row.dataset: row for row in visible(viewer, "privacy.DatasetBudget")}
    return [
        {
            "id": key,
            "title": dataset_title(domain, data),
            "person": data.person,
            "rows_per_person": data.rows_per_person,
            "budget": budgets.get(key),
            "left": left_of(key, recipient=viewer.user_id),
            "may_ask": may_ask(viewer, domain, data),
            "may_approve": may_approve(viewer, key),
        }
        for key, (domain, data) in statistics_of(viewer).items()
    ]


def approvable(viewer: Viewer) -> list[tuple[str, str]]:
    """The budgets that the viewer decides, by id; the city's has an empty one."""
    own = [
        (key, dataset_title(domain, data))
        for key, (domain, data) in statistics_by_id().items()
        if may_approve(viewer, key)
    ]
    return [*own, (CITY, _("All data sets together"))] if may_approve(viewer, CITY) else own


def decisions_visible(viewer: Viewer) -> QuerySet[Any]:
    """Decisions on budgets of the viewer's domains, newest first."""
    return plain(viewer, "privacy.BudgetDecision")


def dataset_title(domain: Domain, data: StatisticalData) -> str:
    """``Hospital · Stays and visits``."""
    return f"{domain.title} · {data.title}"


def dataset_name(dataset: str) -> str:
    """The title of the data set with this id; the city's budget has an empty one."""
    found = statistics_by_id().get(dataset)
    return dataset_title(*found) if found else (dataset or _("All data sets together"))


def question_title(question: Mapping[str, Any]) -> str:
    """``Mean · Length of stay · by Kind``; words for as much as is known."""
    data = _data(question)
    parts = [str(MEASURES.get(question.get("measure", ""), "–"))]
    column = column_of(data, question.get("column", "")) if data else None
    group = column_of(data, question.get("group", "")) if data else None
    if column:
        parts.append(str(column.title))
    if group:
        parts.append(_("by %(column)s") % {"column": group.title})
    return " · ".join(parts)


def question_lines(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was asked, as (word, value) for a list of facts."""
    data = _data(question)
    if data is None:
        return []
    lines = [
        (_("Period"), f"{_day(question['since'])} – {_day(question['until'])}"),
        (_("Rows counted of one person at most"), str(question["rows_per_person"])),
    ]
    column = column_of(data, question["column"])
    if column:
        low, high = (Fraction(question[name], question["parts"]) for name in ("low", "high"))
        lines.append(
            (
                _("Values between"),
                f"{float(low):g} – {float(high):g} {quantities.unit_symbol(column.unit)}".strip(),
            )
        )
    if question["measure"] == RANKED:
        lines.append((_("Quantile"), f"{float(Fraction(question['level'])):g}"))
    lines += [(str(_title(data, key)), _filter_words(data, key, kept)) for key, kept in question["filters"]]
    return lines


def answer_lines(question: Mapping[str, Any], answer: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The cells with their titles, units, and radius in words of the reader."""
    data = _data(question)
    if data is None:
        return []
    column = column_of(data, question["column"])
    counts = question["measure"] in COUNTS
    unit = column.unit if column and not counts else ""
    titles = _cell_titles(data, question, column)
    return [
        {
            "title": titles.get(cell["key"], cell["key"]) or _("All"),
            "value": cell["value"],
            "unit": unit,
            "radius": cell["radius"],
            "radius_unit": radius_unit(question),
            "digits": 0 if counts else 2,
        }
        for cell in answer
    ]


def radius_unit(question: Mapping[str, Any]) -> str:
    """The unit of an answer's error: ranks for a quantile, else that of the value."""
    data = _data(question)
    column = column_of(data, question["column"]) if data else None
    if question["measure"] == RANKED:
        return _("ranks")
    return quantities.unit_symbol(column.unit) if column and question["measure"] not in COUNTS else ""


def _cell_titles(
    data: StatisticalData, question: Mapping[str, Any], column: StatisticColumn | None
) -> dict[str, str]:
    if question["edges"] and column:
        edges = [f"{float(Fraction(edge, question['parts'])):g}" for edge in question["edges"]]
        keys = [str(Fraction(edge, question["parts"])) for edge in question["edges"]]
        spans = zip(keys, edges, edges[1:], strict=False)
        return {
            key: f"{low} – {high} {quantities.unit_symbol(column.unit)}".strip() for key, low, high in spans
        }
    group = column_of(data, question["group"])
    return {value: str(title) for value, title in column_values(group)} if group else {}


def _filter_words(data: StatisticalData, key: str, kept: list[str]) -> str:
    column = column_of(data, key)
    titles = {value: str(title) for value, title in column_values(column)} if column else {}
    return quantities.listed(titles.get(value, value) for value in kept)


def _title(data: StatisticalData, key: str) -> Any:
    column = column_of(data, key)
    return column.title if column else key


def _data(question: Mapping[str, Any]) -> StatisticalData | None:
    found = statistics_by_id().get(question.get("dataset", ""))
    return found[1] if found else None


def _day(text: str) -> str:
    day: date | None = parse_date(text)
    return quantities.day(day) if day else text
