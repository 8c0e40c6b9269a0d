"""Programs that read by tokens, what they may use a day, and what they used."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A program of a department; its owner answers for it, and it never sees more than he does."""

    application = models.OneToOneField(
        "oauth2_provider.Application", models.PROTECT, related_name="client", verbose_name=_("application")
    )
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="api_clients", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80, unique=True)
    quota = models.PositiveIntegerField(_("requests a day"), default=10_000)
    webhook_url = models.CharField(_("address for notices"), max_length=500, blank=True)
    generation = models.PositiveIntegerField(_("generation of the signing key"), default=1)
    former_secret = models.CharField(_("former secret (hash)"), max_length=255, blank=True)
    former_until = models.DateTimeField(_("former secret valid until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClientUse(models.Model):
    """What a program did on one day in the city's time zone."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="use", verbose_name=_("program"))
    day = models.DateField(_("day"))
    requests = models.PositiveIntegerField(_("requests"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)

    class Meta:
        verbose_name = _("use of a program")
        verbose_name_plural = _("use of programs")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["client", "day"], name="use_once_a_day")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.day}"
