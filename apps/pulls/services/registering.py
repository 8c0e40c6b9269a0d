"""Sources named, changed and given up by people; every value is checked before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.domains import all_domains
from apps.core.egress import address_check
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import MAPPINGS, GtfsRtMapping, Mapped, OpcuaMapping
from apps.pulls.models import Source, SourceKind
from apps.pulls.models.sources import SHORTEST_SECONDS
from apps.pulls.readers.opcua import NODE_PATTERN, SCHEMES
from apps.pulls.readers.reaching import SECRET_NAME

EDITABLE = ("name", "kind", "address", "mapping", "schedule", "secret", "active")
AUTH = re.compile(r"bearer|basic|header:[A-Za-z][A-Za-z0-9-]{0,60}")
LONGEST_SECONDS = 31 * 86_400


@transaction.atomic
def source_create(*, domain: str, values: Mapping[str, Any], viewer: Viewer) -> Source:
    """A new source, due at once; ProblemError names the field that does not fit."""
    if domain not in {each.slug for each in all_domains()}:
        raise ProblemError(_("There is no such domain."), "domain", code="unknown")
    source = Source(domain=domain, next_due=timezone.now())
    source.created_by_id = viewer.user_id or 0
    return _save(source, values, viewer, "source_create")


@transaction.atomic
def source_update(source: Source, *, values: Mapping[str, Any], viewer: Viewer) -> Source:
    """Change a source; it is asked afresh at the next turn."""
    stored = Source.objects.select_for_update().get(pk=source.pk)
    if {"address", "mapping", "kind"} & set(values):
        stored.etag, stored.last_modified, stored.position = "", "", {}
    stored.failures, stored.next_due = 0, timezone.now()
    return _save(stored, values, viewer, "source_update")


@transaction.atomic
def source_delete(source: Source, *, viewer: Viewer) -> None:
    """Give a source up, with its log; the readings that it brought stay."""
    _require(viewer, source.domain)
    access_record(Act("source_delete", viewer.user_id, "pulls.Source", str(source.pk)))
    source.delete()


def mapping_of(source: Source) -> Mapped:
    """The checked mapping of a source; ProblemError names the entry that does not fit."""
    try:
        found = msgspec.convert(source.mapping, MAPPINGS[source.kind])
    except msgspec.ValidationError as error:
        detail = _("The mapping does not fit: %(reason)s.") % {"reason": error}
        raise ProblemError(detail, "mapping") from error
    _check_mapping(found)
    return found


def _save(source: Source, values: Mapping[str, Any], viewer: Viewer, act: str) -> Source:
    _require(viewer, source.domain)
    for name in EDITABLE:
        if name in values:
            setattr(source, name, values[name])
    _check(source)
    source.save()
    access_record(Act(act, viewer.user_id, "pulls.Source", str(source.pk)))
    return source


def _require(viewer: Viewer, domain: str) -> None:
    if not viewer.may(domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not manage sources of this domain."), "domain", 403, "role")


def _check(source: Source) -> None:
    if source.kind not in SourceKind.values:
        raise ProblemError(_("There is no such kind of source."), "kind", code="unknown")
    if not SHORTEST_SECONDS <= source.schedule <= LONGEST_SECONDS:
        detail = _("Ask every %(least)d to %(most)d seconds.")
        raise ProblemError(detail % {"least": SHORTEST_SECONDS, "most": LONGEST_SECONDS}, "schedule")
    if source.secret and not SECRET_NAME.fullmatch(source.secret):
        raise ProblemError(_("Name the secret by small letters, digits and _."), "secret", code="name")
    others = Source.objects.filter(domain=source.domain, name=source.name).exclude(pk=source.pk)
    if others.exists():
        raise ProblemError(_("A source of this name exists in the domain."), "name", 409, "repeated")
    mapping_of(source)
    schemes = SCHEMES if source.kind == SourceKind.OPCUA else None
    address_check(source.address, allowed=settings.PULL_ALLOWED_NETWORKS, schemes=schemes)
    if source.secret and urlsplit(source.address).scheme == "http" and not settings.PULL_ALLOWED_NETWORKS:
        raise ProblemError(_("A secret may only be sent over https."), "address", code="insecure")


def _check_mapping(mapping: Mapped) -> None:
    zone = getattr(mapping, "time_zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ProblemError(_("Use a name such as Asia/Shanghai."), "mapping", code="time_zone") from error
    if not AUTH.fullmatch(mapping.auth):
        raise ProblemError(_("auth is bearer, basic or header:<name>."), "mapping", code="auth")
    if isinstance(mapping, OpcuaMapping) and not all(
        re.fullmatch(NODE_PATTERN, node) for node in mapping.nodes
    ):
        raise ProblemError(_("A node is written as ns=2;s=Name."), "mapping", code="node")
    if isinstance(mapping, GtfsRtMapping) and not (mapping.vehicles or mapping.delay):
        raise ProblemError(_("Name at least one of vehicles and delay."), "mapping", code="missing")
