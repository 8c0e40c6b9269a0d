"""Farms, their fields and irrigation zones, crops and weather stations."""

from __future__ import annotations

from django.contrib.gis.db.models import PolygonField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.geometry import mercator_field
from apps.core.places import Located, Named


class Farm(Located):
    """One farm and the person who answers for it."""

    holder_name = models.CharField(_("holder"), max_length=80)
    holder_phone = models.CharField(_("holder's telephone"), max_length=20, blank=True)

    class Meta(Located.Meta):
        verbose_name = _("farm")
        verbose_name_plural = _("farms")


class Crop(Named):
    """A crop with its coefficients (FAO Irrigation and Drainage Paper 56, table 12)."""

    kc_initial = models.FloatField(_("Kc initial"))
    kc_middle = models.FloatField(_("Kc middle"))
    kc_late = models.FloatField(_("Kc late"))
    root_depth = models.FloatField(_("root depth (m)"))

    class Meta(Named.Meta):
        verbose_name = _("crop")
        verbose_name_plural = _("crops")


class Field(Named):
    """A field with one crop; its thing carries the soil moisture probe."""

    PLACE_PATH = "farm__division"

    farm = models.ForeignKey(Farm, models.PROTECT, related_name="fields", verbose_name=_("farm"))
    crop = models.ForeignKey(Crop, models.PROTECT, null=True, blank=True, verbose_name=_("crop"))
    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    area = models.FloatField(_("area (ha)"))
    geometry = PolygonField(_("outline"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Named.Meta):
        verbose_name = _("farm field")
        verbose_name_plural = _("farm fields")


class Zone(Named):
    """A part of a field that one valve waters."""

    PLACE_PATH = "field__farm__division"

    field = models.ForeignKey(Field, models.PROTECT, related_name="zones", verbose_name=_("farm field"))
    flow = models.FloatField(_("flow (m3/h)"))
    area = models.FloatField(_("area (ha)"))

    class Meta(Named.Meta):
        verbose_name = _("irrigation zone")
        verbose_name_plural = _("irrigation zones")


class WeatherStation(Located):
    """A station whose thing measures temperature, humidity, wind, radiation and rain."""

    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    elevation = models.FloatField(_("elevation (m)"), default=0)

    class Meta(Located.Meta):
        verbose_name = _("weather station")
        verbose_name_plural = _("weather stations")
