"""``manage.py import_series``: bring a city's own sensor file in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from apps.core.errors import ProblemError
from apps.domains.city.services.importing import SeriesSource, series_import
from apps.domains.city.services.importing.tables import Clock


class Command(BaseCommand):
    """Road segments, datastreams and readings from a wide or long CSV (also gzipped) or Parquet file."""

    help = "Import a sensor file: wide (a column a sensor) or long (time, sensor, value)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What must be known about the file."""
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--locations", type=Path, required=True, help="CSV: sensor, latitude, longitude")
        parser.add_argument("--adjacency", type=Path, help="CSV: square matrix of weights 0 to 1, no header")
        parser.add_argument("--mapping", type=Path, help="JSON or YAML: time, sensor, value, latitude, ...")
        parser.add_argument("--time-zone", default="Asia/Shanghai", help="zone of times without one")
        parser.add_argument("--start", help="first time, where the file has none: 2012-03-01T00:00")
        parser.add_argument("--step", type=int, default=0, help="seconds between two rows")
        parser.add_argument("--kind", default="speed")
        parser.add_argument("--unit", default="km/h", help="UCUM code of the file's numbers")
        parser.add_argument("--prefix", default="", help="put before sensor names to make codes")
        parser.add_argument("--title", default="", help="put before sensor names to make segment names")

    def handle(self, **options: Any) -> None:
        """Import, or say what is wrong with the file."""
        names = ("file", "locations", "adjacency", "mapping", "kind", "unit", "prefix", "title")
        try:
            done = series_import(
                SeriesSource(clock=_clock(options), **{name: options[name] for name in names})
            )
        except ProblemError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.segments} segments, {done.links} links, {done.stored} readings stored, "
            f"{done.repeated} known already, {done.conflict} with another value, "
            f"{done.first:%Y-%m-%d %H:%M} to {done.last:%Y-%m-%d %H:%M} UTC"
        )


def _clock(options: dict[str, Any]) -> Clock:
    try:
        zone = ZoneInfo(options["time_zone"])
        start = parse_datetime(options["start"]) if options["start"] else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"Time zone or start cannot be read: {error}.") from error
    if options["start"] and start is None:
        raise CommandError("--start must look like 2012-03-01T00:00.")
    return Clock(zone, start, options["step"])
