"""Releases of single rows about people, and the counts that were answered."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MicroReleaseState(models.TextChoices):
    """The way of a release: asked for, then made, blocked because it is not anonymous enough, or refused."""

    ASKED = "asked", _("Asked for")
    READY = "ready", _("Ready")
    BLOCKED = "blocked", _("Blocked")
    REFUSED = "refused", _("Refused")


class MicroRelease(models.Model):
    """Rows of one table, generalised, with the pseudonyms of one recipient; made once and kept."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    table = models.CharField(_("table"), max_length=60)
    columns = models.JSONField(_("columns"), default=list)
    purpose = models.CharField(_("purpose"), max_length=40)
    recipient = models.CharField(_("recipient"), max_length=80)
    state = models.CharField(
        _("state"), max_length=10, choices=MicroReleaseState, default=MicroReleaseState.ASKED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    levels = models.JSONField(_("levels of generalisation"), default=dict)
    measures = models.JSONField(_("measures of anonymity"), default=dict)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    suppressed = models.PositiveIntegerField(_("rows left out"), default=0)
    # Kept and never made again: two versions of a changed table would tell of whoever came between.
    content = models.BinaryField(_("content"), null=True, editable=False)

    class Meta:
        verbose_name = _("release of rows")
        verbose_name_plural = _("releases of rows")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.table} {self.pk}"


class CountAnswer(models.Model):
    """One table of counts that a recipient was given, and the sets of people whose sizes he knows by it."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    table = models.CharField(_("table"), max_length=60)
    recipient = models.CharField(_("recipient"), max_length=80)
    digest = models.CharField(_("digest of the question"), max_length=64)
    told_to = ArrayField(models.BigIntegerField(), verbose_name=_("told to"), default=list)  # ids of users
    answer = models.JSONField(pgettext_lazy("statistics", "answer"), default=dict)
    sets = models.BinaryField(_("sets of people"), null=True, editable=False)
    answered_at = models.DateTimeField(pgettext_lazy("a request", "answered"), auto_now_add=True)

    class Meta:
        verbose_name = _("answered count")
        verbose_name_plural = _("answered counts")
        ordering = ["-answered_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "table", "-answered_at"])]

    def __str__(self) -> str:
        return f"{self.table} {self.pk}"
