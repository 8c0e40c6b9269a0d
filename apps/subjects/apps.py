from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubjectsConfig(AppConfig):
    """The rights of the people that the data speak of, and what is done when data have leaked."""

    name = "apps.subjects"
    verbose_name = _("Subject rights")
