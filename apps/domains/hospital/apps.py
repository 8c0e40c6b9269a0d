from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HospitalConfig(AppConfig):
    """Hospitals, beds, theatres, staff and encounters."""

    name = "apps.domains.hospital"
    label = "hospital"
    verbose_name = _("Hospital")
