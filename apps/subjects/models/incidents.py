"""Data that got into wrong hands, and what is owed to whom by when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Breach(models.TextChoices):
    """What happened to the data (PIPL Art. 57)."""

    LEAK = "leak", _("Leaked")
    CHANGED = "changed", _("Altered without permission")
    LOST = "lost", _("Lost")


class Step(models.TextChoices):
    """The way of an incident."""

    OPEN = "open", pgettext_lazy("incident", "Open")
    REPORTED = "reported", pgettext_lazy("incident", "Reported")
    NOTIFIED = "notified", _("People notified")
    CLOSED = "closed", _("Closed")


class Incident(models.Model):
    """One incident: when, what kind, what leaked, and what has been done since."""

    breach = models.CharField(_("kind"), max_length=8, choices=Breach, default=Breach.LEAK)
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=Step, default=Step.OPEN)
    occurred_at = models.DateTimeField(_("happened"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))
    leaked = models.CharField(
        _("what leaked"),
        max_length=128,
        blank=True,
        help_text=_("Number of an access-log entry, id of an export, or SM3 of the file."),
    )
    cause = models.CharField(_("cause"), max_length=500, blank=True)
    harm = models.CharField(_("possible harm"), max_length=500, blank=True)
    measures = models.CharField(_("measures taken"), max_length=500, blank=True)
    report_due_at = models.DateTimeField(_("report due"))
    reported_at = models.DateTimeField(pgettext_lazy("to the authority", "reported"), null=True, blank=True)
    notified_at = models.DateTimeField(_("people notified"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    opened_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("opened by")
    )

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-found_at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
