"""Questions about people and what they may do."""

from __future__ import annotations

import hashlib
import time
from base64 import b64decode
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts.data import (
    CONFIRMED_AT,
    HAS_FACTOR,
    INGEST,
    KEY_CLEARANCE,
    NOBODY,
    OFFICE,
    READ,
    SEEN,
    STARTED,
    STRONG_SINCE,
    AccessGrant,
    Capability,
    KeyFacts,
    Office,
    Viewer,
)
from apps.accounts.models import AccessGrant as AccessGrantRow
from apps.accounts.models import ApiKey, Department, Division, Role, RoleGrant, User
from apps.core.divisions import division_prefixes, former_parts, successor_of
from apps.core.grades import Grade

USE_NOTED = timedelta(minutes=10)  # how exactly the last use of a key is known
NAMES_SECONDS = 30  # a division with a new name has it on every page after that


def grants_valid(user: User) -> QuerySet[RoleGrant]:
    """The role grants of ``user`` that are in force now."""
    now = timezone.now()
    unended = Q(valid_until=None) | Q(valid_until__gt=now)
    return user.grants.filter(unended, valid_from__lte=now).select_related("role")


def access_grants_valid(user: User) -> frozenset[AccessGrant]:
    """What was approved for ``user`` beyond his roles and is in force now."""
    now = timezone.now()
    rows = AccessGrantRow.objects.filter(user=user, ended_at=None, valid_from__lte=now, valid_until__gt=now)
    whole = [row for row in rows if row.is_whole]
    ended = _divisions_ended() if any(row.place for row in whole) else {}
    return frozenset(_access_grant(row, ended) for row in whole)


def _access_grant(row: AccessGrantRow, ended: dict[str, str]) -> AccessGrant:
    place, former = _followed(row.place, ended)
    return AccessGrant(
        id=row.pk,
        object_type=row.object_type,
        purpose=row.purpose,
        fields=frozenset(row.fields),
        place=place,
        former=former,
        objects=frozenset(row.objects_only),
    )


def rights_are_whole(user: User) -> bool:
    """Whether clearance, role grants and roles of ``user`` are as the application wrote them."""
    grants = grants_valid(user)
    return user.is_whole and all(grant.is_whole and grant.role.is_whole for grant in grants)


def needs_second_factor(viewer: Viewer) -> bool:
    """Whether the viewer can reveal, export, approve or administer: then a password is not enough.

    Offices, approvers, and whoever is cleared for restricted data (L3) and above.
    """
    approves = any(capability is Capability.APPROVE for _domain, capability in viewer.rights)
    reads_restricted = bool(viewer.domains) and viewer.clearance >= Grade.L3
    return viewer.office is not None or approves or reads_restricted


def session_is_strong(session: SessionBase | None) -> bool:
    """Whether the second factor was given in this session."""
    return session is not None and bool(session.get(STRONG_SINCE))


def session_is_fresh(session: SessionBase) -> bool:
    """Whether the person has shown within the last minutes that he is still the one who logged in."""
    shown = session.get(CONFIRMED_AT, "")
    return bool(shown) and timezone.now() - datetime.fromisoformat(shown) < settings.CONFIRMATION_LASTS


def factor_is_due(session: SessionBase, user: User) -> bool:
    """Whether the session must give its second factor before anything else.

    Whoever has a factor gives it; an installation may require one of the privileged besides.
    """
    if session_is_strong(session):
        return False
    if session.get(HAS_FACTOR):
        return True
    return settings.SECOND_FACTOR == "required" and needs_second_factor(viewer_for(user))


def session_may_enrol(session: SessionBase) -> bool:
    """Whether a first factor may be bound: the password was given within the last minutes, not hours ago."""
    return session_is_fresh(session) or not _passed(session, STARTED, settings.CONFIRMATION_LASTS)


def session_is_over(session: SessionBase) -> bool:
    """Whether the session has been idle too long or is too old; an administrator's ends sooner."""
    idle = settings.SESSION_IDLE_ADMIN if session.get(OFFICE) else settings.SESSION_IDLE
    return _passed(session, STARTED, settings.SESSION_ABSOLUTE) or _passed(session, SEEN, idle)


