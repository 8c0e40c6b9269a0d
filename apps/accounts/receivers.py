"""A login of an administrator ends his other session: one at a time (rule 2 of the privacy page)."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.selectors import grants_valid


@receiver(user_logged_in, dispatch_uid="accounts.one_session")
def end_other_session(request: HttpRequest, user: User, **_: object) -> None:
    """Forget the session before, if the user holds an office."""
    if not grants_valid(user).exclude(role__office="").exists():
        return
    before = User.objects.values_list("session_key", flat=True).get(pk=user.pk)
    now = request.session.session_key or ""
    if before and before != now:
        import_module(settings.SESSION_ENGINE).SessionStore(before).delete()
    User.objects.filter(pk=user.pk).update(session_key=now)
