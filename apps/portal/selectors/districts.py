"""The figures of each district: its readings of the last finished hours, and its open requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts.data import Viewer
from apps.core.declarations import StreamKind
from apps.core.domains import Domain, all_domains
from apps.portal.selectors.rows import plain, visible
from apps.privacy.services import visible_fields

HOURS = 24
CALLED = ("code", "name", "name_en")
READ = ("sensing.RollupHour", "sensing.Datastream", "sensing.Thing")
REQUEST = "city.ServiceRequest"
COUNTED = ("division", "state")


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of reading in one hour: mean, lowest and highest over how many series."""

    begins: datetime
    mean: float
    lowest: float | None
    highest: float | None
    series: int


@dataclass(frozen=True, slots=True)
class District:
    """One district with the hours of each kind that is read there, oldest first."""

    code: str
    name: str
    link: str
    kinds: dict[str, list[Figure]] = field(default_factory=dict)
    requests: int | None = None  # open ones; None where the viewer may not count them

    def at(self, begins: datetime | None, kind: str) -> Figure | None:
        """The figure of one hour; None where nothing was read in it."""
        return next((figure for figure in self.kinds.get(kind, []) if figure.begins == begins), None)


def domain_with_areas(viewer: Viewer) -> Domain | None:
    """The first domain of the viewer whose map opens on areas."""
    found = (domain for domain in all_domains() if domain.slug in viewer.domains)
    return next((domain for domain in found if any(layer.home for layer in domain.layers)), None)


def districts_of(viewer: Viewer, domain: Domain) -> list[District]:
    """Every district that the viewer may know of, by code."""
    layer = next(layer for layer in domain.layers if layer.home)
    decisions = visible_fields(viewer, apps.get_model(layer.model))
    if not all(decisions[name].is_clear for name in CALLED if name in decisions):
        return []
    english = (get_language() or "").startswith("en")
    found = [
        District(row.code, (english and row.name_en) or row.name, f"{domain.slug}.{layer.key}/{row.pk}")
        for row in visible(viewer, layer.model).order_by("code")
    ]
    counts = _requests(viewer)
    _fill(viewer, domain, found)
    return [_counted(district, counts) if _is_inside(viewer, district) else district for district in found]


def newest_hour(districts: list[District]) -> datetime | None:
    """The last hour in which anything was read anywhere."""
    hours = (figures[-1].begins for district in districts for figures in district.kinds.values())
    return max(hours, default=None)


def kinds_shown(domain: Domain, districts: list[District]) -> list[StreamKind]:
    """The kinds that any district has readings of, in the order of the domain."""
    return [kind for kind in domain.kinds if any(kind.key in district.kinds for district in districts)]


def _fill(viewer: Viewer, domain: Domain, districts: list[District]) -> None:
    """The hourly means of the things inside each district, by the beginning of their division code."""
    end = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = plain(viewer, *READ).filter(
        datastream__thing__domain=domain.slug,
        bucket__gte=end - timedelta(hours=HOURS),
        bucket__lt=end,
        count__gt=0,
    )
    for district in districts:
        inside = rows.filter(datastream__thing__division__startswith=district.code)
        sums = (
            inside.order_by("datastream__kind", "bucket")
            .values("datastream__kind", "bucket")
            .annotate(
                sums=Sum("total"),
                counts=Sum("count"),
                least=Min("lowest"),
                most=Max("highest"),
                series=Count("datastream", distinct=True),
            )
        )
        for row in sums:
            figure = Figure(
                row["bucket"], row["sums"] / row["counts"], row["least"], row["most"], row["series"]
            )
            district.kinds.setdefault(row["datastream__kind"], []).append(figure)


def _requests(viewer: Viewer) -> dict[str, int] | None:
    """Open requests by division, for those who may list the very rows; nobody else is told a number."""
    decisions = visible_fields(viewer, apps.get_model(REQUEST))
    if not all(decisions[name].is_clear for name in COUNTED):
        return None
    rows: Any = visible(viewer, REQUEST).exclude(state="closed").order_by()
    return dict(rows.values_list("division").annotate(Count("pk")))


def _is_inside(viewer: Viewer, district: District) -> bool:
    """Whether the viewer sees every row of the district: a part of them would be a wrong number."""
    return district.code.startswith(viewer.division or "")


def _counted(district: District, counts: dict[str, int] | None) -> District:
    if counts is None:
        return district
    total = sum(count for division, count in counts.items() if division.startswith(district.code))
    return District(district.code, district.name, district.link, district.kinds, total)
