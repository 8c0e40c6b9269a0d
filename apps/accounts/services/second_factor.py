"""The second factor: one-time codes (TOTP, RFC 6238), security keys (WebAuthn), recovery codes.

The mechanisms are django-allauth's; when a person must have one is ``selectors.needs_second_factor``.
"""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services.attempts import attempt, attempt_count, attempts_forget, person
from apps.core.errors import ProblemError

Type = Authenticator.Type


def totp_picture(user: User, secret: str) -> str:
    """The QR code (SVG) that an authenticator app reads."""
    adapter = get_adapter()
    return str(adapter.build_totp_svg(adapter.build_totp_url(user, secret)))


@transaction.atomic
def totp_enrol(user: User, *, secret: str, code: str) -> list[str]:
    """Keep ``secret`` once the app has shown a right code; the recovery codes, to be written down."""
    User.objects.select_for_update().get(pk=user.pk)
    if Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).exists():
        raise ProblemError(_("An authenticator app is set up already; remove it first."), "code", 409)
    attempt_count(person(user.pk), field="code")
    step = _step_of(secret, code, after=0)
    if step is None:
        raise ProblemError(_("This code does not fit; enter the one that the app shows now."), "code")
    kept = TOTP.activate(user, secret).instance
    kept.data["step"] = step
    kept.save()
    attempts_forget(person(user.pk))
    return recovery_codes(user)


def recovery_codes(user: User) -> list[str]:
    """The codes that are still good; made on the first call."""
    return list(RecoveryCodes.activate(user).get_unused_codes())


def security_key_begin(user: User) -> dict[str, Any]:
    """What the browser needs to make a credential (WebAuthn creation options)."""
    return _plain(webauthn.begin_registration(user, passwordless=False))


@transaction.atomic
def security_key_enrol(user: User, *, name: str, credential: str) -> list[str]:
    """Keep a security key; the recovery codes that are still good."""
    answer = _json(credential)
    try:
        webauthn.complete_registration(webauthn.parse_registration_response(answer))
    except (ValidationError, ValueError, KeyError) as error:
        raise ProblemError(_("The security key was not accepted; try again."), "credential") from error
    webauthn.WebAuthn.add(user, name[:40] or str(_("Security key")), answer)
    return recovery_codes(user)


def security_key_ask(user: User) -> dict[str, Any]:
    """What the browser needs to sign with a key of this user (WebAuthn request options)."""
    return _plain(webauthn.begin_authentication(user))


def factor_check(user: User, *, code: str = "", credential: str = "") -> None:
    """ProblemError unless the code or the signed credential is right; each code counts once.

    429 after five wrong passwords or codes within half an hour.
    """
    with attempt(person(user.pk), field="code"):
        if credential:
            _key_check(user, credential)
        elif not (_totp_holds(user, code) or _recovery_holds(user, code)):
            raise ProblemError(_("This code is wrong or was used already."), "code")


def password_confirm(user: User, password: str) -> None:
    """ProblemError unless this is the password of ``user``; counted together with the codes."""
    with attempt(person(user.pk), field="password"):
        if not user.check_password(password):
            raise ProblemError(_("The password is wrong."), "password")


@transaction.atomic
def _totp_holds(user: User, code: str) -> bool:
    """Whether the code is right and newer than the last one taken (RFC 6238, 5.2: once)."""
    row = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=Type.TOTP).first()
    if row is None:
        return False
    step = _step_of(get_adapter().decrypt(row.data["secret"]), code, after=row.data.get("step", 0))
    if step is None:
        return False
    row.data["step"], row.last_used_at = step, timezone.now()
    row.save()
    return True


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The 30-second step of which ``code`` is the code, one step of clock drift allowed."""
    now = int(time.time() // int(app_settings.TOTP_PERIOD))
    for step in (now, now - 1, now + 1):
        if step > after and constant_time_compare(format_hotp_value(hotp_value(secret, step)), code.strip()):
            return step
    return None


def _recovery_holds(user: User, code: str) -> bool:
    row = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
    return row is not None and bool(RecoveryCodes(row).validate_code(code.strip()))


def _key_check(user: User, credential: str) -> None:
    answer = _json(credential)
    try:
        row = webauthn.complete_authentication(user, webauthn.parse_authentication_response(answer))
    except (ValidationError, ValueError, KeyError) as error:
        raise ProblemError(_("The security key was not accepted; try again."), "credential") from error
    row.record_usage()


def factors_reset(user: User, *, by: User) -> int:
    """Forget every factor of a person who has lost them; he enrols at his next login. Returns how many."""
    if by.pk == user.pk:
        raise ProblemError(
            _("Nobody resets their own second factor; ask another administrator."), "user", 403
        )
    forgotten: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    return forgotten


def factors_of(user: User) -> set[str]:
    """The kinds of factor that the user has: "totp", "webauthn", "recovery_codes"."""
    return set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(_("The security key was not accepted; try again."), "credential") from error
    if not isinstance(value, dict):
        raise ProblemError(_("The security key was not accepted; try again."), "credential")
    return value


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return plain