def _passed(session: SessionBase, key: str, limit: timedelta) -> bool:
    text = session.get(key, "")
    return isinstance(text, str) and bool(text) and timezone.now() - datetime.fromisoformat(text) > limit


def viewer_for(user: User | AnonymousUser, *, strong: bool = False, confirmed: bool = False) -> Viewer:
    """What a privacy decision needs to know about ``user``; an inactive or unknown user is nobody.

    So is one whose rights were changed behind the application. ``strong``: the second factor was given;
    ``confirmed``: within the last minutes the person has shown again who they are.
    """
    if not isinstance(user, User) or not user.is_active or not user.is_whole:
        return NOBODY
    grants = list(grants_valid(user))
    if not all(grant.is_whole and grant.role.is_whole for grant in grants):
        return NOBODY
    roles = [grant.role for grant in grants]
    offices = [role.office for role in roles if role.office]
    division, former = _division_of(user)
    return Viewer(
        user_id=user.pk,
        roles=frozenset(role.key for role in roles),
        department=user.department.code if user.department else "",
        division=division,
        former=former,
        clearance=Grade(user.clearance),
        office=Office(offices[0]) if offices else None,
        rights=_rights(user, roles),
        purposes=frozenset((role.domain, purpose) for role in roles for purpose in role.purposes),
        grants=access_grants_valid(user),
        vendor=user.vendor,
        strong=strong,
        confirmed=confirmed,
    )


def roles_all() -> QuerySet[Role]:
    """Every role, by domain."""
    return Role.objects.all()


def _rights(user: User, roles: Sequence[Role]) -> frozenset[tuple[str, Capability]]:
    """What the roles allow; a contractor may look (at synthetic rows) and do nothing."""
    rights = frozenset((role.domain, Capability(item)) for role in roles for item in role.capabilities)
    return frozenset(right for right in rights if right[1] is Capability.VIEW) if user.vendor else rights


def approvers_of(domain: str = "") -> QuerySet[User]:
    """The people who may approve now in this domain (or, without one, in some) and can log in."""
    now = timezone.now()
    grants = RoleGrant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now),
        valid_from__lte=now,
        role__capabilities__contains=[Capability.APPROVE.value],
    )
    if domain:
        grants = grants.filter(role__domain=domain)
    return User.objects.filter(pk__in=grants.values("user"), is_active=True, vendor=False)


def approver_roles(domain: str) -> list[str]:
    """The titles of the roles that approve in a domain."""
    found = Role.objects.filter(domain=domain, capabilities__contains=[Capability.APPROVE.value])
    return [role.title for role in found]


def vendors_active() -> QuerySet[User]:
    """The contractors who can log in."""
    return User.objects.filter(vendor=True, is_active=True)


def key_digest(key: str) -> str:
    """What is stored of a key: its SHA-256 (keys are random, so a slow hash would add nothing)."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_text(header: str) -> str:
    """The key in an Authorization header: a bearer token or the password of basic credentials; "" if none."""
    scheme, _space, text = header.partition(" ")
    if scheme.lower() == "bearer":
        return text.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(text.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def api_key_valid(key: str) -> ApiKey | None:
    """The key row for a presented key, or None when it is unknown, expired or revoked.

    Its use is noted, to ten minutes: whoever looks after keys sees which ones still live.
    """
    now = timezone.now()
    unended = Q(expires_at=None) | Q(expires_at__gt=now)
    found = ApiKey.objects.filter(unended, digest=key_digest(key), revoked_at=None, user__is_active=True)
    row = found.select_related("user__department", "user__division").first()
    if row is not None and (row.last_used_at is None or now - row.last_used_at > USE_NOTED):
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def key_facts(text: str, *, writing: str = "") -> KeyFacts | None:
    """What a presented key may do; None when it is unknown or has ended, or its owner must not use keys.

    ``writing`` is the ``write:`` scope of the address that is asked to change something.
    """
    key = api_key_valid(text)
    viewer = viewer_for(key.user) if key is not None else NOBODY
    if key is None or viewer.user_id is None or viewer.office is not None or viewer.vendor:
        return None
    scopes = frozenset(key.scopes)
    domains = frozenset((key.domain, *key.further_domains))
    narrowed = _narrowed(viewer, key.pk, domains, scopes, writing)
    return KeyFacts(key.pk, key.domain, scopes, narrowed, key.name)


def _narrowed(
    viewer: Viewer, key_id: int, domains: frozenset[str], scopes: frozenset[str], writing: str
) -> Viewer:
    """The viewer as a key has them: its domains, to look; what is approved or was granted stays out.

    At an address that the key may write it also carries its owner's other rights there, never approval; where
    it sends readings only the right to upload.
    """
    sending = {Capability.VIEW, Capability.UPLOAD}
    whole = sending if writing == INGEST else set(Capability) - {Capability.APPROVE}
    held = {READ: {Capability.VIEW}, writing: whole}
    allowed = {one for scope in scopes & held.keys() for one in held[scope]}
    return replace(
        viewer,
        key=key_id,
        clearance=min(viewer.clearance, KEY_CLEARANCE),
        office=None,
        rights=frozenset(right for right in viewer.rights if right[0] in domains and right[1] in allowed),
        purposes=frozenset(),
        grants=frozenset(),
        strong=False,
    )


def key_viewer(text: str) -> Viewer | None:
    """The viewer behind a key that may read; None for every other key."""
    facts = key_facts(text)
    return facts.viewer if facts is not None and READ in facts.scopes else None


def keys_of(user_id: int | None) -> QuerySet[ApiKey]:
    """The keys of a person's own programs, the newest first; those that have ended too."""
    return ApiKey.objects.filter(user_id=user_id or 0).order_by("-pk")


