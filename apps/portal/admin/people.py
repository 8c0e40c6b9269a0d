"""Users, departments and divisions: the system administrator's pages."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserCreationForm

from apps.accounts.data import Office
from apps.accounts.services.second_factor import factors_reset
from apps.accounts.services.transfers import transfer_ask, transfer_decide
from apps.core.errors import ProblemError
from apps.portal.admin.office import OfficeAdmin
from apps.privacy.services.rest import request_viewer

User, Department, Division, Transfer = (
    apps.get_model("accounts", name) for name in ("User", "Department", "Division", "Transfer")
)
NEW = ("username", "display_name", "department", "division")


class NewUserForm(UserCreationForm):
    """A new account with a first password that must be changed at the first login."""

    class Meta:
        model = User
        fields = NEW


@register(User)
class UserAdmin(OfficeAdmin):
    """Accounts. The system administrator makes them; the security administrator sets the clearance."""

    writer = Office.SYSTEM
    form = ModelForm
    list_display = (
        "username",
        "display_name",
        "department",
        "division",
        "clearance",
        "is_active",
        "last_login",
    )
    search_fields = ("username", "display_name")
    list_filter = ("is_active", "department")
    list_select_related = ("department", "division")
    fields = (
        *NEW,
        "clearance",
        "vendor",
        "is_active",
        "must_change_password",
        "last_login",
        "password_changed_at",
    )
    editable_fields = (*NEW, "is_active", "must_change_password")
    security_fields = ("clearance", "vendor")
    actions = ("forget_factors",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Both administrators change, each his own fields; nobody changes his own account here."""
        if obj is not None and obj.pk == request.user.pk:
            return False
        return request_viewer(request).office in {Office.SYSTEM, Office.SECURITY}

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A new account needs a first password."""
        return [*NEW, "password1", "password2"] if obj is None else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Everything but what the office may set."""
        if obj is None:
            return []
        security = request_viewer(request).office is Office.SECURITY
        editable = self.security_fields if security else self.editable_fields
        allowed = editable if self.has_change_permission(request, obj) else ()
        return [name for name in self.get_fields(request, obj) if name not in allowed]

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: Any = None, **kwargs: Any
    ) -> Any:
        """The creation form hashes the first password."""
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def get_actions(self, request: HttpRequest) -> Any:
        """Passwords are the system administrator's, second factors the security administrator's."""
        is_security = request_viewer(request).office is Office.SECURITY
        return super().get_actions(request) if is_security else {}

    @action(description=_("Reset the second factor of the chosen people"))
    def forget_factors(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They set up a new one at their next login."""
        by: Any = request.user
        try:
            for user in queryset:
                factors_reset(user, by=by)
        except ProblemError as error:
            messages.error(request, str(error.detail))
        else:
            messages.success(request, _("They set up a new second factor at their next login."))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """A new account must change its first password; a move waits for a second person."""
        moved = change and not {"department", "division"}.isdisjoint(form.changed_data)
        if not change:
            obj.must_change_password = True
        if moved:
            self._move(request, obj)
        super().save_model(request, obj, form, change)

    def _move(self, request: HttpRequest, obj: Any) -> None:
        """Enter the move, and leave the person where they are until it is approved."""
        viewer, stays = request_viewer(request), User.objects.get(pk=obj.pk)
        transfer_ask(stays, department=obj.department, division=obj.division, viewer=viewer)
        obj.department, obj.division = stays.department, stays.division
        messages.warning(request, _("The move takes effect when a security administrator approves it."))


@register(Transfer)
class TransferAdmin(OfficeAdmin):
    """Moves that the system administrator entered on people's pages; the security administrator decides."""

    empty_text = _("A move to another department or district is entered on the page of the person.")
    list_display = ("user", "department", "division", "asked_by", "asked_at", "decided_by", "approved")
    list_filter = ("approved",)
    search_fields = ("user__username",)
    list_select_related = ("user", "department", "division", "asked_by", "decided_by")
    actions = ("approve", "refuse")

    def get_actions(self, request: HttpRequest) -> Any:
        """The security administrator decides."""
        is_security = request_viewer(request).office is Office.SECURITY
        return super().get_actions(request) if is_security else {}

    @action(description=_("Approve the chosen moves"))
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They take effect at once."""
        self._decide(request, queryset, approve=True)

    @action(description=_("Refuse the chosen moves"))
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The people stay where they are."""
        self._decide(request, queryset, approve=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Any], *, approve: bool) -> None:
        try:
            for row in queryset:
                transfer_decide(row, approve=approve, viewer=request_viewer(request))
        except ProblemError as error:
            messages.error(request, str(error.detail))
        else:
            messages.success(request, _("The moves are decided."))


class CodedAdmin(OfficeAdmin):
    """Rows whose code decides what people see: it is chosen once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The code of an existing row: another one would move everybody there at a stroke."""
        found = super().get_readonly_fields(request, obj)
        return found if obj is None or "code" in found else [*found, "code"]


@register(Department)
class DepartmentAdmin(CodedAdmin):
    """Departments."""

    writer = Office.SYSTEM
    list_display = ("code", "name_zh", "name_en", "parent", "division")
    search_fields = ("code", "name_zh", "name_en")
    list_select_related = ("parent", "division")
    fields = editable_fields = ("code", "name_zh", "name_en", "parent", "division")


@register(Division)
class DivisionAdmin(CodedAdmin):
    """Division codes with their validity.

    The successor of a division that ended gives its people other rows, so the system administrator, who ends
    divisions, does not choose it: the security administrator does.
    """

    writer = Office.SYSTEM
    list_display = ("code", "name_zh", "name_en", "valid_from", "valid_to", "successor")
    search_fields = ("code", "name_zh", "name_en")
    editable_fields = ("code", "name_zh", "name_en", "valid_from", "valid_to")
    fields = (*editable_fields, "successor")
    security_fields = ("successor",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Both administrators change, each their own fields."""
        return request_viewer(request).office in {Office.SYSTEM, Office.SECURITY}

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A new division has no successor."""
        return list(self.editable_fields) if obj is None else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Everything but what the office may set."""
        if obj is None or request_viewer(request).office is not Office.SECURITY:
            return super().get_readonly_fields(request, obj)
        return [name for name in self.get_fields(request, obj) if name not in self.security_fields]
