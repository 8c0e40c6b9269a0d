"""Training runs, registered model versions, and forecasts beside what came true."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Run(models.Model):
    """One training of one recipe; its life is that of its job."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    recipe = models.CharField(_("recipe"), max_length=60)  # "city.traffic_speed"
    scope = models.CharField(
        _("scope"), max_length=40, blank=True
    )  # "" is the live city, else a named data set
    config = models.JSONField(_("settings"), default=dict)  # {"net": {...}, "train": {...}}
    datastreams = models.JSONField(_("series"), default=list)  # ids in the order of the network's columns
    seed = models.PositiveIntegerField(_("seed"), default=1)
    job = models.OneToOneField("core.Job", models.PROTECT, verbose_name=_("job"))
    curve = models.JSONField(_("curve"), default=list, blank=True)  # [[epoch, loss, rmse, mae], ...]
    data_from = models.DateTimeField(_("data from"))
    data_until = models.DateTimeField(_("data up to"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.recipe} {self.pk}"


class Stage(models.TextChoices):
    """Where a model version stands."""

    CANDIDATE = "candidate", _("Candidate")
    PROMOTED = "promoted", _("Promoted")
    RETIRED = "retired", _("Retired")


class ModelVersion(models.Model):
    """A trained network with its proof: metrics beside baselines, coverage, fingerprint of the data."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    recipe = models.CharField(_("recipe"), max_length=60)
    scope = models.CharField(_("scope"), max_length=40, blank=True)
    version = models.PositiveIntegerField(_("version"))
    run = models.OneToOneField(Run, models.PROTECT, verbose_name=_("training run"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.CANDIDATE)
    metrics = models.JSONField(
        _("metrics"), default=dict
    )  # {"15": {"rmse", "mae", "accuracy"}, ...} by minutes
    baselines = models.JSONField(_("baselines"), default=dict)  # {"last_value": {"15": {...}}, ...}
    coverage = models.JSONField(_("coverage"), default=dict)  # {"80": {"covered": 0.81, "width": 9.3}, ...}
    fingerprint = models.CharField(_("data fingerprint"), max_length=64)
    code_version = models.CharField(_("code version"), max_length=40)
    file = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest of the file"), max_length=64)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    promoted_at = models.DateTimeField(_("promoted"), null=True, blank=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("promoted by")
    )
    forecast_at = models.DateTimeField(_("last forecast"), null=True, blank=True)
    refusal = models.JSONField(
        _("why it does not forecast"), default=dict, blank=True
    )  # {"code": "too_little_data", "share": 34}; empty once it forecasts again

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["recipe", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "version"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["recipe", "scope"], condition=models.Q(stage="promoted"), name="one_promoted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} v{self.version}"


class Forecast(models.Model):
    """One value foretold, with its bands and the baselines, and the actual value once it is known.

    The table is partitioned by the month of ``target_time`` (see ``services.keeping``); writes go by COPY.
    """

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"

    model_version = models.ForeignKey(ModelVersion, models.PROTECT, verbose_name=_("model version"))
    datastream = models.ForeignKey("sensing.Datastream", models.PROTECT, verbose_name=_("datastream"))
    made_at = models.DateTimeField(pgettext_lazy("forecast", "made at"))
    data_until = models.DateTimeField(_("data up to"))
    target_time = models.DateTimeField(_("for"))
    value = models.FloatField(_("value"))
    low80 = models.FloatField(_("low end of 80 %"))
    high80 = models.FloatField(_("high end of 80 %"))
    low95 = models.FloatField(_("low end of 95 %"))
    high95 = models.FloatField(_("high end of 95 %"))
    naive = models.FloatField(_("baseline"), null=True, blank=True)  # the last value, repeated
    actual = models.FloatField(_("actual"), null=True, blank=True)
    stale = models.BooleanField(
        _("overtaken"),
        default=False,
        db_default=False,
        help_text=_("Readings that it was made from have been corrected since."),
    )

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-made_at", "datastream", "target_time"]
        constraints = [
            models.UniqueConstraint(
                fields=["datastream", "data_until", "target_time", "model_version"], name="forecast_once"
            )
        ]
        indexes = [
            models.Index(fields=["datastream", "-target_time"]),
            models.Index(fields=["target_time"], condition=models.Q(actual=None), name="forecast_unsettled"),
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.target_time:%Y-%m-%dT%H:%MZ}"
