"""Reveals: one field of one row shown to one person for five minutes. The value is never kept here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.privacy.data import PURPOSES


class Reveal(models.Model):
    """Who saw which field of which row, for what purpose and ticket; the trace code is on the page."""

    DOMAIN_PATH = "domain"

    code = models.CharField(_("trace code"), max_length=16, unique=True)
    domain = models.CharField(_("domain"), max_length=16)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("user"))
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(_("object"), max_length=64)
    field = models.CharField(_("field"), max_length=60)
    purpose = models.SlugField(_("purpose"), max_length=40, choices=list(PURPOSES.items()))
    ticket = models.CharField(_("ticket"), max_length=40)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    until = models.DateTimeField(_("until"))
    noted_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken note of by"),
    )
    noted_at = models.DateTimeField(_("taken note of"), null=True, blank=True)

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "opened_at"]),
            models.Index(fields=["domain", "noted_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(noted_by=None) | ~models.Q(noted_by=models.F("user")),
                name="nobody_notes_his_own_reveal",
            )
        ]

    def __str__(self) -> str:
        return self.code
