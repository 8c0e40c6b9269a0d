"""The ledger of differential privacy: what may be spent, what was spent, and what was answered for it.

Losses are whole millionths of epsilon, so that sums are exact and the database itself refuses overspending.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Budget(models.Model):
    """What may be spent in the running period; ``lifetime`` goes on when a period is renewed."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16, blank=True)
    dataset = models.CharField(_("data set"), max_length=60, blank=True)  # "" is the whole city
    limit = models.PositiveBigIntegerField(_("limit, millionths"), default=0)
    spent = models.PositiveBigIntegerField(_("spent, millionths"), default=0)
    lifetime = models.PositiveBigIntegerField(_("spent ever, millionths"), default=0)
    since = models.DateTimeField(_("period since"), auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def left(self) -> int:
        """What is left in this period, in millionths of epsilon."""
        return self.limit - self.spent


class DatasetBudget(Budget):
    """What all recipients together may learn from one data set; the row without a data set is the city's."""

    share = models.PositiveBigIntegerField(_("limit of one recipient, millionths"), default=0)

    class Meta:
        verbose_name = _("privacy budget")
        verbose_name_plural = _("privacy budgets")
        ordering = ["dataset"]
        constraints = [
            models.UniqueConstraint(fields=["dataset"], name="dataset_budget_once"),
            models.CheckConstraint(
                condition=models.Q(spent__lte=models.F("limit")), name="dataset_budget_kept"
            ),
        ]

    def __str__(self) -> str:
        return self.dataset


class RecipientBudget(Budget):
    """What one recipient may learn from one data set."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recipient")
    )

    class Meta:
        verbose_name = _("privacy budget of a recipient")
        verbose_name_plural = _("privacy budgets of recipients")
        ordering = ["dataset", "recipient"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "recipient"], name="recipient_budget_once"),
            models.CheckConstraint(
                condition=models.Q(spent__lte=models.F("limit")), name="recipient_budget_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.recipient_id}"


class BudgetDecision(models.Model):
    """Who set or renewed which budget, and why; never changed."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16, blank=True)
    dataset = models.CharField(_("data set"), max_length=60, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    renewed = models.BooleanField(_("new period"), default=False)
    limit = models.PositiveBigIntegerField(_("limit, millionths"))
    share = models.PositiveBigIntegerField(_("limit of one recipient, millionths"), default=0)
    spent_before = models.PositiveBigIntegerField(_("spent before, millionths"), default=0)
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("budget decision")
        verbose_name_plural = _("budget decisions")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.dataset} {self.pk}"


class Release(models.Model):
    """One answer with its noise: computed once, whoever asks the same again."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    dataset = models.CharField(_("data set"), max_length=60)
    digest = models.CharField(_("digest of the question"), max_length=64, unique=True)
    question = models.JSONField(_("question"), default=dict)
    answer = models.JSONField(
        pgettext_lazy("statistics", "answer"), default=list
    )  # [{"key", "value", "radius"}, ...]
    epsilon = models.PositiveBigIntegerField(_("loss, millionths"))
    released_at = models.DateTimeField(pgettext_lazy("statistics", "released"), auto_now_add=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-released_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.dataset} {self.pk}"


class Delivery(models.Model):
    """One release given to one recipient for a purpose, and what it took from each budget."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    release = models.ForeignKey(Release, models.PROTECT, related_name="deliveries", verbose_name=_("release"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recipient")
    )
    purpose = models.CharField(_("purpose"), max_length=40)
    cost = models.PositiveBigIntegerField(_("taken from the recipient, millionths"))
    dataset_cost = models.PositiveBigIntegerField(_("taken from the data set, millionths"))
    delivered_at = models.DateTimeField(_("delivered"), auto_now_add=True)

    class Meta:
        verbose_name = _("delivered release")
        verbose_name_plural = _("delivered releases")
        ordering = ["-delivered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "recipient"], name="delivered_once_to_each")
        ]
        indexes = [models.Index(fields=["recipient", "-delivered_at"])]

    def __str__(self) -> str:
        return f"{self.release_id} {self.recipient_id}"
