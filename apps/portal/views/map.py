"""The live map page: an almost empty frame; its values come through the API and the live feed."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.privacy.services.kernel import can_see

STAND_IN = 0  # the scripts put the key of the row in its place


@require_safe
@login_required
def live_map(request: HttpRequest) -> HttpResponse:
    """The page; it names only the domains that the viewer may look into."""
    viewer = viewer_for(request.user)
    titles = {domain.slug: str(domain.title) for domain in all_domains() if domain.slug in viewer.domains}
    context = {
        "domains": json.dumps(titles, ensure_ascii=False),
        "links": json.dumps(_links(viewer)),
        "zone": settings.TIME_ZONE,
    }
    return render(request, "portal/map.html", context)


def _links(viewer: Viewer) -> dict[str, Any]:
    """The pages about datastreams, alarms, rows of each layer and plans, as far as the viewer has any."""
    pages = {"stream": "admin:stream", "alarm": "admin:alarm"} if viewer.domains else {}
    rows = {
        layer_id: reverse(f"admin:{layer.model.lower().replace('.', '_')}_change", args=[STAND_IN])
        for layer_id, (_domain, layer) in layers_by_id().items()
        if can_see(viewer, layer.model)
    }
    plans = any(held is Capability.PLAN for _domain, held in viewer.rights)
    own = {"rows": rows, "plans": reverse("admin:plans") if plans else ""}
    return own | {name: reverse(page, args=[STAND_IN]) for name, page in pages.items()}
