"""Timetables as reference tables (GTFS): where buses stop, which routes they run, and on which days."""

from __future__ import annotations

from django.contrib.gis.db.models import LineStringField, PointField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.geometry import mercator_field
from apps.pulls.models.sources import Source


class Scheduled(models.Model):
    """A row of a timetable: the feed that brought it and its code there."""

    DOMAIN_PATH = "source__domain"

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name=_("source"))
    code = models.CharField(_("code"), max_length=120)

    class Meta:
        abstract = True
        ordering = ["source", "code"]

    def __str__(self) -> str:
        return self.code


class TransitStop(Scheduled):
    """A place where passengers get on and off."""

    name = models.CharField(_("name"), max_length=200)
    zone = models.CharField(_("fare zone"), max_length=60, blank=True)
    parent = models.CharField(_("station"), max_length=120, blank=True)
    geometry = PointField(_("place"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta(Scheduled.Meta):
        verbose_name = _("transit stop")
        verbose_name_plural = _("transit stops")
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="stop_once_a_feed")]


class TransitRoute(Scheduled):
    """A line as passengers know it, drawn along its longest shape."""

    short_name = models.CharField(pgettext_lazy("bus line", "number"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    route_type = models.PositiveSmallIntegerField(_("means of transport"))  # GTFS route_type: 3 is a bus
    colour = models.CharField(_("colour"), max_length=6, blank=True)
    trips = models.PositiveIntegerField(_("trips"), default=0)
    geometry = LineStringField(_("line"), srid=4326, null=True, blank=True)
    geometry_3857 = mercator_field()

    class Meta(Scheduled.Meta):
        verbose_name = _("transit route")
        verbose_name_plural = _("transit routes")
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="route_once_a_feed")]


class TransitService(Scheduled):
    """The days on which trips run."""

    weekdays = models.CharField(_("weekdays"), max_length=7)  # "1111100": Monday to Friday
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("to"), null=True, blank=True)
    added = models.JSONField(_("added days"), default=list, blank=True)
    removed = models.JSONField(_("cancelled days"), default=list, blank=True)

    class Meta(Scheduled.Meta):
        verbose_name = _("transit calendar")
        verbose_name_plural = _("transit calendars")
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="service_once_a_feed")]


class TransitTrip(Scheduled):
    """One run along a route; times are seconds after the noon minus twelve hours of its day."""

    route = models.ForeignKey(
        TransitRoute, models.CASCADE, related_name="+", verbose_name=pgettext_lazy("bus", "route")
    )
    service = models.ForeignKey(TransitService, models.CASCADE, related_name="+", verbose_name=_("calendar"))
    headsign = models.CharField(_("destination"), max_length=200, blank=True)
    direction = models.PositiveSmallIntegerField(_("direction"), null=True, blank=True)
    departure = models.PositiveIntegerField(_("first departure (s)"), null=True, blank=True)
    arrival = models.PositiveIntegerField(_("last arrival (s)"), null=True, blank=True)

    class Meta(Scheduled.Meta):
        verbose_name = _("transit trip")
        verbose_name_plural = _("transit trips")
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="trip_once_a_feed")]
