"""The access log: rows are added, never changed, each bound to the one before by SM3."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessEntry(models.Model):
    """One act: who did what to which object, why, and with what result. No value of the object is kept."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    user_id = models.BigIntegerField(_("user"), null=True)
    action = models.CharField(_("action"), max_length=24)
    object_type = models.CharField(_("object type"), max_length=60, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    purpose = models.CharField(_("purpose"), max_length=80, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    result = models.CharField(_("result"), max_length=12)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    previous = models.CharField(_("previous hash"), max_length=64)
    digest = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("access entry")
        verbose_name_plural = _("access log")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user_id", "-id"]), models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"
