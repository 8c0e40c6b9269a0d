"""Backups, and the drills that prove that they can be restored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.sentences import SentenceField


class BackupKind(models.TextChoices):
    """How a backup was taken."""

    BASE = "base", _("base backup with log")
    DUMP = "dump", _("dump")


class Outcome(models.TextChoices):
    """How a backup or a drill ended."""

    RUNNING = "running", _("Running")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class Backup(models.Model):
    """One backup of the whole database; ``path`` is relative to the folder of the backups."""

    SEEN_BY = ("system", "auditor")  # where it lies is nobody else's business

    kind = models.CharField(_("kind"), max_length=8, choices=BackupKind)
    path = models.CharField(_("path"), max_length=120, unique=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.RUNNING)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    first_log = models.CharField(
        _("first log file"), max_length=24, blank=True, help_text=_("The log from here on completes it.")
    )
    checksum = models.CharField(
        _("SM3"), max_length=64, blank=True, help_text=_("Of the dump, or of the list of checksums.")
    )
    figures = models.JSONField(
        _("figures"), default=dict, blank=True, help_text=_("Rows and checksum of each table, of a dump.")
    )
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    message = SentenceField(_("message"), blank=True)
    job_id = models.UUIDField(_("job"), null=True, blank=True)  # a job that belongs to no domain

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.path


class DrillReport(models.Model):
    """One restore drill: the newest backup in a scratch cluster, compared table by table."""

    backup = models.ForeignKey(Backup, models.SET_NULL, null=True, blank=True, verbose_name=_("backup"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.RUNNING)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    replayed_to = models.CharField(_("log replayed to"), max_length=24, blank=True)
    tables = models.PositiveIntegerField(_("tables compared"), default=0)
    rows = models.PositiveBigIntegerField(_("rows compared"), default=0)
    differences = models.JSONField(_("differences"), default=list, blank=True)
    chain_break = models.BigIntegerField(_("first broken entry of the access log"), null=True, blank=True)
    message = SentenceField(_("message"), blank=True)
    job_id = models.UUIDField(_("job"), null=True, blank=True)  # a job that belongs to no domain

    class Meta:
        verbose_name = _("restore drill")
        verbose_name_plural = _("restore drills")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.outcome}"
