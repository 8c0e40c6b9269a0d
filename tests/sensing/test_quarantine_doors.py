"""Every row of quarantine says by which of the declared channels it came."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps
from django.test import Client

from apps.sensing.data import Door, Fault
from apps.sensing.models import QuarantinedRow
from apps.sensing.models.uploads import Channel
from apps.sensing.sensorthings.writing.storing import faults_quarantine
from tests.people import person
from tests.portal.builders import logged_in

ROOT = Path(__file__).resolve().parents[2] / "apps"
ROWS = "/api/v1/sensing/quarantine/"


def doors_written() -> Iterator[tuple[str, str]]:
    """File and value wherever the code gives a channel as a plain text."""
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "migrations" in path.parts or not re.search(r"door|Origin", text, re.IGNORECASE):
            continue
        for node in ast.walk(ast.parse(text)):
            for value in given(node):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield path.name, value.value


def given(node: ast.AST) -> list[ast.expr | None]:
    """What a statement gives as a door: ``door=``, ``DOOR =`` and the second argument of ``Origin``."""
    if isinstance(node, ast.keyword) and node.arg == "door":
        return [node.value]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [node.value] if any(getattr(one, "id", "") == "DOOR" for one in targets) else []
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Origin":
        return [node.args[1]] if len(node.args) > 1 else []
    return []


def test_every_writer_of_quarantine_names_a_declared_channel() -> None:
    assert set(get_args(Door)) == set(Channel.values)
    found = list(doors_written())
    assert {value for _name, value in found} == set(Channel.values)


@pytest.mark.django_db
def test_rows_of_sensorthings_are_found_by_the_name_of_their_channel() -> None:
    faults_quarantine([Fault(1, "result", "type", "no number", {"result": "much"})], domain="school")
    client: Client = logged_in(person("teacher", roles=["school-operator"]))
    assert len(client.get(ROWS, {"door": Channel.SENSORTHINGS.value}).json()["results"]) == 1


@pytest.mark.django_db
def test_rows_that_stood_under_the_former_name_are_renamed() -> None:
    QuarantinedRow.objects.create(domain="school", door="sta", row={}, code="type", reason="x")
    import_module("apps.sensing.migrations.0013_sensorthings_door").rename(apps, None)
    assert QuarantinedRow.objects.get().door == Channel.SENSORTHINGS
