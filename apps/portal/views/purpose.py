"""State, for the rest of the session, why one looks at personal data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.portal.views.acts import act
from apps.privacy.services.purposes import purpose_state


@require_POST
def purpose(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the purpose of the form, or none; a purpose that no role or approval gives is refused."""
    code = request.POST.get("purpose", "")
    done = _("Your purpose is noted with every record that you open.") if code else _("No purpose is stated.")
    return act(request, lambda: purpose_state(request, code), done=done, back=_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else reverse("admin:index")
