"""Alarms and every act on them (ISA-18.2, IEC 62682)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.alerts.models.rules import PRIORITIES, AlertRule


class AlarmState(models.TextChoices):
    """The life of an alarm; only the last is final."""

    RAISED = "raised", _("raised")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RETURNED = "returned", _("back to normal")
    CLOSED = "closed", pgettext_lazy("alarm", "closed")


class AlarmAct(models.TextChoices):
    """What may happen to an alarm."""

    RAISED = "raised", _("raised")
    AGAIN = "again", _("raised again")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RETURNED = "returned", _("back to normal")
    CLOSED = "closed", pgettext_lazy("alarm", "closed")
    SHELVED = "shelved", _("shelved")
    UNSHELVED = "unshelved", _("unshelved")
    GROUPED = "grouped", _("put into a group")


OPEN = ~models.Q(state=AlarmState.CLOSED)


class Alarm(models.Model):
    """One alarm of one rule on one datastream, or the group that a flood of them became."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    rule = models.ForeignKey(AlertRule, models.PROTECT, related_name="alarms", verbose_name=_("rule"))
    datastream = models.ForeignKey(
        "sensing.Datastream",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("datastream"),
    )
    domain = models.CharField(_("domain"), max_length=16)
    division = models.CharField(_("division code"), max_length=12, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=PRIORITIES)
    state = models.CharField(_("state"), max_length=12, choices=AlarmState, default=AlarmState.RAISED)
    value = models.FloatField(_("value"), null=True, blank=True)
    since = models.DateTimeField(_("beyond since"))
    raised_at = models.DateTimeField(_("first raised"))
    last_raised_at = models.DateTimeField(_("last raised"))
    occurrences = models.PositiveIntegerField(_("times raised"), default=1)
    is_group = models.BooleanField(_("group"), default=False)
    group = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("in group")
    )
    size = models.PositiveIntegerField(_("alarms in the group"), default=0)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("back to normal at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    shelved_until = models.DateTimeField(_("shelved until"), null=True, blank=True)
    shelve_reason = models.CharField(_("reason for shelving"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "datastream"],
                condition=OPEN & models.Q(is_group=False),
                name="one_open_alarm",
            ),
            models.UniqueConstraint(
                fields=["rule", "division"], condition=OPEN & models.Q(is_group=True), name="one_open_group"
            ),
        ]
        indexes = [
            models.Index(fields=["domain", "priority"], name="alarm_open", condition=OPEN),
            models.Index(fields=["rule", "division", "last_raised_at"], name="alarm_flood"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.datastream_id or self.division}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state != AlarmState.CLOSED

    @property
    def figure(self) -> str:
        """The figure that raised it, as people read it: with its unit, or as a share."""
        return self.rule.figure_text(self.value, self.datastream.unit if self.datastream else "")

    @property
    def seconds(self) -> float:
        """Its age in seconds: from its last raising to now, or to its end."""
        return ((self.closed_at or timezone.now()) - self.last_raised_at).total_seconds()


class AlarmEvent(models.Model):
    """One act on an alarm: what, when, by whom (nobody: by itself), with which words."""

    DOMAIN_PATH = "alarm__domain"
    PLACE_PATH = "alarm__division"

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="events", verbose_name=_("alarm"))
    act = models.CharField(pgettext_lazy("alarm", "action"), max_length=12, choices=AlarmAct)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    value = models.FloatField(_("value"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm event")
        verbose_name_plural = _("alarm events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["alarm", "id"])]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.act}"

    @property
    def figure(self) -> str:
        """The figure at that time, as people read it."""
        stream = self.alarm.datastream
        return self.alarm.rule.figure_text(self.value, stream.unit if stream else "")
