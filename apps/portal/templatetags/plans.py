"""Costs and parameters of plans as people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from apps.core.domains import problems_by_id
from apps.core.quantities import day, quantity
from apps.portal.selectors.plans import cost_unit

register = template.Library()


@register.filter
def costs(value: float | None, plan: Any) -> str:
    """A cost or a bound of the plan in the unit of its problem; a dash where there is none."""
    return quantity(value, cost_unit(plan.problem), 0)


@register.filter
def parsed_day(text: str) -> str:
    """A day that a plan keeps as "2026-11-29", as people write it."""
    return day(date.fromisoformat(text))


@register.filter
def cost_words(plan: Any) -> str:
    """What the cost of the plan counts."""
    found = problems_by_id().get(plan.problem)
    return str(found[1].cost) if found else ""
