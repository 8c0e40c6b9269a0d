"""Roles, grants and API keys: the security administrator's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.admin import action, display, register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from apps.accounts.data import Capability, Office
from apps.accounts.services import grant_check, role_end, role_grant
from apps.accounts.services.keys import api_key_revoke, device_key_create
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.core.quantities import listed
from apps.portal.admin.office import OfficeAdmin
from apps.portal.selectors.titles import purpose_title
from apps.privacy.services.rest import request_viewer

CAPABILITIES = {
    Capability.VIEW: pgettext_lazy("capability", "look"),
    Capability.UPLOAD: pgettext_lazy("capability", "upload"),
    Capability.HANDLE: pgettext_lazy("capability", "handle"),
    Capability.TRAIN: pgettext_lazy("capability", "train"),
    Capability.PROMOTE: pgettext_lazy("capability", "promote models"),
    Capability.PLAN: pgettext_lazy("capability", "plan"),
    Capability.PUBLISH: pgettext_lazy("capability", "publish plans"),
    Capability.APPROVE: pgettext_lazy("capability", "approve"),
}
Role, RoleGrant, ApiKey = (apps.get_model("accounts", name) for name in ("Role", "RoleGrant", "ApiKey"))


@register(Role)
class RoleAdmin(OfficeAdmin):
    """What each role allows; roles come with the domains and are read here."""

    list_display = ("key", "name_zh", "name_en", "domain", "allowed")
    fields = ("key", "name_zh", "name_en", "domain", "allowed", "for_what")
    search_fields = ("key", "name_zh", "name_en")
    list_filter = ("domain",)

    @display(description=_("capabilities"))
    def allowed(self, role: Any) -> str:
        """What the role allows, in words."""
        return listed(CAPABILITIES.get(name, name) for name in role.capabilities)

    @display(description=_("purposes"))
    def for_what(self, role: Any) -> str:
        """For what the role may open fields of the highest grade, in words."""
        return listed(purpose_title(code) for code in role.purposes)


@register(RoleGrant)
class RoleGrantAdmin(OfficeAdmin):
    """Who holds which role, given by whom and until when."""

    writer = Office.SECURITY
    list_display = ("user", "role", "granted_by", "valid_from", "valid_until")
    search_fields = ("user__username", "role__key")
    list_filter = ("role",)
    list_select_related = ("user", "role", "granted_by")
    fields = ("user", "role", "valid_until")
    actions = ("end_grants",)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: Any = None, **kwargs: Any
    ) -> Any:
        """The form knows who grants, so that the service's refusal stands beside its field."""
        base = super().get_form(request, obj, change, **kwargs)

        def clean(form: Any) -> dict[str, Any]:
            values: dict[str, Any] = super(base, form).clean()
            if values.get("user") and values.get("role"):
                _check(values["user"], values["role"], request.user)
            return values

        return type("GrantForm", (base,), {"clean": clean})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The service grants."""
        grant = role_grant(obj.user, role=obj.role, by=_user(request), until=obj.valid_until)
        obj.pk = grant.pk

    def get_actions(self, request: HttpRequest) -> Any:
        """Only the security administrator ends grants."""
        return super().get_actions(request) if self.is_writer(request) else {}

    @action(description=_("End the chosen grants now"))
    def end_grants(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """End them; open sessions lose the right within seconds."""
        refused = ""
        for grant in queryset.select_related("user"):
            try:
                role_end(grant, by=_user(request))
            except ProblemError as error:
                refused = str(error.detail)
        if refused:
            messages.error(request, refused)
        else:
            messages.success(request, _("The grants have ended."))


def _user(request: HttpRequest) -> Any:
    return request.user


def _check(user: Any, role: Any, by: Any) -> None:
    try:
        grant_check(user, role=role, by=by)
    except ProblemError as error:
        raise ValidationError({error.field or "role": str(error.detail)}) from error


class DeviceKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new key of devices: it sends readings to one domain; its text is made by the service."""

    domain = forms.ChoiceField(label=_("Domain"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        domains = self.fields.get("domain")
        if isinstance(domains, forms.ChoiceField):
            domains.choices = [(item.slug, item.title) for item in all_domains()]


@register(ApiKey)
class ApiKeyAdmin(OfficeAdmin):
    """Keys of devices and programs; only their digest is kept.

    People make the keys of their own programs on the developer page.
    """

    writer = Office.SECURITY
    form = DeviceKeyForm
    list_display = ("name", "prefix", "user", "domain", "scope", "expires_at", "revoked_at", "last_used_at")
    search_fields = ("name", "prefix")
    list_filter = ("domain",)
    list_select_related = ("user",)
    actions = ("revoke_keys",)
    new_fields = ("name", "domain", "expires_at")

    @display(description=_("scopes"))
    def scope(self, key: Any) -> str:
        """What the key may do, each scope once."""
        return " ".join(dict.fromkeys(key.scopes))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The service makes owner, scope, prefix, digest and times."""
        return list(self.new_fields) if obj is None else super().get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Make the key of a device and show its text this once."""
        key, text = device_key_create(
            name=obj.name, domain=obj.domain, until=obj.expires_at, viewer=request_viewer(request)
        )
        obj.pk, obj.user_id = key.pk, key.user_id
        messages.warning(request, _("Copy the key now, it is not shown again: %(key)s") % {"key": text})

    def get_actions(self, request: HttpRequest) -> Any:
        """Only the security administrator revokes."""
        return super().get_actions(request) if self.is_writer(request) else {}

    @action(description=_("Revoke the chosen keys now"))
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Revoke them; the gateway notices within seconds."""
        for key in queryset:
            api_key_revoke(key, by=_user(request))
        messages.success(request, _("The keys are revoked."))
