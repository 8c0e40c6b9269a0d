"""Dataset entries with the core metadata of 发改高技〔2017〕1272号, and the assessments behind them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.data import DatasetKind, DatasetState, Method, Openness, Sharing, UpdateCycle
from apps.core.bilingual import Bilingual

CREDIT_CODE = RegexValidator(
    r"^[0-9A-HJ-NPQRTUWXY]{18}$", _("Use the 18 characters of the unified social credit code.")
)


class Dataset(Bilingual, models.Model):
    """Something that can be shared, described so that another department can ask for it."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DatasetKind)
    domain = models.CharField(_("domain"), max_length=16)
    object_type = models.CharField(_("object type"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    class_category = models.CharField(_("class: category"), max_length=60, blank=True)
    class_item = models.CharField(_("class: item"), max_length=60, blank=True)
    class_name = models.CharField(_("class: order"), max_length=60, blank=True)
    class_detail = models.CharField(_("class: detail"), max_length=60, blank=True)
    provider = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", verbose_name=_("provider")
    )
    provider_code = models.CharField(_("provider code"), max_length=18, blank=True, validators=[CREDIT_CODE])
    abstract = models.TextField(_("abstract"), max_length=2000, blank=True)
    format = models.CharField(_("format"), max_length=60, blank=True)
    items = models.JSONField(_("information items"), default=list, blank=True)
    sharing = models.CharField(_("sharing type"), max_length=16, choices=Sharing, default=Sharing.CONDITIONAL)
    condition = models.TextField(_("sharing condition"), max_length=1000, blank=True)
    legal_basis = models.TextField(_("legal basis"), max_length=1000, blank=True)
    method = models.CharField(_("sharing method"), max_length=10, choices=Method, default=Method.INTERFACE)
    openness = models.CharField(_("open attribute"), max_length=12, choices=Openness, default=Openness.CLOSED)
    update_cycle = models.CharField(_("update cycle"), max_length=10, choices=UpdateCycle, blank=True)
    publish_date = models.DateField(_("publish date"), null=True, blank=True)
    related = ArrayField(
        models.CharField(max_length=100), verbose_name=_("related codes"), default=list, blank=True
    )
    notice = models.JSONField(_("processing notice"), default=dict, blank=True)
    notice_minor = models.JSONField(_("processing notice for under-14s"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DatasetState, default=DatasetState.DRAFT)
    state_reason = models.CharField(_("reason of the state"), max_length=300, blank=True)
    edited_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("edited by")
    )
    editors = ArrayField(
        models.PositiveBigIntegerField(),
        verbose_name=_("edited since the last review by"),
        default=list,
        blank=True,
        editable=False,
    )
    reviewed_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ImpactAssessment(models.Model):
    """A short personal-information impact assessment (PIPL 55, 56); kept for at least three years."""

    dataset = models.ForeignKey(
        Dataset, models.PROTECT, related_name="assessments", verbose_name=_("dataset")
    )
    purpose = models.TextField(_("purpose and lawfulness"), max_length=2000)
    impact = models.TextField(_("impact on people and risks"), max_length=2000)
    measures = models.TextField(_("protective measures"), max_length=2000)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    approved_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    keep_until = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("made_by")),
                name="assessment_has_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.pk}"
