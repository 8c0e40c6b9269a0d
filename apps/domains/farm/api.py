"""REST collections of the farm domain."""

from __future__ import annotations

from apps.domains.farm.models import Crop, Farm, Field, WeatherStation, Zone
from apps.privacy.services.rest import policy_viewset

ROUTES = {
    "farms": policy_viewset(Farm, filters=("division",)),
    "crops": policy_viewset(Crop),
    "fields": policy_viewset(Field, filters=("farm", "crop")),
    "zones": policy_viewset(Zone, filters=("field",)),
    "weather-stations": policy_viewset(WeatherStation, filters=("division",)),
}
