"""Corrections, and the versions of observations that they have replaced."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.sentences import SentenceField
from apps.sensing.models.flags import FlagsField
from apps.sensing.models.observations import QUALITIES

OPERATIONS = [
    ("set", _("set to a value")),
    ("shift", _("add a number")),
    ("scale", _("multiply by a number")),
    ("interpolate", _("draw a line between the neighbours")),
    ("flag", _("set the quality")),
    ("restore", _("back to the value as it came")),
]


class Edit(models.Model):
    """One correction of the readings of a datastream between two moments, both included; it can be undone."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    datastream = models.ForeignKey(
        "sensing.Datastream", models.PROTECT, related_name="edits", verbose_name=_("datastream")
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    operation = models.CharField(
        pgettext_lazy("change of a row", "operation"), max_length=12, choices=OPERATIONS
    )
    value = models.FloatField(_("value"), null=True, blank=True)
    quality = models.SmallIntegerField(_("quality"), choices=QUALITIES, null=True, blank=True)
    anchors = models.JSONField(
        _("ends of the line"), null=True, blank=True, help_text=_("The neighbours that interpolation used.")
    )
    reason = SentenceField(_("reason"))
    changed = models.PositiveIntegerField(_("changed readings"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("correction", "made at"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.get_operation_display()}"


class Revision(models.Model):
    """A version of an observation that was in force from ``known_from`` until ``known_until``."""

    DOMAIN_PATH = "datastream__thing__domain"
    PLACE_PATH = "datastream__thing__division"
    KIND_PATH = "datastream__kind"

    datastream = models.ForeignKey(
        "sensing.Datastream", models.DO_NOTHING, db_constraint=False, verbose_name=_("datastream")
    )
    phenomenon_time = models.DateTimeField(_("time"))
    result = models.FloatField(_("result"), null=True)
    raw = models.FloatField(_("value as it came"), null=True)
    quality = models.SmallIntegerField(_("quality"), choices=QUALITIES)
    flags = FlagsField(_("flags"))
    known_from = models.DateTimeField(_("known from"))
    known_until = models.DateTimeField(_("known until"))
    edit = models.ForeignKey(Edit, models.PROTECT, verbose_name=_("correction"))

    class Meta:
        verbose_name = _("replaced reading")
        verbose_name_plural = _("replaced readings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["datastream", "phenomenon_time"])]

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.phenomenon_time:%Y-%m-%dT%H:%M:%SZ}"
