"""The language switch: keeps the page, and is remembered with the account."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.accounts.services import language_choose


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the cookie and, for somebody logged in, the account's language."""
    code = request.POST.get("language", "")
    if not isinstance(request.user, AnonymousUser) and check_for_language(code):
        language_choose(request.user, language=code)
    return set_language(request)
