"""What a session proves: the second factor, and that the person is still there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import CONFIRMED_AT, STRONG_SINCE, Viewer
from apps.accounts.models import User
from apps.accounts.services.second_factor import factor_check, password_confirm
from apps.accounts.signals import factor_asked
from apps.core.errors import ProblemError


def session_strengthen(request: HttpRequest) -> None:
    """The second factor was given: a new session key, so that an older one is worth nothing."""
    now = timezone.now().isoformat()
    request.session.cycle_key()
    request.session[STRONG_SINCE] = request.session[CONFIRMED_AT] = now
    User.objects.filter(pk=request.user.pk or 0).exclude(session_key="").update(
        session_key=request.session.session_key or ""
    )


def second_factor_give(request: HttpRequest, user: User, *, code: str = "", credential: str = "") -> None:
    """Check the factor, record it, and make the session strong."""
    _asked(request, user, "second factor", code=code, credential=credential)
    session_strengthen(request)


def confirm(
    request: HttpRequest, user: User, *, password: str = "", code: str = "", credential: str = ""
) -> None:
    """Show again that it is the same person, by password or second factor; good for five minutes."""
    if password:
        _password_asked(request, user, password)
    else:
        _asked(request, user, "confirm", code=code, credential=credential)
    request.session[CONFIRMED_AT] = timezone.now().isoformat()


def _password_asked(request: HttpRequest, user: User, password: str) -> None:
    try:
        password_confirm(user, password)
    except ProblemError:
        _tell(request, user, "confirm", done=False)
        raise
    _tell(request, user, "confirm", done=True)


def _asked(request: HttpRequest, user: User, kind: str, *, code: str, credential: str) -> None:
    try:
        factor_check(user, code=code, credential=credential)
    except ProblemError:
        _tell(request, user, kind, done=False)
        raise
    _tell(request, user, kind, done=True)


def _tell(request: HttpRequest, user: User, kind: str, *, done: bool) -> None:
    result, address = ("done" if done else "refused"), request.META.get("REMOTE_ADDR")
    factor_asked.send(sender=User, user_id=user.pk, kind=kind, result=result, address=address)


def privileged_require(viewer: Viewer) -> None:
    """ProblemError 403 unless the second factor was given (or this installation only offers it)."""
    if not viewer.strong and settings.SECOND_FACTOR == "required":
        raise ProblemError(
            _("This needs your second factor; log in to the portal and give it there."),
            status=403,
            code="second_factor",
        )


def approval_require(viewer: Viewer) -> None:
    """ProblemError 403 without the second factor, or where the person has not just confirmed who they are."""
    privileged_require(viewer)
    if not viewer.confirmed:
        raise ProblemError(
            _("Show first that it is you: enter your password or your second factor again."),
            status=403,
            code="confirmation",
        )
