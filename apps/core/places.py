"""Abstract models for what has a code, a name and a place."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.gis.db.models import PointField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.geometry import mercator_field

# The place of what speaks of more than one province: it lies in no division, so only the whole city sees it.
EVERYWHERE = "000000"
LEVELS = (2, 4, 6, 9, 12)  # GB/T 2260 and GB/T 10114: province, city, district, street, village


def division_around(codes: Iterable[str]) -> str:
    """The narrowest division around all of some codes; "" where none of them names a place.

    ``359901`` and ``359902`` lie in ``359900``; codes of two provinces lie in ``EVERYWHERE``.
    """
    places = sorted({code for code in codes if code})
    if len(places) <= 1:
        return "".join(places)
    shared = max((level for level in LEVELS if len({code[:level] for code in places}) == 1), default=0)
    return places[0][:shared].ljust(len(EVERYWHERE), "0")


class Named(models.Model):
    """A row with a code that other systems know and a name that people know."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Located(Named):
    """A named row at one point, in one division."""

    PLACE_PATH = "division"

    division = models.CharField(_("division code"), max_length=12, blank=True)
    geometry = PointField(_("place"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Named.Meta):
        abstract = True
