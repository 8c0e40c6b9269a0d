"""Which days lie in the lake, and which have to go there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LakeKind(models.TextChoices):
    """What a file holds."""

    OBSERVATIONS = "observations", _("observations of a day")
    DATASTREAMS = "datastreams", _("datastreams")


class LakeFile(models.Model):
    """One Parquet file of the lake; ``path`` is relative to the root of the lake."""

    DOMAIN_PATH = "domain"

    kind = models.CharField(_("contents"), max_length=12, choices=LakeKind, default=LakeKind.OBSERVATIONS)
    domain = models.CharField(_("domain"), max_length=16)
    day = models.DateField(_("day"), null=True, blank=True)
    path = models.CharField(_("path"), max_length=200, unique=True)
    rows = models.PositiveBigIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    digest = models.CharField(
        _("digest of the rows"), max_length=32, blank=True, help_text=_("The same for any order of the rows.")
    )
    checksum = models.CharField(_("SM3 of the file"), max_length=64)
    newest = models.DateTimeField(_("newest reading known since"), null=True, blank=True)
    exported_at = models.DateTimeField(_("exported at"))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lake file")
        verbose_name_plural = _("lake files")
        ordering = ["-day", "domain", "id"]
        indexes = [models.Index(fields=["domain", "day"])]

    def __str__(self) -> str:
        return self.path


class DueDay(models.Model):
    """A day of a domain that is not in the lake yet, or whose readings have changed since it went there."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    day = models.DateField(_("day"))
    rows = models.PositiveBigIntegerField(_("rows"))
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("day to export")
        verbose_name_plural = _("days to export")
        ordering = ["day", "domain"]
        constraints = [models.UniqueConstraint(fields=["domain", "day"], name="day_due_once_a_domain")]

    def __str__(self) -> str:
        return f"{self.domain} {self.day:%Y-%m-%d}"
