"""Questions that were asked, and their answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.divisions import EVERYWHERE

KINDS = [
    ("summary", _("Summary")),
    ("profile", _("The usual week")),
    ("correlation", _("Correlations")),
    ("decomposition", _("Trend and season")),
    ("regression", _("Regression")),
    ("classification", _("Classification by support vectors")),
    ("bottleneck", _("Bottlenecks")),
    ("areas", _("Means by area")),
]


class Analysis(models.Model):
    """One question over the lake, answered by a job; it lies where all of its datastreams lie."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    domain = models.CharField(_("domain"), max_length=16)
    division = models.CharField(_("division code"), max_length=12, blank=True, default=EVERYWHERE)
    kind = models.CharField(pgettext_lazy("analysis", "question"), max_length=20, choices=KINDS)
    parameters = models.JSONField(_("parameters"), default=dict)
    engine = models.CharField(_("engine"), max_length=20, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("rows read"), default=0)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
