"""How long readings are kept, and what must not be deleted whatever the rules say."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRule(models.Model):
    """How long readings of a domain, of a kind in it or of one datastream are kept; the closest counts."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    datastream = models.ForeignKey(
        "sensing.Datastream",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("datastream"),
    )
    keep_months = models.PositiveSmallIntegerField(_("months in the database"))
    lake_years = models.PositiveSmallIntegerField(_("years in the lake"))
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["domain", "kind", "datastream"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "kind", "datastream"], nulls_distinct=False, name="one_rule_a_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.kind or self.datastream_id or ''}".strip()


class LegalHold(models.Model):
    """Readings that must not be deleted until somebody releases them: a case, an inquiry, an audit."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    datastream = models.ForeignKey(
        "sensing.Datastream",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("datastream"),
    )
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed at"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at"]

    def __str__(self) -> str:
        return f"{self.domain} {self.reason}"
