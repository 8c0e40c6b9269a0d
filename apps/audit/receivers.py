"""Logins go into the access log; tables get the trigger of the history, and connections a name."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.signals import accounts_disabled, factor_asked, key_changed, rights_broken
from apps.audit.services import Act, access_record
from apps.audit.tracking import name_writers, triggers_install


def _address(request: HttpRequest | None) -> str | None:
    return request.META.get("REMOTE_ADDR") if request else None


@receiver(user_logged_in, dispatch_uid="audit.logged_in")
def record_login(request: HttpRequest, user: Any, **_: object) -> None:
    """One entry for each login."""
    access_record(Act("login", user_id=user.pk, address=_address(request)))


@receiver(user_logged_out, dispatch_uid="audit.logged_out")
def record_logout(request: HttpRequest, user: Any, **_: object) -> None:
    """One entry for each logout, also those that the idle rule makes."""
    access_record(Act("logout", user_id=user.pk if user else None, address=_address(request)))


@receiver(user_login_failed, dispatch_uid="audit.login_failed")
def record_failure(request: HttpRequest | None = None, **_: object) -> None:
    """One entry for each failed login; the name that was typed is not kept, it may be a password."""
    access_record(Act("login", result="refused", address=_address(request)))


@receiver(user_locked_out, dispatch_uid="audit.locked_out")
def record_lockout(request: HttpRequest, **_: object) -> None:
    """One entry when a user and address pair is locked."""
    access_record(Act("lockout", result="refused", address=_address(request)))


@receiver(connection_created, dispatch_uid="audit.writers")
def connection_names_writers(connection: Any, **_: object) -> None:
    """The history of changes knows who writes on it."""
    name_writers(connection)


@receiver(post_migrate, dispatch_uid="audit.triggers")
def track_after_migrate(sender: Any, **_: object) -> None:
    """Tables that are new get the trigger of the history."""
    if sender.name == "apps.audit":
        triggers_install()


@receiver(factor_asked, dispatch_uid="audit.factor_asked")
def record_factor(user_id: int, kind: str, result: str, address: str | None, **_: object) -> None:
    """One entry for each second factor or repeated password, right or wrong."""
    access_record(Act(kind, user_id=user_id, result=result, address=address))


@receiver(rights_broken, dispatch_uid="audit.rights_broken")
def record_broken_rights(user_id: int, **_: object) -> None:
    """One entry for each login refused because a right was changed behind the application."""
    access_record(Act("rights tampered", user_id=user_id, object_type="accounts.User", result="refused"))


@receiver(key_changed, dispatch_uid="audit.key_changed")
def record_key(key_id: int, owner_id: int, by_id: int | None, deed: str, **_: object) -> None:
    """One entry for each key that is made or revoked, with its owner, who finds it in their own trail too."""
    access_record(Act(deed, by_id, "accounts.ApiKey", str(key_id), f"owner {owner_id}"))
    if by_id is not None and by_id != owner_id:
        access_record(Act("key_told", owner_id, "accounts.ApiKey", str(key_id), f"{deed} by {by_id}"))


@receiver(accounts_disabled, dispatch_uid="audit.accounts_disabled")
def record_disabled(user_ids: list[int], **_: object) -> None:
    """One entry for each account that nobody has used for long."""
    for user_id in user_ids:
        access_record(Act("disable", object_type="accounts.User", object_id=str(user_id)))
