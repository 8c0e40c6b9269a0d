"""Portal pages of sources, of their log, and of timetables."""

from __future__ import annotations

from apps.privacy.services.admin import policy_register
from apps.pulls.models import PullRun, Source, TransitRoute, TransitService, TransitStop, TransitTrip

policy_register(
    Source,
    columns=("name", "domain", "kind", "address", "schedule", "active", "next_due", "failures"),
    search=("name", "address"),
    filters=("domain", "kind", "active"),
)
policy_register(
    PullRun,
    columns=("started_at", "source", "state", "fetched", "stored", "repeated", "quarantined", "message"),
    search=("source__name", "message"),
    filters=("state",),
)
policy_register(TransitStop, columns=("code", "name", "zone", "parent", "source"), search=("code", "name"))
policy_register(
    TransitRoute,
    columns=("short_name", "name", "code", "route_type", "trips", "source"),
    search=("code", "name"),
)
policy_register(TransitService, columns=("code", "weekdays", "start", "end", "source"), search=("code",))
policy_register(
    TransitTrip,
    columns=("code", "route", "service", "headsign", "direction", "departure", "arrival"),
    search=("code", "headsign"),
)
