"""Requests to use minors' data, decided by a responsible person (minors' regulations 2023, Art. 36)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.privacy.data import PURPOSES


class RequestState(models.TextChoices):
    """The life of a request; an approval ends with its time, or before."""

    ASKED = "asked", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended early")
    WITHDRAWN = "withdrawn", _("Withdrawn by the asker")


class MinorsRequest(models.Model):
    """Somebody asks to see fields of minors for a purpose and a time; an approver of the domain decides."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    object_type = models.CharField(_("object type"), max_length=60)
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"), default=list, blank=True)
    objects_only = ArrayField(
        models.CharField(max_length=64), verbose_name=_("single rows"), default=list, blank=True
    )
    purpose = models.SlugField(_("purpose"), max_length=40, choices=list(PURPOSES.items()))
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateTimeField(_("until"))
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.CharField(_("note of the decision"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request for minors' data")
        verbose_name_plural = _("requests for minors' data")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["domain", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="minors_nobody_decides_his_own",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "withdrawn"], decided_by=None)
                | (~models.Q(state__in=["asked", "withdrawn"]) & ~models.Q(decided_by=None)),
                name="a_decision_has_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def basis(self) -> str:
        """What the access grants of this request rest on."""
        return f"minors.request:{self.pk}"
