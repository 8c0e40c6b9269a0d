"""The portal's admin site: every active account may log in, roles decide what is shown."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from unfold.sites import UnfoldAdminSite

from apps.alerts.selectors import alarms_waiting
from apps.core.answers import PlainJson
from apps.portal.forms import LoginForm, OwnPasswordForm
from apps.portal.selectors.waiting import decides, waiting_count
from apps.privacy.services.rest import request_viewer


class PortalSite(UnfoldAdminSite):
    """unfold's site with our login, search, language switch and pages."""

    site_title = _("CityPlatform")
    index_title = _("My work")
    index_template = "portal/home.html"
    login_form: type[AdminAuthenticationForm] | type[LoginForm] = LoginForm
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the account is active; each page asks the policy kernel for itself."""
        return bool(request.user.is_authenticated and request.user.is_active)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Our pages first, so that none is taken for the name of an app."""
        # By name: the routes import views, which import this site through django.contrib.admin.
        pages: list[URLPattern | URLResolver] = import_string("apps.portal.pages.page_urls")(self)
        return [*pages, *super().get_urls()]

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The palette (Ctrl+K): pages and things that the viewer may open, never from a cache."""
        find = import_string("apps.portal.views.search.search_results")
        results = find(request, request.GET.get("s", ""))
        return TemplateResponse(request, "portal/search_results.html", {"results": results})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Only for fields that a form of ours fills in by it: any other would be a door to guess at."""
        label = f"{request.GET.get('app_label', '')}.{request.GET.get('model_name', '')}".lower()
        offered = {
            f"{model._meta.label_lower}.{name}"
            for model, admin in self._registry.items()
            for name in admin.autocomplete_fields
        }
        if f"{label}.{request.GET.get('field_name', '')}" not in offered:
            raise Http404
        found: HttpResponse = super().autocomplete_view(request)
        return PlainJson(json.loads(found.content))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """unfold's context, who is looking, and how many alarms and decisions wait."""
        viewer = request_viewer(request)
        waiting = alarms_waiting(viewer) if viewer.domains and viewer.office is None else None
        decisions = waiting_count(viewer) if decides(viewer) else None
        shared = {"viewer": viewer, "alarm_count": waiting, "decision_count": decisions}
        return {**super().each_context(request), **shared}

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The words of our scripts too, not only those of Django's admin."""
        answer: HttpResponse = JavaScriptCatalog().get(request)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """One's own password, by the rules of the accounts app."""
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
