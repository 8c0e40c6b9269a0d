"""What measures, and what it measures."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.units import unit_everyday, unit_is_known


def unit_validate(code: str) -> None:
    """Refuse a code that is not UCUM, or that hardly anybody means."""
    if not unit_is_known(code):
        raise ValidationError(_("This is not a UCUM unit code, such as km/h, ug/m3 or Cel."), code="unit")
    if meant := unit_everyday(code):
        detail = _("As a UCUM code this is something else than people mean by it; write %(code)s.")
        raise ValidationError(detail, code="unit", params={"code": meant})


class ObservedProperty(models.Model):
    """What is observed: speed, PM2.5, soil moisture."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    title_zh = models.CharField(_("Chinese name"), max_length=80)
    title_en = models.CharField(_("English name"), max_length=80)
    definition = models.CharField(_("definition"), max_length=500, blank=True)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    class Meta:
        verbose_name = _("observed property")
        verbose_name_plural = _("observed properties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title_zh


class Thing(models.Model):
    """Something that carries sensors and belongs to a domain and a department."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    domain = models.CharField(_("domain"), max_length=16)
    code = models.CharField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey("accounts.Department", models.PROTECT, verbose_name=_("owner"))
    division = models.CharField(_("division code"), max_length=12, blank=True)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("thing")
        verbose_name_plural = _("things")
        ordering = ["domain", "code"]
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="thing_code_once_a_domain")]

    def __str__(self) -> str:
        return self.name


class Datastream(models.Model):
    """One series of readings of one kind from one thing; its rules come from the kind."""

    DOMAIN_PATH = "thing__domain"
    PLACE_PATH = "thing__division"
    KIND_PATH = "kind"

    thing = models.ForeignKey(Thing, models.PROTECT, related_name="datastreams", verbose_name=_("thing"))
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(
        _("key"), max_length=140, unique=True, help_text=_("domain.thing.kind, as devices use it")
    )
    observed_property = models.ForeignKey(
        ObservedProperty, models.PROTECT, related_name="datastreams", verbose_name=_("observed property")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    sensor = models.ForeignKey(
        "sensing.Sensor",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="datastreams",
        verbose_name=_("sensor"),
    )
    feature = models.ForeignKey(
        "sensing.FeatureOfInterest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="datastreams",
        verbose_name=_("feature of interest"),
    )
    unit = models.CharField(_("unit"), max_length=20, validators=[unit_validate], help_text=_("UCUM code"))
    unit_given = models.JSONField(
        _("unit as given"), default=dict, blank=True, help_text=_("Name, symbol and definition.")
    )
    low = models.FloatField(_("lowest plausible value"))
    high = models.FloatField(_("highest plausible value"))
    max_step = models.FloatField(_("largest plausible step"), null=True, blank=True)
    stuck_after = models.PositiveIntegerField(_("stuck after (s)"), null=True, blank=True)
    interval = models.PositiveIntegerField(_("interval (s)"), default=60)
    max_age = models.PositiveIntegerField(_("stale after (s)"), default=300)
    plausible_from = models.DateTimeField(
        _("first plausible time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(datetime(1970, 1, 1, tzinfo=UTC))],
        help_text=_("Earlier readings go to quarantine. Empty: the day that holds for the whole system."),
    )
    historical = models.BooleanField(
        _("of the past"),
        default=False,
        db_default=False,
        help_text=_("Readings of the past, from a file: never live, never missed, watched by no alarm rule."),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("datastream")
        verbose_name_plural = _("datastreams")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["thing", "kind"], name="kind_once_a_thing")]

    def __str__(self) -> str:
        return self.key
