"""Every benchmark of privacy in turn: kernel, floor, access log, finder, texts, releases, statistics."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

NAMES = ("kernel", "floor", "audit", "finder", "texts", "release", "dp")


def main() -> None:
    """Each prints its own figures."""
    for name in NAMES:
        module = f"benchmarks.privacy_{name}"
        if find_spec(module):
            import_module(module).main()


if __name__ == "__main__":
    main()
