"""The tile address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError, problem_response
from apps.maps.selectors import layer_view, tile_bytes
from apps.privacy.services.rest import request_viewer

MVT = "application/vnd.mapbox-vector-tile"


def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """One vector tile; 304 when the browser has it already, an empty 204 where nothing lies."""
    if not request.user.is_authenticated:
        return problem_response(ProblemError(_("Log in first."), status=401, code="login"))
    try:
        found = tile_bytes(layer_view(layer, request_viewer(request)), zoom=z, x=x, y=y)
    except ProblemError as error:
        return problem_response(error)
    answer = HttpResponse(found.data, content_type=MVT, status=200 if found.data else 204)
    answer["ETag"] = found.etag
    answer["Cache-Control"] = "private, no-cache"  # always asked again: rights may have changed
    answer["Vary"] = "Cookie, Accept-Language"
    return get_conditional_response(request, etag=found.etag, response=answer) or answer
