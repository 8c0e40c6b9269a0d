"""``$count=true`` without the death by COUNT: exact up to a bound, then the planner's estimate, marked so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, connection, transaction
from django.db.models import Func, IntegerField, QuerySet, Value

BOUND, NESTED_BOUND = 100_000, 10_000
MILLISECONDS = 2000  # for counting
READ_MILLISECONDS = 15_000  # for everything else that is read


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are; ``is_estimate`` says that nobody has counted them all."""

    rows: int
    is_estimate: bool = False

    def as_json(self, name: str = "") -> dict[str, Any]:
        """Control information of a collection, or of an expanded one called ``name``."""
        found: dict[str, Any] = {f"{name}@iot.count": self.rows}
        return found | ({f"{name}@iot.countIsEstimate": True} if self.is_estimate else {})


def rows_count(rows: QuerySet[Any]) -> Count:
    """Exact up to ``BOUND`` rows and two seconds, else what the planner expects."""
    counted = BOUND + 1
    try:
        with transaction.atomic():
            time_limit(MILLISECONDS)
            counted = rows.order_by()[: BOUND + 1].count()
            time_limit(READ_MILLISECONDS)
    except OperationalError:
        return Count(_expected(rows), is_estimate=True)
    return Count(max(_expected(rows), counted), is_estimate=True) if counted > BOUND else Count(counted)


def time_limit(milliseconds: int) -> None:
    """How long each statement may take for the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])


def _expected(rows: QuerySet[Any]) -> int:
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def nested_count(rows: QuerySet[Any]) -> Func:
    """The number of ``rows`` of an outer row, at most one more than ``NESTED_BOUND``."""
    some = ArraySubquery(rows.order_by().values(one=Value(1))[: NESTED_BOUND + 1])
    return Func(some, function="cardinality", output_field=IntegerField())


def nested_counted(number: int) -> Count:
    """What such a number says."""
    return Count(number, is_estimate=number > NESTED_BOUND)
