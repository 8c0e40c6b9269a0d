"""Where things are and were, and what their readings are about."""

from __future__ import annotations

from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A named geometry of a domain, longitude first in WGS 84."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    domain = models.CharField(_("domain"), max_length=16)
    division = models.CharField(_("division code"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    encoding_type = models.CharField(_("encoding"), max_length=80, default="application/geo+json")
    geometry = GeometryField(_("place"), srid=4326)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Location(Place):
    """A place where things are now."""

    things = models.ManyToManyField("sensing.Thing", related_name="locations", verbose_name=_("things"))

    class Meta(Place.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["id"]


class FeatureOfInterest(Place):
    """What the readings of a datastream are about: a room, a stretch of river, the air at a crossing."""

    class Meta(Place.Meta):
        verbose_name = _("feature of interest")
        verbose_name_plural = _("features of interest")
        ordering = ["id"]


class HistoricalLocation(models.Model):
    """Where a thing was from a moment on; written whenever its locations change."""

    DOMAIN_PATH = "thing__domain"
    PLACE_PATH = "thing__division"

    thing = models.ForeignKey(
        "sensing.Thing", models.CASCADE, related_name="historical_locations", verbose_name=_("thing")
    )
    time = models.DateTimeField(_("time"))
    locations = models.ManyToManyField(
        Location, related_name="historical_locations", verbose_name=_("locations")
    )

    class Meta:
        verbose_name = _("historical location")
        verbose_name_plural = _("historical locations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.thing_id} {self.time:%Y-%m-%dT%H:%M:%SZ}"
