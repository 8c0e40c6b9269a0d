"""API keys: for devices, and for a person's own programs; never for somebody else's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import INGEST, KEY_CLEARANCE, READ, Capability, Office, Viewer
from apps.accounts.models import ApiKey, Role, User
from apps.accounts.selectors import key_digest, user_get, viewer_for
from apps.accounts.services.scopes import scope_rights, write_scopes
from apps.accounts.services.sessions import privileged_require
from apps.accounts.signals import key_changed
from apps.core.domains import all_domains
from apps.core.errors import ProblemError

LONGEST_NAME = 80


class Extra(TypedDict, total=False):
    """What few keys have: more domains to read, and a maker who is not the owner."""

    further_domains: Sequence[str]
    by: User


@transaction.atomic
def api_key_create(
    user: User,
    *,
    name: str,
    domain: str,
    scopes: Sequence[str],
    until: datetime | None = None,
    **extra: Unpack[Extra],
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown once and never stored.

    ``extra`` are ``further_domains``, and ``by`` where not the owner makes it. ProblemError for a scope or
    domain that does not exist, and 403 where its owner's rights must not be used without a person: an office,
    a contractor, whoever is cleared for restricted data. A key that only sends readings uses none of them.
    """
    further = extra.get("further_domains", ())
    if len(name) > LONGEST_NAME:
        detail = _("Use at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise ProblemError(detail, "name", code="length")
    _scopes_check(scopes)
    _domains_check((domain, *further))
    if set(scopes) != {INGEST}:
        _owner_check(viewer_for(user))
    text = f"cp_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=secrets.token_hex(4),
        digest=key_digest(text),
        domain=domain,
        further_domains=list(further),
        scopes=list(dict.fromkeys(scopes)),
        expires_at=until,
    )
    _tell(key, extra.get("by") or user, "key_create")
    return key, text


def device_key_create(
    *, name: str, domain: str, until: datetime | None = None, viewer: Viewer
) -> tuple[ApiKey, str]:
    """A key with which devices of a domain send readings, and nothing else.

    The security administrator makes it; it belongs to the domain's account of devices, which holds no role
    and has no password.
    """
    by = user_get(viewer.user_id or 0)
    if by is None or viewer.office is not Office.SECURITY:
        raise ProblemError(_("Only the security administrator makes keys of devices."), status=403)
    privileged_require(viewer)
    _domains_check((domain,))
    account, _made = User.objects.get_or_create(
        username=f"devices.{domain}", defaults={"display_name": f"devices {domain}", "password": "!"}
    )
    return api_key_create(account, name=name, domain=domain, scopes=[INGEST], until=until, by=by)


def own_key_create(
    viewer: Viewer,
    *,
    name: str,
    domain: str,
    scopes: Sequence[str],
    until: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key for a program of the viewer's own, in a domain in which a role of theirs lets them look."""
    user = None if viewer.is_program else user_get(viewer.user_id or 0)
    if user is None:
        raise ProblemError(_("A key is made by a person in the portal."), status=403)
    if not name.strip():
        raise ProblemError(_("Give the key a name."), "name", code="required")
    if domain not in viewer.domains:
        raise ProblemError(_("You hold no role in this domain."), "domain", 403, "role")
    _role_check(viewer, domain, scopes)
    if until is not None and until <= timezone.now():
        raise ProblemError(_("The end lies in the past; give a later one."), "until")
    _owner_check(viewer)
    return api_key_create(
        user,
        name=name.strip(),
        domain=domain,
        scopes=scopes,
        until=until,
    )


def api_key_revoke(key: ApiKey, *, by: User | None = None) -> None:
    """End a key now; gateways notice within seconds."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _tell(key, by, "key_revoke")


def _scopes_check(scopes: Sequence[str]) -> None:
    known = [READ, INGEST, *sorted(write_scopes())]
    unknown = [one for one in scopes if one not in known]
    if unknown or not scopes:
        detail = _("Choose from: %(values)s.") % {"values": ", ".join(known)}
        raise ProblemError(detail, "scopes", code="unknown")


def _role_check(viewer: Viewer, domain: str, scopes: Sequence[str]) -> None:
    """403 for a scope that no role of the viewer lets a key use in the domain; it names the roles that do."""
    if INGEST in scopes and not viewer.may(domain, Capability.UPLOAD):
        raise ProblemError(
            _("Your role does not let you send readings to this domain."), "scopes", 403, "role"
        )
    rights = scope_rights()
    for scope in scopes:
        needed = rights.get(scope, frozenset({Capability.VIEW}))
        if any(viewer.may(domain, one) for one in needed):
            continue
        roles = Role.objects.filter(domain=domain, capabilities__overlap=[one.value for one in needed])
        if not roles:
            detail = _("No key may use the scope %(scope)s in this domain.") % {"scope": scope}
        else:
            words = _("Your role does not allow %(scope)s in this domain; these roles do: %(roles)s.")
            detail = words % {"scope": scope, "roles": ", ".join(map(str, roles))}
        raise ProblemError(detail, "scopes", 403, "role")


def _domains_check(domains: Sequence[str]) -> None:
    if not set(domains) <= {one.slug for one in all_domains()}:
        raise ProblemError(_("There is no such domain."), "domain", code="unknown")


def _owner_check(viewer: Viewer) -> None:
    if viewer.office is not None or viewer.vendor or viewer.clearance > KEY_CLEARANCE:
        detail = _("Administrators, contractors and people cleared for restricted data (L3) have no keys.")
        raise ProblemError(detail, "user", 403, "role")


def _tell(key: ApiKey, by: User | None, deed: str) -> None:
    """The access log hears of it: the act, and the key's owner where somebody else did it."""
    facts = {"key_id": key.pk, "owner_id": key.user_id, "by_id": by.pk if by else None, "deed": deed}
    transaction.on_commit(partial(key_changed.send, sender=ApiKey, **facts))
