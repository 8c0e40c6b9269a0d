"""What the policy kernel adds to a list: 1,000 rows of 30 fields, beside the same serializer without it.

Rows are in memory and nothing is queried or rendered, so that the share is the largest that a request can
show. One list is of one class; the other has decisions that depend on the row: three in ten are minors, whose
values are masked, the others are clear.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from statistics import median
from types import SimpleNamespace
from typing import Any

import django

from benchmarks.figures import Figure
from benchmarks.sizes import size

ROWS, FIELDS, ROUNDS, SINGLE = size((1_000, 30, 15, 100_000), (50, 30, 2, 1000))
MOST = 1.15  # of the time without the kernel
LISTS = {"one class of rows": "catalogue.Dataset", "decisions by row": "hospital.Patient"}


def values_of(field: Any, number: int) -> Any:
    """Something of the field's kind."""
    kind = field.get_internal_type()
    if field.is_relation or "Integer" in kind or kind in {"AutoField", "BigAutoField"}:
        return number
    if kind == "DateField":
        return date(1960 + number % 60, 1, 1)
    return {"BooleanField": True, "JSONField": {}, "ArrayField": [], "FloatField": 1.5}.get(
        kind, f"text {number}" if "Char" in kind or "Text" in kind or "Slug" in kind else None
    )


def rows_made(model: Any) -> list[Any]:
    """Rows that are in no database."""
    fields = model._meta.concrete_fields
    return [
        model(**{field.attname: values_of(field, number) for field in fields})
        for number in range(1, ROWS + 1)
    ]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def list_measure(name: str, label: str, viewer: Any) -> None:
    """Both serializers by turns."""
    rest = import_module("apps.privacy.services.rest")
    asking = import_module("apps.privacy.services.asking")
    model = import_module("django.apps").apps.get_model(label)
    names = [field.name for field in model._meta.concrete_fields][:FIELDS]
    ours = rest.policy_serializer(model, fields=names)
    bases = (import_module("rest_framework.serializers").ModelSerializer,)
    mapping = {"serializer_field_mapping": ours.serializer_field_mapping}
    plain = type("Plain", bases, {"Meta": type("Meta", (), {"model": model, "fields": names}), **mapping})
    rows = rows_made(model)
    request = SimpleNamespace(META={asking.VIEWER_KEY: (1, viewer)}, user=SimpleNamespace(pk=1))
    pairs = [
        (
            timed(lambda: ours(rows, many=True, context={"request": request}).data),
            timed(lambda: plain(rows, many=True, context={"request": request}).data),
        )
        for _round in range(ROUNDS)
    ]
    mine, peer = (median(column) for column in zip(*pairs, strict=True))
    title = f"{ROWS} rows x {len(names)} fields, {name}"
    Figure(
        "privacy_kernel", title, mine, "ms", peer, goal=MOST if len(names) == FIELDS else None, at_most=True
    ).show()


def main() -> None:
    """Both lists, then single decisions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
    django.setup()
    data = import_module("apps.accounts.data")
    policy = import_module("apps.privacy.selectors.inforce").IN_FORCE
    policy.looked = float("inf")  # no database here: no policy but grade and role
    rights = frozenset({(slug, data.Capability.VIEW) for slug in ("city", "hospital")})
    grade = import_module("apps.core.grades").Grade
    purposes = frozenset({("hospital", "treatment")})
    viewer = data.Viewer(user_id=1, clearance=grade.L4, rights=rights, purposes=purposes, purpose="treatment")
    for name, label in LISTS.items():
        list_measure(name, label, viewer)
    decide = import_module("apps.privacy.services").decide
    took = timed(lambda: [decide(viewer, "hospital.Patient", "name") for _one in range(SINGLE)])
    Figure("privacy_kernel", "single decision", took / SINGLE * 1000, "us").show()


if __name__ == "__main__":
    main()
