"""Permissions beyond roles: approved for a purpose, for a period, ended at once when they are withdrawn."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.sealing import Sealed, SealedQuerySet


class AccessGrant(Sealed):
    """Somebody may use an object type for a purpose, because somebody else approved it."""

    SEALED = (
        *("user_id", "object_type", "fields", "objects_only", "place", "purpose", "basis", "approved_by_id"),
        *("valid_from", "valid_until", "ended_at"),
    )

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="access_grants", verbose_name=_("user")
    )
    object_type = models.CharField(_("object type"), max_length=60)
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"), default=list, blank=True)
    objects_only = ArrayField(
        models.CharField(max_length=64), verbose_name=_("single rows"), default=list, blank=True
    )
    place = models.CharField(_("division code"), max_length=12, blank=True)
    purpose = models.CharField(_("purpose"), max_length=40)
    basis = models.CharField(_("basis"), max_length=80)  # what was decided where: "catalogue.request:12"
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("access grant")
        verbose_name_plural = _("access grants")
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["user", "valid_until"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("user")), name="nobody_approves_for_himself"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="access_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.purpose}"
