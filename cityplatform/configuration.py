"""``python -m cityplatform.configuration``: every environment variable, from the settings themselves."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from cityplatform.settings import env

HEAD = """# Configuration

Written by `make docs` from `cityplatform/settings`; do not edit. Every setting is an environment variable; a
secret can be given as `NAME_FILE` with the path of a file that holds it.

| variable | kind | default | meaning |
| --- | --- | --- | --- |
"""
ROOT = str(Path(__file__).resolve().parent.parent)


def page() -> str:
    """The page as Markdown, in the order of the names; paths are given from the folder of the checkout."""
    settings = import_module("cityplatform.settings")
    places = {str(settings.VAR_DIR): "VAR_DIR", ROOT: "."}
    rows = [
        f"| `{item.name}` | {item.kind} | `{_default(item, places)}` | {item.meaning} |"
        for item in sorted(env.VARIABLES.values(), key=lambda item: item.name)
    ]
    return HEAD + "\n".join(rows) + "\n"


def _default(item: env.Variable, places: dict[str, str]) -> str:
    """The default, whatever folders this installation uses."""
    if item.kind == "secret":
        return "(secret)"
    text = item.default
    for place, name in places.items() if item.name != "VAR_DIR" else {ROOT: "."}.items():
        text = text.replace(place, name)
    return text or " "


if __name__ == "__main__":
    sys.stdout.write(page())
