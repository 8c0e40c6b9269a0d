"""The user: a unique login name, a department, a clearance."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models.sealing import Sealed, SealedQuerySet
from apps.core.bilingual import language_offered
from apps.core.grades import Grade


class PersonManager(UserManager["User"]):
    """Django's manager over rows that keep their seals."""

    use_in_migrations = False

    def get_queryset(self) -> SealedQuerySet[User]:
        """Rows whose changes are sealed."""
        return SealedQuerySet(self.model, using=self._db)


class User(Sealed, AbstractUser):
    """A person who logs in. Rights come from role grants and the clearance, never from ``is_superuser``."""

    SEALED = ("username", "is_active", "clearance", "department_id", "division_id", "vendor")

    display_name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    division = models.ForeignKey(
        "accounts.Division",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("division"),
        help_text=_("Limits what the user sees to this division; empty means the whole city."),
    )
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=[(grade.value, grade.name) for grade in Grade], default=Grade.L2
    )
    vendor = models.BooleanField(
        _("contractor"),
        default=False,
        help_text=_(
            "Works for another company: sees synthetic data only, real rows for a ticket and a time."
        ),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    password_changed_at = models.DateTimeField(_("password changed"), default=timezone.now)
    session_key = models.CharField(_("session"), max_length=40, blank=True, editable=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @property
    def speaks(self) -> str:
        """The language that the person has chosen; "" where it is none that the platform speaks."""
        return language_offered(self.language)


class FormerPassword(models.Model):
    """A hash that a user had before; the last five may not come back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name=_("user"))
    password = models.CharField(_("hash"), max_length=128)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
