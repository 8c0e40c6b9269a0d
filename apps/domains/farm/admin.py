"""Portal pages of the farm domain."""

from __future__ import annotations

from apps.domains.farm.models import Crop, Farm, Field, WeatherStation, Zone
from apps.privacy.services.admin import policy_register

policy_register(
    Farm,
    columns=("code", "name", "division", "holder_name", "holder_phone"),
    search=("code", "name"),
    filters=("division",),
)
policy_register(
    Crop,
    columns=("code", "name", "kc_initial", "kc_middle", "kc_late", "root_depth"),
    search=("code", "name"),
)
policy_register(
    Field, columns=("code", "name", "farm", "crop", "area"), search=("code", "name"), filters=("crop",)
)
policy_register(Zone, columns=("code", "name", "field", "flow", "area"), search=("code", "name"))
policy_register(
    WeatherStation,
    columns=("code", "name", "division", "elevation"),
    search=("code", "name"),
    filters=("division",),
)
