"""Versions of the policy and their rules; a version in force is never changed, only followed by another."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.grades import Grade, Mask
from apps.privacy.data import Effect, VersionState
from apps.privacy.policy.rules import Rule


class PolicyVersion(models.Model):
    """A set of rules on its way: drafted by one security administrator, put in force by another."""

    SEEN_BY = ("security", "auditor")

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        default=VersionState.DRAFT,
        choices=[
            (VersionState.DRAFT, _("Draft")),
            (VersionState.PROPOSED, _("Proposed")),
            (VersionState.IN_FORCE, pgettext_lazy("policy", "In force")),
            (VersionState.RETIRED, _("Retired")),
            (VersionState.WITHDRAWN, pgettext_lazy("policy", "Withdrawn")),
        ],
    )
    reason = models.TextField(_("reason"), max_length=500)
    author = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    approver = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approver")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=VersionState.IN_FORCE.value),
                name="one_policy_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(approver=None) | ~models.Q(approver=models.F("author")),
                name="policy_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class PolicyRule(models.Model):
    """One rule of one version; the first that speaks of a field and a viewer decides."""

    SEEN_BY = ("security", "auditor")

    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="rules", verbose_name=_("policy version")
    )
    order = models.PositiveIntegerField(pgettext_lazy("place in a list", "order"))
    key = models.SlugField(_("key"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    field = models.CharField(_("field"), max_length=60, default="*")
    roles = ArrayField(models.SlugField(max_length=40), verbose_name=_("roles"), default=list, blank=True)
    least_grade = models.PositiveSmallIntegerField(
        _("from grade"),
        default=Grade.L1,
        choices=[
            (Grade.L1.value, _("L1 public")),
            (Grade.L2.value, _("L2 internal")),
            (Grade.L3.value, _("L3 restricted")),
            (Grade.L4.value, _("L4 secret")),
        ],
    )
    effect = models.CharField(
        _("effect"),
        max_length=10,
        choices=[
            (Effect.HIDE, _("hide")),
            (Effect.AGGREGATE, _("only in counts and sums")),
            (Effect.MASK, _("mask")),
            (Effect.PURPOSE, _("require a purpose")),
            (Effect.APPROVAL, _("require an approval")),
        ],
    )
    mask = models.CharField(
        _("mask"),
        max_length=10,
        default=Mask.NONE,
        choices=[
            (Mask.NONE, _("that of the field")),
            (Mask.NAME, _("name: first character")),
            (Mask.PHONE, _("telephone: first three, last four")),
            (Mask.IDENTITY, _("identity number: first three, last four")),
            (Mask.ADDRESS, _("address: the district")),
            (Mask.TEXT, _("text without numbers and names")),
            (Mask.POINT, _("place: the grid cell")),
            (Mask.YEAR, _("date: the year")),
            (Mask.BAND, _("number: the ten")),
        ],
    )
    purposes = ArrayField(
        models.SlugField(max_length=40), verbose_name=_("purposes"), default=list, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("policy rule")
        verbose_name_plural = _("policy rules")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="policy_rule_key"),
            models.UniqueConstraint(fields=["version", "order"], name="policy_rule_order"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def compiled(self) -> Rule:
        """The rule as the kernel reads it."""
        return Rule(
            key=self.key,
            object_type=self.object_type,
            effect=Effect(self.effect),
            field=self.field,
            roles=frozenset(self.roles),
            least=Grade(self.least_grade),
            mask=Mask(self.mask),
            purposes=frozenset(self.purposes),
        )
