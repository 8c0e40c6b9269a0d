"""Sites that inspectors visit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.places import Located


class SiteCategory(models.TextChoices):
    """What is inspected at a site."""

    DEPOT = "depot", _("Depot")
    BRIDGE = "bridge", _("Bridge")
    DRAIN = "drain", _("Pumping station")
    WASTE = "waste", _("Refuse station")
    MARKET = "market", _("Market")
    WORKS = "works", _("Building site")
    PARK = "park", _("Park")


class InspectionSite(Located):
    """A place to inspect, when it is open and how often it is due; rounds start at depots."""

    category = models.CharField(_("category"), max_length=8, choices=SiteCategory)
    service_minutes = models.PositiveSmallIntegerField(_("duration of a visit (min)"), default=20)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)  # 1 ordinary to 3 urgent
    interval_days = models.PositiveSmallIntegerField(_("inspected every (days)"), default=14)
    last_inspected_at = models.DateTimeField(_("last inspected"), null=True, blank=True)

    class Meta(Located.Meta):
        verbose_name = _("inspection site")
        verbose_name_plural = _("inspection sites")
