from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolConfig(AppConfig):
    """Schools, rooms, classes, courses and answers."""

    name = "apps.domains.school"
    label = "school"
    verbose_name = _("School")
