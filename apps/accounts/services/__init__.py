"""Writes about people: accounts, roles, passwords."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import AccessGrant, FormerPassword, Role, RoleGrant, User
from apps.accounts.selectors import grants_valid
from apps.accounts.signals import accounts_disabled
from apps.core.errors import ProblemError


def grant_check(user: User, *, role: Role, by: User | None) -> None:
    """ProblemError where the grant would join what must be apart, or somebody grants to himself."""
    if by is not None and by.pk == user.pk:
        raise ProblemError(
            _("Nobody grants rights to themselves; ask another security administrator."), "user", 403
        )
    held = [grant.role for grant in grants_valid(user).exclude(role=role)]
    if role.office and held:
        raise ProblemError(_("An administrator holds no other role; end the other roles first."), "role", 409)
    if any(other.office for other in held):
        raise ProblemError(_("The user is an administrator and can hold no business role."), "role", 409)


@transaction.atomic
def role_grant(user: User, *, role: Role, by: User | None, until: datetime | None = None) -> RoleGrant:
    """Give a role. The three offices exclude each other and all business roles; nobody grants to himself."""
    User.objects.select_for_update().get(pk=user.pk)
    grant_check(user, role=role, by=by)
    grant, _created = RoleGrant.objects.update_or_create(
        user=user, role=role, defaults={"granted_by": by, "valid_until": until}
    )
    return grant


def role_end(grant: RoleGrant, *, by: User) -> None:
    """End a grant now; nobody ends his own, so that an office cannot be left to escape its rules."""
    if grant.user_id == by.pk:
        raise ProblemError(
            _("Nobody changes their own rights; ask another security administrator."), "user", 403
        )
    RoleGrant.objects.filter(pk=grant.pk).update(valid_until=timezone.now())


def access_grant_give(
    user: User, *, object_type: str, purpose: str, basis: str, by: User, until: datetime, **limits: Any
) -> AccessGrant:
    """Let ``user`` use an object type for a purpose until a time; nobody approves for himself.

    ``limits`` are ``fields``, ``objects_only`` and ``place``. ProblemError 403 for one's own grant, 400 for
    an end that has passed or a missing purpose.
    """
    if by.pk == user.pk:
        raise ProblemError(_("Nobody approves access for themselves; ask another approver."), "user", 403)
    if not purpose:
        raise ProblemError(_("State the purpose for which the data are needed."), "purpose")
    if until <= timezone.now():
        raise ProblemError(_("The end of the access lies in the past; give a later one."), "until")
    return AccessGrant.objects.create(
        user=user,
        object_type=object_type,
        purpose=purpose,
        basis=basis,
        approved_by=by,
        valid_from=timezone.now(),
        valid_until=until,
        **limits,
    )


def access_grants_end(*, basis: str) -> int:
    """End at once every grant that rests on ``basis``; returns how many."""
    return AccessGrant.objects.filter(basis=basis, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def password_change(user: User, *, password: str) -> None:
    """Set a new password and remember the old one; the validators have judged it before."""
    if user.password:
        FormerPassword.objects.create(user=user, password=user.password)
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def stale_accounts_disable() -> int:
    """Disable accounts without a login for the configured days; returns how many."""
    limit = timezone.now() - timedelta(days=settings.ACCOUNT_IDLE_DAYS)
    stale = User.objects.filter(is_active=True, date_joined__lt=limit, api_keys=None)
    found = list(stale.exclude(last_login__gte=limit).values_list("pk", flat=True))
    User.objects.filter(pk__in=found).update(is_active=False)
    if found:
        transaction.on_commit(partial(accounts_disabled.send, sender=User, user_ids=found))
    return len(found)


def language_choose(user: User, *, language: str) -> None:
    """Remember the language in which a person works."""
    User.objects.filter(pk=user.pk).update(language=language)
