"""Password login; refused for a person whose rights were changed behind the application."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.selectors import rights_are_whole
from apps.accounts.signals import rights_broken


class SealedBackend(ModelBackend):
    """Django's backend, which also asks whether the seals of the user's rights hold."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """The user, or None; a broken seal is told to the access log."""
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(user, User) and not rights_are_whole(user):
            rights_broken.send(sender=User, user_id=user.pk)
            return None
        return user
