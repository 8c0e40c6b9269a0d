"""Files that people bring, and the rows that could not be taken."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import MD5, Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.divisions import EVERYWHERE
from apps.core.sentences import SentenceField


class Upload(models.Model):
    """One CSV or Parquet file: previewed, mapped, then imported by a job.

    It lies where its uploader works: what somebody of the whole city brings may speak of any place.
    """

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"
    FOLLOWS = {"mapping": "sensing.Upload.file", "implausible_rows": "sensing.Upload.file"}

    domain = models.CharField(_("domain"), max_length=16)
    division = models.CharField(_("division code"), max_length=12, default=EVERYWHERE)
    file = models.FileField(_("file"), upload_to="uploads/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    stored = models.PositiveBigIntegerField(_("stored"), default=0)
    repeated = models.PositiveBigIntegerField(_("already known"), default=0)
    conflict = models.PositiveBigIntegerField(_("with another value than the stored one"), default=0)
    quarantined = models.PositiveBigIntegerField(_("in quarantine"), default=0)
    implausible = models.PositiveBigIntegerField(_("with an implausible value"), default=0)
    implausible_rows = models.JSONField(_("first implausible values"), default=list, blank=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def kept(self) -> int:
        """How many rows went to quarantine: what could not be stored, and what had another value."""
        return self.quarantined + self.conflict


class RowState(models.TextChoices):
    """What has become of a quarantined row."""

    OPEN = "open", _("open")
    MENDED = "mended", _("mended")
    DISMISSED = "dismissed", _("dismissed")


class Channel(models.TextChoices):
    """How a row came in."""

    UPLOAD = "upload", _("file")
    HTTP = "http", _("device or program (HTTP)")
    MQTT = "mqtt", _("device (MQTT)")
    SENSORTHINGS = "sensorthings", _("SensorThings")
    PULL = "pull", _("fetched source")


class QuarantinedRow(models.Model):
    """One row that could not be stored, whole, with the reason in words.

    It is a piece of a file, so it is shown to whom a file is shown. A row that came by no file names no place
    that could be trusted.
    """

    DOMAIN_PATH = "domain"
    PLACE_PATH = "upload__division"
    FOLLOWS = {"row": "sensing.Upload.file"}

    domain = models.CharField(_("domain"), max_length=16)
    upload = models.ForeignKey(Upload, models.CASCADE, null=True, blank=True, verbose_name=_("upload"))
    door = models.CharField(_("channel"), max_length=12, choices=Channel)
    line = models.PositiveBigIntegerField(pgettext_lazy("of a file", "line"), default=0)
    row = models.JSONField(_("row"))
    field = models.CharField(_("field"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=24)
    reason = SentenceField(_("reason"))
    state = models.CharField(_("state"), max_length=12, choices=RowState.choices, db_default=RowState.OPEN)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("quarantined row")
        verbose_name_plural = _("quarantined rows")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["upload", "line"]),
            models.Index(
                "domain",
                MD5(Cast("row", models.TextField())),
                condition=models.Q(state=RowState.OPEN),
                name="open_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"
