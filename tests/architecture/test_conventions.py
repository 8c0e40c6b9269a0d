"""Conventions that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for top in ("apps", "cityplatform")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)
EMPTY_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py", "manager.py"}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_file_is_longer_than_400_lines() -> None:
    assert not [str(path) for path in SOURCES if len(path.read_text().splitlines()) > 400]


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in functions(ast.parse(path.read_text()))
        if (node.end_lineno or node.lineno) - node.lineno >= 50
    ]
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [str(path) for path in SOURCES if path.name in EMPTY_NAMES]


def test_first_party_imports_stand_at_the_top() -> None:
    lazy = [
        f"{path}:{inner.lineno}"
        for path in SOURCES
        for node in functions(ast.parse(path.read_text()))
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith(("apps", "cityplatform"))
    ]
    assert not lazy


def test_tasks_end_in_task() -> None:
    wrong = [
        f"{path}: {node.name}"
        for path in SOURCES
        if path.name == "tasks.py" or path.parent.name == "tasks"
        for node in functions(ast.parse(path.read_text()))
        if any("shared_task" in ast.dump(decorator) for decorator in node.decorator_list)
        and not node.name.endswith("_task")
    ]
    assert not wrong


def test_suppressions_are_rare_and_reasoned() -> None:
    lines = [line for path in SOURCES for line in path.read_text().splitlines()]
    marks = [line for line in lines if re.search(r"# (?:noqa|type: ignore)", line)]
    assert len(marks) <= max(2, 2 * len(lines) // 10_000)
    assert not [line for line in marks if not re.search(r"# (?:noqa: \S+|type: ignore\[[^]]+\])\s+\S", line)]


@pytest.mark.parametrize(
    "template",
    sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "apps").rglob("*.html")),
    ids=lambda p: p.name,
)
def test_templates_carry_no_inline_script_and_no_outside_address(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
