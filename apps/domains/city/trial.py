"""One complete path: a folder of sensor files in, a trained forecast out, as figures to print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from apps.core.errors import ProblemError
from apps.core.units import unit_factor
from apps.domains.city.services.importing import Imported, SeriesSource, series_import
from apps.domains.city.services.importing.tables import Clock
from apps.domains.city.simulator.export import week_export

RECIPE = "city.traffic_speed"
EXPORT_DAYS = 14  # whole weeks: the fitting part holds a weekend, whatever day it is
EXPORT_EPOCHS = 10  # enough to see the network pass its baselines
STEP = 300
LOS_LOOP = "los_loop"
# Errors in miles an hour by minutes ahead: (RMSE, MAE). Zhao et al., T-GCN, IEEE T-ITS 21 (2020), Los-loop.
# 15 min agrees with a new scoring of the authors' published predictions; 30 to 60 min are as quoted there.
TGCN: dict[str, tuple[float, float | None]] = {
    "15": (5.1264, 3.1802),
    "30": (6.0598, None),
    "45": (6.7065, None),
    "60": (7.2677, None),
}
TGCN_SOURCE = "T-GCN: Zhao et al., IEEE T-ITS 21 (2020); its epoch was chosen on the test part, ours was not."


@dataclass(frozen=True, slots=True)
class Trial:
    """A data set, where its readings begin and end, the unit of its figures, and whom to compare with."""

    scope: str  # "" for the live city
    unit: str
    imported: Imported
    published: dict[str, tuple[float, float | None]]
    epochs: int | None = None  # the recipe's when left out

    @property
    def data_until(self) -> datetime:
        """The end of the last step."""
        return self.imported.last + timedelta(seconds=STEP)

    @property
    def label(self) -> str:
        """The unit as people write it."""
        return self.unit.replace("[mi_i]", "mi")

    @property
    def factor(self) -> float:
        """What turns km/h, in which all speeds are stored, into the unit of the figures."""
        return unit_factor("km/h", self.unit)[0]


def trial_import(folder: Path | None) -> Trial:
    """Import ``folder``; without one the simulator writes its own files first and they are imported."""
    if folder is not None and (folder / "los_speed.csv.gz").exists():
        return Trial(LOS_LOOP, "[mi_i]/h", series_import(_los_loop(folder)), TGCN)
    if folder is None:
        folder = settings.VAR_DIR / "demo-traffic"
        week_export(folder, until=timezone.now(), days=EXPORT_DAYS)
        return Trial("", "km/h", series_import(_exported(folder, "")), {}, EXPORT_EPOCHS)
    if not (folder / "speed.csv.gz").exists():
        raise ProblemError(f"{folder} holds neither los_speed.csv.gz nor speed.csv.gz.", "data")
    return Trial(folder.name, "km/h", series_import(_exported(folder, f"{folder.name}-")), {})


def _los_loop(folder: Path) -> SeriesSource:
    zone = ZoneInfo("America/Los_Angeles")
    return SeriesSource(
        file=folder / "los_speed.csv.gz",
        locations=folder / "graph_sensor_locations.csv",
        adjacency=folder / "los_adj.csv",
        clock=Clock(zone, datetime(2012, 3, 1, tzinfo=zone), STEP),
        unit="[mi_i]/h",
        prefix="LA-",
        title="Los-loop",
    )


def _exported(folder: Path, prefix: str) -> SeriesSource:
    return SeriesSource(
        file=folder / "speed.csv.gz",
        locations=folder / "locations.csv",
        adjacency=folder / "adjacency.csv",
        clock=Clock(ZoneInfo(settings.TIME_ZONE), step=STEP),
        prefix=prefix,
    )


def table_lines(
    trial: Trial,
    metrics: dict[str, dict[str, float]],
    baselines: dict[str, dict[str, dict[str, float]]],
) -> Iterator[str]:
    """Errors by minutes ahead, the network beside its baselines and what was published."""
    columns = {"network": metrics, **baselines}
    heads = [*columns, *(["T-GCN"] if trial.published else [])]
    yield f"{'RMSE / MAE, ' + trial.label:<20}" + "".join(f"{name:>20}" for name in heads)
    for minutes in sorted(metrics, key=int):
        cells = [
            (rows[minutes]["rmse"] * trial.factor, rows[minutes]["mae"] * trial.factor)
            for rows in columns.values()
        ]
        printed = [
            _cell(*cell)
            for cell in [*cells, *([trial.published[minutes]] if minutes in trial.published else [])]
        ]
        yield f"{minutes + ' min':<20}" + "".join(f"{cell:>20}" for cell in printed)
    if trial.published:
        yield TGCN_SOURCE


def _cell(rmse: float, mae: float | None) -> str:
    return f"{rmse:.3f} / {'-' if mae is None else format(mae, '.3f')}"
