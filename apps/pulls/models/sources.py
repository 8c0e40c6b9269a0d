"""Outside systems that readings are fetched from, and the log of every attempt."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.sentences import SentenceField

SHORTEST_SECONDS = 10


class SourceKind(models.TextChoices):
    """What the other side speaks."""

    HTTP_JSON = "http_json", _("JSON over HTTP")
    HTTP_CSV = "http_csv", _("table file over HTTP (CSV, Parquet, Excel)")
    OPCUA = "opcua", _("OPC UA server")
    GTFS = "gtfs", _("timetable (GTFS)")
    GTFS_RT = "gtfs_rt", _("live buses (GTFS Realtime)")
    FHIR = "fhir", _("measurements (FHIR Observation)")


class Source(models.Model):
    """One outside system: its address, what its answer means, and how often it is asked."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind)
    address = models.CharField(_("address"), max_length=500)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    schedule = models.PositiveIntegerField(
        _("every (s)"), default=300, validators=[MinValueValidator(SHORTEST_SECONDS)]
    )
    secret = models.CharField(
        _("name of the secret"),
        max_length=40,
        blank=True,
        help_text=_("Only its name: the administrator keeps the secret itself in a file or variable."),
    )
    active = models.BooleanField(_("active"), default=True)
    etag = models.CharField(_("version of the last answer"), max_length=200, blank=True)
    last_modified = models.CharField(_("last answer changed at"), max_length=60, blank=True)
    position = models.JSONField(_("position"), default=dict, blank=True)  # where the next run goes on
    next_due = models.DateTimeField(_("next due"), null=True, blank=True, db_index=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["domain", "name"]
        constraints = [models.UniqueConstraint(fields=["domain", "name"], name="source_name_once_a_domain")]

    def __str__(self) -> str:
        return self.name


class PullState(models.TextChoices):
    """What became of one attempt."""

    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    UNCHANGED = "unchanged", _("nothing new")
    FAILED = "failed", _("failed")
    LOST = "lost", _("broken off")


class PullRun(models.Model):
    """One attempt to fetch from a source, and what it brought."""

    DOMAIN_PATH = "source__domain"

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs", verbose_name=_("source"))
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PullState, default=PullState.RUNNING)
    fetched = models.PositiveIntegerField(_("rows fetched"), default=0)
    stored = models.PositiveIntegerField(_("stored"), default=0)
    repeated = models.PositiveIntegerField(_("already known"), default=0)
    conflict = models.PositiveIntegerField(_("with another value than the stored one"), default=0)
    quarantined = models.PositiveIntegerField(_("in quarantine"), default=0)
    message = SentenceField(_("message"), blank=True)

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.state}"
