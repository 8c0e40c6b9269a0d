"""Divisions of the country and departments of the city."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.bilingual import Bilingual

DIGITS = RegexValidator(
    r"^\d{6}(\d{3}(\d{3})?)?$", _("Use 6, 9 or 12 digits, as in GB/T 2260 and GB/T 10114.")
)


class Division(Bilingual, models.Model):
    """A division code of GB/T 2260 (6 digits) or GB/T 10114 (9, 12), valid for a period.

    Codes are never reused for another meaning: a division that ends names its successor.
    """

    code = models.CharField(_("code"), max_length=12, validators=[DIGITS])
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_code_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="division_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Department(Bilingual, models.Model):
    """A department that owns data and employs people."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("parent"))
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, verbose_name=_("division"))

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title
