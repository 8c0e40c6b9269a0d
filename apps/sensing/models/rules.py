"""Cleaning rules as data: drafted, tried on the last week, put in force, retired."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CleaningRuleState(models.TextChoices):
    """The life of a rule."""

    DRAFT = "draft", _("draft")
    LIVE = "live", _("in force")
    RETIRED = "retired", _("retired")


class CleaningRule(models.Model):
    """Limits for one kind of reading in a domain, or for one datastream; those left out stay as they were."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    kind = models.CharField(_("kind"), max_length=40)
    datastream = models.ForeignKey(
        "sensing.Datastream",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("datastream"),
        help_text=_("Empty: every datastream of the kind."),
    )
    limits = models.JSONField(
        _("limits"),
        help_text=_(
            "Any of low, high, max_step, stuck_after, max_age, rate, spike, window, mend, clock, late, peers."
        ),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=8, choices=CleaningRuleState.choices, default=CleaningRuleState.DRAFT
    )
    trial = models.JSONField(_("trial on the last week"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    live_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("cleaning rule")
        verbose_name_plural = _("cleaning rules")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "kind", "datastream"],
                condition=models.Q(state="live"),
                nulls_distinct=False,
                name="one_rule_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.domain}.{self.kind} {self.pk}"
