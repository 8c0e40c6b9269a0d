"""Forms of the portal's own pages: login and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import BASE_INPUT_CLASSES, UnfoldAdminPasswordWidget

from apps.accounts.services import password_change
from apps.accounts.services.second_factor import password_confirm
from apps.core.errors import ProblemError


class LoginForm(AuthenticationForm):
    """Login for every active account; what a person may see is decided by roles, not by ``is_staff``."""

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = " ".join(BASE_INPUT_CLASSES)


class OwnPasswordForm(PasswordChangeForm):
    """Changes one's own password through the service, which remembers the last ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            complete = "current-password" if name == "old_password" else "new-password"
            field.widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": complete})

    def clean_old_password(self) -> str:
        """The present password; wrong ones count like those of every other form, and lock it."""
        try:
            password_confirm(self.user, self.cleaned_data["old_password"])
        except ProblemError as error:
            raise ValidationError(str(error.detail), code=error.code) from error
        return str(self.cleaned_data["old_password"])

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Set the new password and end the duty to change it."""
        password_change(self.user, password=self.cleaned_data["new_password1"])
        return self.user
