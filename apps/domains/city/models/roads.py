"""Road segments, and how traffic passes from one to the next."""

from __future__ import annotations

from django.contrib.gis.db.models import LineStringField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.geometry import mercator_field
from apps.core.places import Named


class RoadClass(models.TextChoices):
    """Classes of urban roads after GB 51328-2018, with motorways, and sensors of files that name no road."""

    MOTORWAY = "motorway", _("Motorway")
    EXPRESSWAY = "expressway", _("Expressway")
    ARTERIAL = "arterial", _("Arterial road")
    COLLECTOR = "collector", _("Collector road")
    LOCAL = "local", _("Local road")
    DETECTOR = "detector", _("Detector of an imported set")


STREETS = tuple(choice for choice in RoadClass if choice != RoadClass.DETECTOR)  # what one can drive on


class RoadSegment(Named):
    """A stretch of road between two junctions, both directions together; its thing carries the speed."""

    PLACE_PATH = "division"

    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    road_class = models.CharField(_("road class"), max_length=10, choices=RoadClass)
    lanes = models.PositiveSmallIntegerField(_("lanes"), default=2)
    speed_limit = models.FloatField(_("speed limit (km/h)"))
    length = models.FloatField(_("length (m)"))
    division = models.CharField(_("division code"), max_length=12, blank=True)
    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    geometry = LineStringField(_("line"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Named.Meta):
        verbose_name = _("road segment")
        verbose_name_plural = _("road segments")


class RoadLink(models.Model):
    """How strongly the traffic of one segment bears on another, 0 to 1."""

    PLACE_PATH = "source__division"

    source = models.ForeignKey(RoadSegment, models.CASCADE, related_name="+", verbose_name=_("from segment"))
    target = models.ForeignKey(RoadSegment, models.CASCADE, related_name="+", verbose_name=_("to segment"))
    weight = models.FloatField(_("weight"), default=1.0)

    class Meta:
        verbose_name = _("road link")
        verbose_name_plural = _("road links")
        ordering = ["source", "target"]
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="road_link_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.target_id}"
