"""Requests for data: who asks for what and why, who decided, when it ends."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.catalogue.data import Purpose, Refusal, RequestState
from apps.catalogue.models.clients import ApiClient
from apps.catalogue.models.datasets import Dataset


class AccessRequest(models.Model):
    """A person, or a program by its owner, asks for fields of a dataset for a purpose and a period."""

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="requests", verbose_name=_("dataset"))
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"), default=list, blank=True)
    place = models.CharField(_("division code"), max_length=12, blank=True)
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    purpose_text = models.TextField(_("purpose in words"), max_length=1000)
    legal_basis = models.TextField(_("legal basis"), max_length=1000)
    applicant = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="data_requests", verbose_name=_("applicant")
    )
    client = models.ForeignKey(
        ApiClient, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("program")
    )
    until = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.SUBMITTED)
    submitted_at = models.DateTimeField(_("submitted"), auto_now_add=True)
    due_on = models.DateField(_("reply due"))
    provide_on = models.DateField(_("to be provided by"), null=True, blank=True)
    provided_at = models.DateTimeField(_("provided"), null=True, blank=True)
    paused_on = models.DateField(_("clock stopped on"), null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(_("reminded at percent"), default=0)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    refusal = models.CharField(_("reason code"), max_length=10, choices=Refusal, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"]), models.Index(fields=["applicant", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("applicant")),
                name="nobody_decides_his_own_request",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | (models.Q(refusal__gt="") & models.Q(reason__gt="")),
                name="a_refusal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.purpose}"

    @property
    def last_day(self) -> date:
        """The last day on which it holds; ``until`` is the midnight after it."""
        return timezone.localtime(self.until - timedelta(microseconds=1)).date()

    @property
    def basis(self) -> str:
        """What the access grants of this request name as their basis."""
        return f"catalogue.request:{self.pk}"


class RequestEvent(models.Model):
    """One step of a request; ``by`` is empty where the platform took it."""

    request = models.ForeignKey(
        AccessRequest,
        models.CASCADE,
        related_name="events",
        verbose_name=pgettext_lazy("for data", "request"),
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    act = models.CharField(_("act"), max_length=16)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.act}"
