"""Logins go into the access log; tables get the trigger of the history, and connections a name."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest

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
