"""The figures of the districts: a table, and the last day of one kind as curves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability
from apps.core.declarations import StreamKind
from apps.core.quantities import unit_symbol
from apps.portal.selectors.districts import (
    District,
    districts_of,
    domain_with_areas,
    kinds_shown,
    newest_hour,
)
from apps.portal.views.page import needs, page
from apps.privacy.services.rest import request_viewer

LATE = timedelta(hours=2, minutes=15)  # after the beginning of the newest hour that is summed up


@needs(Capability.VIEW)
def districts(request: HttpRequest) -> HttpResponse:
    """One row a district; the kind of the curves is in the address."""
    viewer = request_viewer(request)
    domain = domain_with_areas(viewer)
    found = districts_of(viewer, domain) if domain else []
    kinds = kinds_shown(domain, found) if domain else []
    kind = next((one for one in kinds if one.key == request.GET.get("kind")), kinds[0] if kinds else None)
    newest = newest_hour(found)
    return page(
        request,
        "portal/districts.html",
        title=_("Figures of the districts"),
        kinds=kinds,
        kind=kind,
        unit=unit_symbol(kind.unit) if kind else "",
        lines=[(district, [(one, district.at(newest, one.key)) for one in kinds]) for district in found],
        newest=newest,
        late=newest is not None and timezone.now() - newest > LATE,
        counts_requests=any(district.requests is not None for district in found),
        curves=_curves(found, kind) if kind else {},
        hours=_hours(found, kind) if kind else [],
    )


def _times(districts: list[District], kind: StreamKind) -> list[Any]:
    return sorted({figure.begins for district in districts for figure in district.kinds.get(kind.key, [])})


def _by_hour(district: District, kind: StreamKind) -> dict[Any, float]:
    return {figure.begins: figure.mean for figure in district.kinds.get(kind.key, [])}


def _curves(districts: list[District], kind: StreamKind) -> dict[str, Any]:
    """For the script: one line a district over the hours of a day; None is a gap."""
    times = _times(districts, kind)
    shown = [
        (district.name, _by_hour(district, kind)) for district in districts if kind.key in district.kinds
    ]
    return {
        "times": [time.isoformat() for time in times],
        "lines": [{"title": name, "values": [means.get(time) for time in times]} for name, means in shown],
    }


def _hours(districts: list[District], kind: StreamKind) -> list[tuple[Any, list[float | None]]]:
    """The same as a table, newest first."""
    means = [_by_hour(district, kind) for district in districts]
    return [(time, [one.get(time) for one in means]) for time in reversed(_times(districts, kind))]
