"""Roles are rows: what a role allows is data, not code."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Office
from apps.accounts.models.sealing import Sealed, SealedQuerySet
from apps.core.bilingual import Bilingual


class Role(Bilingual, Sealed):
    """A business role in one domain (capabilities), or one of the three administrators (office)."""

    SEALED = ("key", "domain", "capabilities", "purposes", "office")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    domain = models.CharField(_("domain"), max_length=16, blank=True)
    capabilities = ArrayField(
        models.CharField(max_length=16, choices=[(item.value, item.value) for item in Capability]),
        verbose_name=_("capabilities"),
        default=list,
        blank=True,
    )
    purposes = ArrayField(
        models.SlugField(max_length=40),
        verbose_name=_("purposes"),
        help_text=_("For what people of this role may open fields of the highest grade, once they say so."),
        default=list,
        blank=True,
    )
    office = models.CharField(
        _("office"), max_length=8, blank=True, choices=[(item.value, item.value) for item in Office]
    )

    objects = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["domain", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office="", domain__gt="")
                | models.Q(domain="", capabilities=[], office__gt=""),
                name="role_is_business_or_office",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RoleGrant(Sealed):
    """One role given to one person by another, for a period."""

    SEALED = ("user_id", "role_id", "granted_by_id", "valid_from", "valid_until")

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name=_("role"))
    granted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )
    valid_from = models.DateTimeField(_("valid from"), auto_now_add=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_granted_once"),
            models.CheckConstraint(
                condition=models.Q(granted_by=None) | ~models.Q(granted_by=models.F("user")),
                name="nobody_grants_to_himself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"
