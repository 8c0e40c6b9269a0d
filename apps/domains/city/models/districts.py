"""The districts of the city."""

from __future__ import annotations

from django.contrib.gis.db.models import MultiPolygonField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.geometry import mercator_field
from apps.core.places import Named


class District(Named):
    """One district; its code is the division code."""

    PLACE_PATH = "code"

    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    geometry = MultiPolygonField(_("area"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Named.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")
