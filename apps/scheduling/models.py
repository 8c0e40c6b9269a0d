"""Plan versions, their routes and their stops."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db.models import LineStringField
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.divisions import EVERYWHERE
from apps.core.geometry import mercator_field
from apps.core.sentences import SentenceField


class PlanState(models.TextChoices):
    """The life of a plan version; published is immutable."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class StaleReason(models.TextChoices):
    """What has changed since a plan was built."""

    READINGS = "readings", _("Readings that its travel times were computed from have been corrected.")
    OBJECTS = "objects", _("A record that it was built on has been corrected or erased.")


class Plan(models.Model):
    """One version of a plan for one problem, with its cost, bound and gap."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    domain = models.CharField(_("domain"), max_length=16)
    division = models.CharField(_("division code"), max_length=12, default=EVERYWHERE)
    problem = models.CharField(_("problem"), max_length=60)  # "city.inspection_rounds"
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    parameters = models.JSONField(_("parameters"), default=dict)
    snapshot = models.JSONField(_("input"), default=dict, blank=True)
    notes = models.JSONField(
        _("notes"), default=dict, blank=True
    )  # which forecast the travel times came from
    read_streams = ArrayField(
        models.BigIntegerField(), verbose_name=_("series that were read"), default=list, blank=True
    )
    read_from = models.DateTimeField(_("readings from"), null=True, blank=True)
    read_until = models.DateTimeField(_("readings until"), null=True, blank=True)
    stale = models.CharField(_("out of date"), max_length=10, choices=StaleReason, blank=True)
    stale_at = models.DateTimeField(_("out of date since"), null=True, blank=True)
    unserved = models.JSONField(_("not served"), default=list, blank=True)
    status = models.CharField(_("status"), max_length=24, blank=True)  # "optimal", "within 2 %", "time limit"
    cost = models.FloatField(_("cost"), null=True, blank=True)
    bound = models.FloatField(_("bound"), null=True, blank=True)
    gap = models.FloatField(_("gap"), null=True, blank=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("copied from"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["problem", "division"], condition=models.Q(state="published"), name="one_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class PlanRoute(models.Model):
    """What one vehicle does."""

    DOMAIN_PATH = "plan__domain"
    PLACE_PATH = "plan__division"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="routes", verbose_name=_("plan"))
    vehicle = SentenceField(_("vehicle"))
    distance = models.FloatField(_("distance (m)"))
    duration = models.FloatField(_("duration (s)"))
    load = models.FloatField(_("load"), default=0)
    geometry = LineStringField(_("line"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["plan", "vehicle"]

    def __str__(self) -> str:
        return str(self.vehicle)


class PlanStop(models.Model):
    """One visit on a route."""

    DOMAIN_PATH = "route__plan__domain"
    PLACE_PATH = "route__plan__division"

    route = models.ForeignKey(PlanRoute, models.CASCADE, related_name="stops", verbose_name=_("route"))
    sequence = models.PositiveIntegerField(_("number"))
    object_type = models.CharField(_("object type"), max_length=60)  # "city.InspectionSite"
    object_id = models.BigIntegerField(_("object"))
    label = models.CharField(_("label"), max_length=120)
    arrival = models.DateTimeField(_("arrival"))
    wait = models.FloatField(_("wait (s)"), default=0)
    departure = models.DateTimeField(_("departure"))

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["route", "sequence"]
        constraints = [models.UniqueConstraint(fields=["route", "sequence"], name="stop_sequence_once")]

    def __str__(self) -> str:
        return self.label
