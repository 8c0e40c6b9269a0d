"""Air quality stations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.places import Located


class AirStation(Located):
    """A station that measures particles, gases, weather and noise."""

    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )

    class Meta(Located.Meta):
        verbose_name = _("air station")
        verbose_name_plural = _("air stations")