def divisions_on(day: date) -> QuerySet[Division]:
    """The divisions as they stood on ``day``."""
    return Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def division_name(code: str) -> str:
    """What a division is called in the reader's language; the code itself where nobody registered it."""
    chinese, english = _division_names(int(time.monotonic() // NAMES_SECONDS)).get(code, ("", ""))
    return (english if get_language() == "en" else "") or chinese or code


@lru_cache(maxsize=1)
def _division_names(_period: int) -> dict[str, tuple[str, str]]:
    """Code -> name in Chinese and English; a list says one on each of its lines."""
    rows = Division.objects.order_by("valid_from").values_list("code", "name_zh", "name_en")
    return {code: (chinese, english) for code, chinese, english in rows}


def names_forget() -> None:
    """Read the names of divisions anew, without waiting for the next period."""
    _division_names.cache_clear()


def division_now(code: str) -> tuple[str, frozenset[str]]:
    """The code that a division has today, its successor's where it has ended, and those of its former parts.

    A code that is in force again for another period is its own successor.
    """
    return _followed(code, _divisions_ended()) if code else ("", frozenset())


def areas_now(codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Division code -> what the codes of the rows in it begin with today."""
    ended = _divisions_ended() if codes else {}
    return {code: division_prefixes(*_followed(code, ended)) for code in codes}


def _division_of(user: User) -> tuple[str, frozenset[str]]:
    """The division that a user is limited to; his own row of it says whether that one has ended."""
    row = user.division
    if row is None:
        return division_now("")
    has_ended = row.valid_to is not None and row.valid_to <= timezone.localdate()
    return division_now(row.successor.code if has_ended and row.successor else row.code)


def _followed(code: str, ended: dict[str, str]) -> tuple[str, frozenset[str]]:
    now = successor_of(code, ended)
    return now, former_parts(now, ended)


def _divisions_ended() -> dict[str, str]:
    """Code of a division that has ended and of which none is in force again -> the code of its successor."""
    today = timezone.localdate()
    gone = Division.objects.filter(valid_to__lte=today, successor__isnull=False)
    rows = gone.exclude(code__in=divisions_on(today).values("code")).order_by("valid_to")
    return dict(rows.values_list("code", "successor__code"))


def department_get(code: str) -> Department:
    """The department with this code; DoesNotExist when nobody has made it."""
    return Department.objects.get(code=code)


def user_get(user_id: int) -> User | None:
    """The active user with this id, or None."""
    return User.objects.filter(pk=user_id, is_active=True).select_related("department", "division").first()


def user_names(ids: Collection[int | None]) -> dict[int, str]:
    """Id -> the name under which a colleague is shown."""
    rows = User.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "display_name", "username")
    return {pk: display or username for pk, display, username in rows}
