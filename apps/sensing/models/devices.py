"""Accounts by which devices and readers reach the MQTT broker. Passwords live in the broker alone, hashed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS = [("device", _("device: publishes its readings")), ("reader", _("reader: follows new observations"))]


class Device(models.Model):
    """One account: a device publishes under its own topic only, a reader follows one domain only."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    code = models.CharField(_("code"), max_length=80, help_text=_("For a device, the code of its thing."))
    kind = models.CharField(_("kind"), max_length=8, choices=KINDS, default="device")
    active = models.BooleanField(_("active"), default=True)
    online = models.BooleanField(_("online"), default=False)
    seen_at = models.DateTimeField(_("last heard"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("device account")
        verbose_name_plural = _("device accounts")
        ordering = ["domain", "code"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "code", "kind"], name="account_once_a_device")
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def username(self) -> str:
        """The name by which it logs in to the broker."""
        return f"{self.kind}.{self.domain}.{self.code}"
