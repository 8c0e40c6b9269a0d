"""Rules that watch readings, and what each of them remembers of a datastream."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db.models import PolygonField
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.core import quantities
from apps.core.domains import kind_unit

PRIORITIES = [(1, _("High")), (2, _("Medium")), (3, _("Low"))]  # ISA-18.2: three, the first is the gravest
DIVISION_HELP = _("Division code; empty means every place.")


class Condition(models.TextChoices):
    """What a rule looks for."""

    THRESHOLD = "threshold", _("beyond a level")
    MISSING = "missing", _("no reading")
    ANOMALY = "anomaly", _("unusual for the hour")
    QUALITY = "quality", _("too many unusable readings")
    GEOFENCE = "geofence", _("place")


class Side(models.TextChoices):
    """On which side of the level, or of the fence, an alarm is raised."""

    ABOVE = "above", _("above")
    BELOW = "below", _("below")
    INSIDE = "inside", _("inside")
    OUTSIDE = "outside", _("outside")


class AlertRule(models.Model):
    """One rule over the datastreams of a kind, of an area, or over one datastream.

    ``level`` is the limit in the unit of the readings, the share of unusable readings (0 to 1), or the robust
    score; ``span`` the seconds of silence, or the seconds over which the share is taken.
    """

    DOMAIN_PATH = "domain"
    PLACE_PATH = "area"

    domain = models.CharField(_("domain"), max_length=16)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    message = models.CharField(_("what to do"), max_length=300, blank=True)
    message_en = models.CharField(_("what to do, in English"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty means every kind."))
    datastream = models.ForeignKey(
        "sensing.Datastream",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alert_rules",
        verbose_name=_("datastream"),
    )
    area = models.CharField(_("area"), max_length=12, blank=True, help_text=DIVISION_HELP)
    condition = models.CharField(_("condition"), max_length=10, choices=Condition)
    side = models.CharField(_("side"), max_length=8, choices=Side, default=Side.ABOVE)
    level = models.FloatField(_("limit"), default=0)
    hysteresis = models.FloatField(
        _("hysteresis"), default=0, help_text=_("How far back a value must come before it counts as normal.")
    )
    hold = models.PositiveIntegerField(
        _("hold (s)"), default=0, help_text=_("How long the readings must stay beyond the level.")
    )
    span = models.PositiveIntegerField(_("span (s)"), default=3600)
    fence = PolygonField(_("fence"), srid=4326, null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=PRIORITIES, default=2)
    flood_after = models.PositiveIntegerField(
        _("flood after"), default=10, help_text=_("More alarms of one area within the window are grouped.")
    )
    flood_window = models.PositiveIntegerField(_("flood window (s)"), default=600)
    active = models.BooleanField(_("active"), default=True)
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="alert_rules", verbose_name=_("users to tell")
    )
    roles = models.ManyToManyField(
        "accounts.Role", blank=True, related_name="alert_rules", verbose_name=_("roles to tell")
    )
    webhooks = models.ManyToManyField(
        "alerts.Webhook", blank=True, related_name="rules", verbose_name=_("webhooks to tell")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("alarm rule")
        verbose_name_plural = _("alarm rules")
        ordering = ["domain", "priority", "name"]
        constraints = [models.UniqueConstraint(fields=["domain", "name"], name="rule_name_once_a_domain")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def advice(self) -> str:
        """What to do, in the reader's language."""
        return (get_language() == "en" and self.message_en) or self.message

    @property
    def unit(self) -> str:
        """The UCUM code of the readings that it watches; "" where they differ or it looks at no reading."""
        return self.datastream.unit if self.datastream is not None else kind_unit(self.domain, self.kind)

    @property
    def limit(self) -> str:
        """Its limit as people read it: a level with its unit, a share, a length of time, or a multiple."""
        texts = {
            Condition.MISSING: lambda: quantities.duration(self.span),
            Condition.GEOFENCE: lambda: quantities.NONE,
        }
        return texts.get(Condition(self.condition), lambda: self.figure_text(self.level))()

    def figure_text(self, value: float | None, unit: str = "") -> str:
        """A figure that it compares with its limit, as people read it; ``unit`` where it is known better."""
        if self.condition == Condition.QUALITY:
            return quantities.percent(value)
        if self.condition == Condition.ANOMALY and value is not None:
            return gettext("%(score)s times the usual deviation") % {"score": quantities.quantity(value)}
        return quantities.quantity(value, unit or self.unit)


class Watch(models.Model):
    """What a rule remembers of a datastream: its last look, and since when the readings are beyond."""

    DOMAIN_PATH = "rule__domain"
    PLACE_PATH = "datastream__thing__division"

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="watches", verbose_name=_("rule"))
    datastream = models.ForeignKey(
        "sensing.Datastream", models.CASCADE, related_name="+", verbose_name=_("datastream")
    )
    seen = models.DateTimeField(_("newest reading seen"))
    reading = models.FloatField(_("reading"), null=True)
    quality = models.SmallIntegerField(_("quality"))
    figure = models.FloatField(_("compared figure"), null=True)
    breached = models.BooleanField(_("beyond"), default=False)
    since = models.DateTimeField(_("beyond since"), null=True)
    due = models.BooleanField(_("calls for an alarm"), default=False)
    bad = models.PositiveBigIntegerField(_("unusable readings"), default=0)
    missed = models.BooleanField(_("beyond the limit between two checks"), default=False)
    peak = models.FloatField(_("farthest figure"), null=True)
    episode_first = models.DateTimeField(_("last episode from"), null=True)
    episode_last = models.DateTimeField(_("last episode until"), null=True)

    class Meta:
        verbose_name = _("watched datastream")
        verbose_name_plural = _("watched datastreams")
        ordering = ["rule", "datastream"]
        constraints = [models.UniqueConstraint(fields=["rule", "datastream"], name="watched_once")]
        indexes = [
            models.Index(fields=["rule"], name="watch_due", condition=models.Q(due=True)),
            models.Index(fields=["rule"], name="watch_missed", condition=models.Q(missed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.datastream_id}"


class Horizon(models.Model):
    """How far the looks have come in the order of storing: one row."""

    transaction = models.BigIntegerField(_("oldest transaction then"))
    began = models.DateTimeField(_("when it began"))

    class Meta:
        verbose_name = _("progress of the checks")
        verbose_name_plural = _("progress of the checks")

    def __str__(self) -> str:
        return f"{self.transaction}"
