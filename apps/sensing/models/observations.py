"""Observations, their latest values and their roll-ups."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.sensing.data import Quality
from apps.sensing.models.flags import FlagsField

QUALITIES = [
    (Quality.GOOD.value, pgettext_lazy("quality", "good")),
    (Quality.SUSPECT.value, _("suspect")),
    (Quality.BAD.value, _("bad")),
    (Quality.MISSING.value, _("missing")),
]


class Observation(models.Model):
    """One reading. The table is partitioned by time in a migration of its own; writes go by COPY."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    pk = models.CompositePrimaryKey("datastream", "phenomenon_time")
    datastream = models.ForeignKey(
        "sensing.Datastream", models.DO_NOTHING, db_constraint=False, verbose_name=_("datastream")
    )
    phenomenon_time = models.DateTimeField(_("time"))
    result = models.FloatField(_("result"), null=True)
    quality = models.SmallIntegerField(_("quality"), choices=QUALITIES, default=Quality.GOOD)
    flags = FlagsField(_("flags"), default=0)
    raw = models.FloatField(
        _("value as it came"), null=True, blank=True, help_text=_("Only where the result differs from it.")
    )
    recorded_at = models.DateTimeField(_("known since"), db_default=Now())

    class Meta:
        managed = False
        db_table = "sensing_observation"
        verbose_name = _("observation")
        verbose_name_plural = _("observations")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.phenomenon_time:%Y-%m-%dT%H:%M:%SZ}"


class LatestValue(models.Model):
    """The newest reading of a datastream, by phenomenon time."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    datastream = models.OneToOneField(
        "sensing.Datastream",
        models.CASCADE,
        primary_key=True,
        related_name="latest",
        verbose_name=_("datastream"),
    )
    phenomenon_time = models.DateTimeField(_("time"))
    result = models.FloatField(_("result"), null=True)
    quality = models.SmallIntegerField(_("quality"), choices=QUALITIES)
    flags = FlagsField(_("flags"), default=0)

    class Meta:
        verbose_name = _("latest value")
        verbose_name_plural = _("latest values")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.result}"


class Rollup(models.Model):
    """Count, sum, minimum and maximum of the usable readings of one bucket, and how many were not usable."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    pk = models.CompositePrimaryKey("datastream", "bucket")
    datastream = models.ForeignKey(
        "sensing.Datastream", models.DO_NOTHING, db_constraint=False, verbose_name=_("datastream")
    )
    bucket = models.DateTimeField(_("bucket"))
    count = models.IntegerField(_("count"))
    total = models.FloatField(_("sum"))
    lowest = models.FloatField(_("minimum"), null=True)
    highest = models.FloatField(_("maximum"), null=True)
    unusable = models.IntegerField(_("unusable"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.bucket:%Y-%m-%dT%H:%MZ}"


class RollupMinute(Rollup):
    """One minute."""

    class Meta(Rollup.Meta):
        verbose_name = _("minute value")
        verbose_name_plural = _("minute values")


class RollupHour(Rollup):
    """One hour."""

    class Meta(Rollup.Meta):
        verbose_name = _("hour value")
        verbose_name_plural = _("hour values")


class RollupDay(Rollup):
    """One day of UTC."""

    class Meta(Rollup.Meta):
        verbose_name = _("day value")
        verbose_name_plural = _("day values")


class RollupDirty(models.Model):
    """An hour whose roll-ups must be computed again for some streams; written with the readings."""

    hour = models.DateTimeField(_("hour"))
    datastreams = ArrayField(models.BigIntegerField(), verbose_name=_("datastreams"))

    class Meta:
        verbose_name = _("roll-up to do")
        verbose_name_plural = _("roll-ups to do")

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%dT%HZ} {len(self.datastreams)}"


class ArchivedDay(models.Model):
    """A day of UTC whose readings have left the table; its roll-ups stand until the readings are back."""

    day = models.DateField(_("day"), unique=True)
    archived_at = models.DateTimeField(_("archived at"), db_default=Now())

    class Meta:
        verbose_name = _("archived day")
        verbose_name_plural = _("archived days")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"


class ArchivedStream(models.Model):
    """A datastream whose readings from before a moment have left the table; their roll-ups stand for good."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    datastream = models.OneToOneField(
        "sensing.Datastream",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("datastream"),
    )
    before = models.DateTimeField(_("archived before"))

    class Meta:
        verbose_name = _("archived datastream")
        verbose_name_plural = _("archived datastreams")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.before:%Y-%m-%d}"
