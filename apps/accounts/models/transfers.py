"""Moves to another department or division: they change what somebody sees, so two people make them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Transfer(models.Model):
    """A move that the system administrator entered, and the security administrator's decision on it."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="transfers", verbose_name=_("user")
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    division = models.ForeignKey(
        "accounts.Division", models.PROTECT, null=True, blank=True, verbose_name=_("division")
    )
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    asked_at = models.DateTimeField(_("entered"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    approved = models.BooleanField(pgettext_lazy("yes or no", "approved"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a person", "transfer")
        verbose_name_plural = pgettext_lazy("of people", "transfers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(decided_at=None), name="one_open_transfer_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (~models.Q(decided_by=models.F("asked_by")) & ~models.Q(decided_by=models.F("user"))),
                name="transfer_by_two_others",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.department_id or ''} {self.division_id or ''}"
