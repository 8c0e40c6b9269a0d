"""Errors that consumers report, notices that go to them, and what was provided to whom."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.data import Viewer, acting_as
from apps.catalogue.data import NoticeKind
from apps.catalogue.models.datasets import Dataset
from apps.catalogue.models.requests import AccessRequest
from apps.core.sentences import SentenceField

RECORDS = Viewer(system="masks")  # reads what a text quotes, so that its mask can take it out


class CorrectionState(models.TextChoices):
    """Where a reported error stands."""

    REPORTED = "reported", _("Reported")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Correction(models.Model):
    """Somebody says that a field of a record is wrong (校核); the provider checks and answers."""

    dataset = models.ForeignKey(
        Dataset, models.PROTECT, related_name="corrections", verbose_name=_("dataset")
    )
    object_id = models.CharField(_("record"), max_length=64)
    field = models.CharField(_("field"), max_length=60)
    remark = models.TextField(_("what is wrong"), max_length=1000)
    state = models.CharField(
        _("state"), max_length=8, choices=CorrectionState, default=CorrectionState.REPORTED
    )
    reported_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(pgettext_lazy("reply", "answer"), max_length=1000, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a dataset", "correction")
        verbose_name_plural = _("corrections")
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.pk}"

    def speaks_of(self) -> list[models.Model]:
        """The record: whoever reports an error quotes it."""
        try:
            model: Any = apps.get_model(self.dataset.object_type)
        except (LookupError, ValueError):
            return []
        if not self.object_id.isdecimal():
            return []
        with acting_as(RECORDS):
            return list(model._default_manager.filter(pk=self.object_id[:18]))


class Notice(models.Model):
    """One message to one consumer: by the feed of changes, and by webhook where the program has one."""

    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    request = models.ForeignKey(
        AccessRequest,
        models.PROTECT,
        related_name="notices",
        verbose_name=pgettext_lazy("for data", "request"),
    )
    correction = models.ForeignKey(
        Correction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=pgettext_lazy("of a dataset", "correction"),
    )
    text = models.CharField(pgettext_lazy("notice", "text"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    acknowledged_at = models.DateTimeField(pgettext_lazy("time", "acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("time", "sent"), null=True, blank=True)
    error = SentenceField(_("fault"), blank=True)

    class Meta:
        verbose_name = _("notice to a consumer")
        verbose_name_plural = _("notices to consumers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["next_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class Provision(models.Model):
    """What was provided on one day on the strength of one request (NDR 12); kept for three years."""

    request = models.ForeignKey(
        AccessRequest,
        models.PROTECT,
        related_name="provisions",
        verbose_name=pgettext_lazy("for data", "request"),
    )
    day = models.DateField(_("day"))
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"), default=list, blank=True)
    answers = models.PositiveIntegerField(pgettext_lazy("replies to requests", "answers"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    legal_basis = models.TextField(_("legal basis"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["request", "day"], name="provision_once_a_day")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.day}"
