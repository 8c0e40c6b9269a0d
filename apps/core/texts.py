"""What a text may hold before anything stores it, compares it or sends it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# PostgreSQL stores no NUL; half of a surrogate pair is no character and has no UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LONGEST_PATH = 80
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def text_is_storable(text: str) -> bool:
    """Whether the database takes the text as it is."""
    return UNSTORABLE.search(text) is None


def text_clean(text: str, most: int | None = None) -> str:
    """The text as the database takes it, cut to ``most`` characters."""
    return UNSTORABLE.sub(REPLACEMENT, text[:most])


def form_unreadable(form: Any) -> Iterator[str]:
    """The names of the fields of a form in parts that are no text; its parser replaces what is no UTF-8."""
    for name, values in form.lists():
        if any(not text_is_storable(text) or REPLACEMENT in text for text in (name, *map(str, values))):
            yield text_clean(name)


def unstorable_paths(value: Any, path: str = "") -> Iterator[str]:
    """Where a JSON value of bounded depth holds texts that are none: ``"chosen.0.name"``."""
    if isinstance(value, str):
        if not text_is_storable(value):
            yield path
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = text_clean(f"{path}.{name}".strip("."), LONGEST_PATH)
            if not text_is_storable(name):
                yield inner
            yield from unstorable_paths(item, inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unstorable_paths(item, f"{path}.{index}".strip("."))
