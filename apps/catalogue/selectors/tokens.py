"""What stands behind a program's token: its owner's rights, narrowed to the requests of its scopes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.utils import timezone

from apps.accounts.data import Capability, Limit, Viewer
from apps.accounts.selectors import division_now, viewer_for
from apps.catalogue.data import SCOPE_SEPARATOR, DatasetKind, TokenFacts
from apps.catalogue.models import AccessRequest, ApiClient, Dataset
from apps.catalogue.selectors.requests import requests_in_force
from apps.core.divisions import NOWHERE, is_within
from apps.core.domains import layers_by_id

KEY_PREFIX = "cp_"  # API keys of the accounts app begin so; tokens never do
READINGS = ("LatestValue", "Datastream", "RollupMinute", "RollupHour", "RollupDay")


def scope_of(request: AccessRequest) -> str:
    """``city.RoadSegment:planning``."""
    return f"{request.dataset.code}{SCOPE_SEPARATOR}{request.purpose}"


def scopes_of(client: ApiClient) -> dict[str, AccessRequest]:
    """The scopes that a program may ask for now, each with the request behind it."""
    return {scope_of(request): request for request in requests_in_force(client=client)}


def token_facts(text: str) -> TokenFacts | None:
    """Who stands behind a token; None when it is unknown, expired, or its program or owner has ended.

    The scopes are looked up anew each time: a recalled request takes its limit away at once.
    """
    token = _token(text)
    client = getattr(getattr(token, "application", None), "client", None)
    if token is None or client is None or not client.active:
        return None
    user = token.user or client.owner
    viewer = viewer_for(user)
    if viewer.user_id is None:
        return None
    held = scopes_of(client)
    scopes = tuple(scope for scope in token.scope.split() if scope in held)
    requests = [held[scope] for scope in scopes]
    return TokenFacts(
        viewer=narrowed(viewer, requests),
        client_id=client.pk,
        user_id=user.pk,
        request_ids=tuple(request.pk for request in requests),
        name=client.name,
        scopes=scopes,
    )


def _token(text: str) -> Any:
    """The row of an access token that has not expired; only its SHA-256 is stored."""
    checksum = hashlib.sha256(text.encode()).hexdigest()
    model = apps.get_model("oauth2_provider", "AccessToken")
    rows = model.objects.filter(token_checksum=checksum, expires__gt=timezone.now())
    return rows.select_related("application__client__owner", "user").first()


def token_described(text: str, *, client: ApiClient) -> dict[str, Any]:
    """What RFC 7662 says of a token of this program; ``active`` false for every other."""
    token = _token(text)
    if token is None or token.application_id != client.application_id:
        return {"active": False}
    held = [scope for scope in token.scope.split() if scope in scopes_of(client)]
    return {
        "active": bool(held),
        "scope": " ".join(held),
        "client_id": client.application.client_id,
        "token_type": "Bearer",
        "exp": int(token.expires.timestamp()),
    }


def narrowed(viewer: Viewer, requests: Sequence[AccessRequest]) -> Viewer:
    """The viewer as a token of these requests has him: only to read, with their purpose and place.

    A token never gives more than its owner has: rights and grants are taken away, none is added.
    """
    limits = frozenset(limit for request in requests for limit in limits_of(request))
    domains = {request.dataset.domain for request in requests}
    rights = frozenset(
        right for right in viewer.rights if right[0] in domains and right[1] is Capability.VIEW
    )
    purposes, places = {request.purpose for request in requests}, {request.place for request in requests}
    types = {limit.object_type for limit in limits}
    return replace(
        viewer,
        limits=limits,
        rights=rights,
        grants=frozenset(
            grant for grant in viewer.grants if grant.object_type in types and grant.purpose in purposes
        ),
        purpose=next(iter(purposes)) if len(purposes) == 1 else "",
        **_place(viewer, places),
        office=None,
    )


def _place(viewer: Viewer, places: Iterable[str]) -> dict[str, Any]:
    """What lies in the owner's division and in the place of every request; NOWHERE where nothing does."""
    division, former = viewer.division, viewer.former
    for place in filter(None, places):
        now, parts = division_now(place)
        if is_within(now, division, former):
            division, former = now, parts
        elif not is_within(division, now, parts):
            division, former = NOWHERE, frozenset()
    return {"division": division, "former": former}


def limits_of(request: AccessRequest) -> list[Limit]:
    """What one request lets a token see."""
    dataset, fields = request.dataset, frozenset(request.fields)
    if dataset.kind == DatasetKind.STREAM:
        kinds = frozenset({dataset.code.rpartition(".")[2]})
        rest = [Limit(f"sensing.{name}", kinds=kinds) for name in READINGS]
        return [Limit(dataset.object_type, _with_key(fields), kinds), *rest]
    return [Limit(dataset.object_type, _with_key(fields)), *_live(dataset)]


def _with_key(fields: frozenset[str]) -> frozenset[str]:
    return fields | {"id"} if fields else fields


def _live(dataset: Dataset) -> list[Limit]:
    """The live values that colour a map layer."""
    layer_id = dataset.code.replace(".layer.", ".")
    found = layers_by_id().get(layer_id) if dataset.kind == DatasetKind.LAYER else None
    return [Limit("sensing.LatestValue", kinds=frozenset({found[1].live}))] if found and found[1].live else []
