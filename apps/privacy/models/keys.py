"""The versions of the root key that this database was written with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyVersion(models.Model):
    """A version and its check value: tells a wrong key from the right one, and nothing about the key."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    check_value = models.CharField(_("check value"), max_length=32)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("key version")
        verbose_name_plural = _("key versions")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}"
