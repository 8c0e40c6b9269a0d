"""``manage.py simulate``: the demonstration's devices, sending through the gateway."""

from __future__ import annotations

import csv
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core.domains import Domain, all_domains
from apps.sensing.services.simulation import Sender, Simulator

TICK = 1.0  # seconds between two rounds
MINUTE = timedelta(minutes=1)


class Command(BaseCommand):
    """Run the simulator of every domain that declares one, until it is stopped."""

    help = "Send simulated readings through the gateway, or export some days as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what to do."""
        parser.add_argument("--export", type=Path, help="Folder for one CSV a domain, with original times.")
        parser.add_argument("--start", default="", help="First day of the export, as 2026-11-01.")
        parser.add_argument("--days", type=int, default=1, help="Days of the export.")

    def handle(self, *, export: Path | None, start: str, days: int, **_: object) -> None:
        """Run."""
        domains = [domain for domain in all_domains() if domain.simulator]
        if export is not None:
            for domain in domains:
                self.stdout.write(f"{_export(domain, export, start, days)}")
            return
        pairs = [(import_string(domain.simulator)(), _sender(domain.slug)) for domain in domains]
        _run(pairs)


def _run(pairs: list[tuple[Simulator, Sender]]) -> None:
    while True:
        began = time.monotonic()
        for simulator, sender in pairs:
            sender.send(simulator.readings(timezone.now()))
        time.sleep(max(0.0, TICK - (time.monotonic() - began)))


def _sender(slug: str) -> Sender:
    file = settings.VAR_DIR / "secrets" / "simulator.json"
    keys = json.loads(file.read_text()) if file.exists() else {}
    if slug not in keys:
        raise CommandError(f"{file} holds no key for {slug}; run manage.py seed_demo first.")
    return Sender(url=settings.GATEWAY_URL, key=keys[slug])


def _export(domain: Domain, folder: Path, start: str, days: int) -> Path:
    """Write ``<slug>.csv`` with columns datastream, phenomenonTime, result, minute by minute."""
    simulator: Simulator = import_string(domain.simulator)()
    now = (
        datetime.fromisoformat(start).replace(tzinfo=UTC) if start else timezone.now() - timedelta(days=days)
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{domain.slug}.csv"
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["datastream", "phenomenonTime", "result"])
        for _minute in range(days * 1440):
            now += MINUTE
            columns = simulator.readings(now)
            writer.writerows(zip(*columns.values(), strict=True))
    return file
