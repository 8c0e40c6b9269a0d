"""The instrument or procedure behind a datastream, as SensorThings describes it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sensor(models.Model):
    """What measures: an instrument, a method or a person, with its data sheet."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    encoding_type = models.CharField(_("encoding"), max_length=80, blank=True)
    metadata = models.JSONField(_("data sheet"), null=True, blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    class Meta:
        verbose_name = _("sensor")
        verbose_name_plural = _("sensors")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
