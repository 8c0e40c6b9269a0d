"""Who may write what: where, by the role or the key's domain; with a key, by the scope of each entity type.

``ingest`` sends observations, and nothing else. Every other change needs the scope that the REST address of
the same thing needs: ``write:sensing.things`` for a Thing, ``write:sensing.corrections`` to change a reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from apps.accounts.data import INGEST, READ, WRITE, Capability, KeyFacts, Viewer
from apps.accounts.services.programs import KeyAuthentication
from apps.core.errors import ProblemError
from apps.privacy.services.rest import request_viewer
from apps.sensing.sensorthings.catalogue import ENTITIES

FORBIDDEN = 403
OBSERVATION = "Observation"
CORRECT = f"{WRITE}sensing.corrections"
CREATE = "POST"
REST: Mapping[str, str] = {  # entity type -> its name in addresses of the REST API
    "Thing": "things",
    "Location": "locations",
    "HistoricalLocation": "historical-locations",
    "Datastream": "datastreams",
    "Sensor": "sensors",
    "ObservedProperty": "observed-properties",
    "FeatureOfInterest": "features-of-interest",
}
NAMES = {name: entity.name for entity in ENTITIES for name in (entity.name, entity.plural)}
STEP = re.compile(r"\w+", re.ASCII)


def scope_of(entity: str, method: str) -> str:
    """The scope with which a key may create (POST) or change an entity of this type."""
    if entity == OBSERVATION:
        return INGEST if method == CREATE else CORRECT
    return f"{WRITE}sensing.{REST[entity]}"


def request_scope(method: str, resource: str) -> str:
    """The scope of the entity at the end of a path; ``read`` to read, ``ingest`` where the path names none.

    It only says which rights a key brings along: what is changed in the end is asked for once more.
    """
    if method in SAFE_METHODS:
        return READ
    names = [NAMES[word] for word in STEP.findall(resource) if word in NAMES]
    return scope_of(names[-1], method) if names else INGEST


class SensorThingsKey(KeyAuthentication):
    """As ``KeyAuthentication``, with the scopes of this interface; whether a key has them is asked later."""

    def scope(self, request: Request) -> str:
        """None: the view answers 403 and names the scope that is missing."""
        return ""

    def writing(self, request: Request) -> str:
        """The scope whose rights the key brings along."""
        if request.method in SAFE_METHODS:
            return ""
        return request_scope(str(request.method), request.path_info)

    def authenticate_header(self, request: Request) -> str:
        """SensorThings clients know basic credentials."""
        return 'Basic realm="SensorThings"'


@dataclass(frozen=True, slots=True)
class Rights:
    """What the caller of one request may write."""

    viewer: Viewer
    domains: tuple[str, ...]  # the key's own, or those where a role allows uploads
    method: str
    scopes: frozenset[str] | None = None  # of the key; None for a person

    @classmethod
    def of(cls, request: Request) -> Rights:
        """Those of the caller."""
        viewer, auth, method = request_viewer(request), request.auth, str(request.method)
        if isinstance(auth, KeyFacts):
            return cls(viewer, (auth.domain,), method, auth.scopes)
        allowed = (slug for slug in sorted(viewer.domains) if viewer.may(slug, Capability.UPLOAD))
        return cls(viewer, tuple(allowed), method)

    def require(self, entity: str, method: str = "") -> None:
        """ProblemError 403 where the key may not create, or change, entities of a type.

        A key that does more than send readings acts with its owner's role, so that is asked too.
        """
        needed = scope_of(entity, method or self.method)
        if self.scopes is None:
            return
        if needed not in self.scopes:
            raise scope_missing(needed)
        if needed != INGEST and not any(self.viewer.may(slug, Capability.UPLOAD) for slug in self.domains):
            writing_required(())


def scope_missing(scope: str) -> ProblemError:
    """What a caller hears whose key lacks a scope."""
    detail = _("This key lacks the scope %(scope)s.") % {"scope": scope}
    return ProblemError(detail, "", FORBIDDEN, "insufficient_scope")


def writing_required(domains: tuple[str, ...], domain: str = "") -> None:
    """ProblemError 403 where the caller may not write ``domain`` (any domain, when none is named)."""
    if not domains or (domain and domain not in domains):
        raise ProblemError(_("You may not write in this domain."), "domain", FORBIDDEN, "role")
