"""Password rules: three kinds of characters, strength by zxcvbn, none of the last five."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from apps.accounts.models import FormerPassword

KINDS_NEEDED = 3


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError when fewer than three kinds are used."""
        kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
        if sum(any(kind(sign) for sign in password) for kind in kinds) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """What the user should do."""
        return _("Use at least three of: small letters, capital letters, digits, other characters.")


class StrengthValidator:
    """Refuses what a guesser would find soon (zxcvbn score 0 to 4)."""

    def __init__(self, minimum: int = 3) -> None:
        self.minimum = minimum

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError when the score is below the minimum."""
        words = [user.get_username()] if user else []
        if zxcvbn(password[:72], user_inputs=words)["score"] < self.minimum:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """What the user should do."""
        return _("Choose a password that is hard to guess: several unrelated words and characters.")


class HistoryValidator:
    """Refuses the current password and the last few."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError when the password was used lately."""
        if user is None or user.pk is None:
            return
        former = FormerPassword.objects.filter(user_id=user.pk).values_list("password", flat=True)[
            : self.last
        ]
        if any(check_password(password, hashed) for hashed in (user.password, *former)):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def get_help_text(self) -> str:
        """What the user should do."""
        return _("Do not use one of your last %(count)d passwords again.") % {"count": self.last}
