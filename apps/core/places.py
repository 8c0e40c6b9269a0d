"""Abstract models for what has a code, a name and a place."""

from __future__ import annotations

from django.contrib.gis.db.models import PointField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.geometry import mercator_field


class Named(models.Model):
    """A row with a code that other systems know and a name that people know."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        english: str = getattr(self, "name_en", "") if get_language() == "en" else ""
        return english or self.name


class Located(Named):
    """A named row at one point, in one division."""

    PLACE_PATH = "division"

    division = models.CharField(_("division code"), max_length=12, blank=True)
    geometry = PointField(_("place"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Named.Meta):
        abstract = True
