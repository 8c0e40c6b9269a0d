"""Every benchmark of the collection side, one after the other."""

from __future__ import annotations

from importlib import import_module

NAMES = (
    "ingest",
    "mqtt",
    "edge",
    "sensorthings",
    "live",
    "features",
    "tiles",
    "archive",
    "lake",
    "detectors",
)
LONG = ("history",)  # a hundred million readings: about ten minutes and 12 GB


def main() -> None:
    """Each prints its own figures."""
    for name in (*NAMES, *LONG):
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
