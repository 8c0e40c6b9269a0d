"""The language switch: keeps the page, and is remembered with the account."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.accounts.services import language_choose
from apps.core.bilingual import language_offered
from apps.core.errors import ProblemError


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the cookie and, for somebody logged in, the account's language; only one that is offered."""
    code = request.POST.get("language", "")
    if not language_offered(code):
        words = _("Choose one of these languages: %(values)s.")
        known = ", ".join(one for one, _name in settings.LANGUAGES)
        raise ProblemError(words % {"values": known}, "language", code="unknown")
    if not isinstance(request.user, AnonymousUser):
        language_choose(request.user, language=code)
    return set_language(request)
