"""The live map page: an almost empty frame; its values come through the API and the live feed."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains


@require_safe
@login_required
def live_map(request: HttpRequest) -> HttpResponse:
    """The page; it names only the domains that the viewer may look into."""
    seen = viewer_for(request.user).domains
    titles = {domain.slug: str(domain.title) for domain in all_domains() if domain.slug in seen}
    context = {"domains": json.dumps(titles, ensure_ascii=False), "zone": settings.TIME_ZONE}
    return render(request, "portal/map.html", context)
