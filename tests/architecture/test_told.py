"""Whoever shows a row as the kernel decides tells the access log which fields they have shown."""

from __future__ import annotations

import re
from pathlib import Path

APPS = Path(__file__).resolve().parent.parent.parent / "apps"
SHOWS = re.compile(r"(?<!\w)(?:masked|RowPolicy)\(")
TELLS = re.compile(r"(?<!\w)seen\(")
# Makes values for readers that tell themselves; chooses places by what is clear; softens what stays stored.
SHOWS_NOTHING = {
    "sensing/sensorthings/shaping.py",
    "scheduling/services/parameters.py",
    "subjects/services/erasing.py",
}


def test_whoever_shows_a_row_tells_the_access_log() -> None:
    texts = {str(path.relative_to(APPS)): path.read_text(encoding="utf-8") for path in APPS.rglob("*.py")}
    showing = {
        name
        for name, text in texts.items()
        if SHOWS.search(text) and not name.startswith("privacy/") and name not in SHOWS_NOTHING
    }
    assert len(showing) > 8
    assert not {name for name in showing if not TELLS.search(texts[name])}
