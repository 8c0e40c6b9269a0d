"""API keys of devices and third-party programs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key that acts for its user; only its SHA-256 is kept.

    It sends readings to ``domain``, and reads there and in ``further_domains``; ``scopes`` are ``read``,
    ``ingest`` and ``write:<thing>`` (see ``accounts.data.write_scope``).
    """

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=8, unique=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="api_keys", verbose_name=_("user"))
    domain = models.CharField(_("domain"), max_length=16)
    further_domains = ArrayField(
        models.CharField(max_length=16), verbose_name=_("further domains"), default=list, blank=True
    )
    scopes = ArrayField(models.CharField(max_length=60), verbose_name=_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
