"""Questions about people and what they may do."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.data import NOBODY, AccessGrant, Capability, Office, Viewer
from apps.accounts.models import AccessGrant as AccessGrantRow
from apps.accounts.models import ApiKey, Department, Division, Role, RoleGrant, User
from apps.core.grades import Grade


def grants_valid(user: User) -> QuerySet[RoleGrant]:
    """The role grants of ``user`` that are in force now."""
    now = timezone.now()
    unended = Q(valid_until=None) | Q(valid_until__gt=now)
    return user.grants.filter(unended, valid_from__lte=now).select_related("role")


def access_grants_valid(user: User) -> frozenset[AccessGrant]:
    """What was approved for ``user`` beyond his roles and is in force now."""
    now = timezone.now()
    rows = AccessGrantRow.objects.filter(user=user, ended_at=None, valid_from__lte=now, valid_until__gt=now)
    return frozenset(
        AccessGrant(
            id=row.pk,
            object_type=row.object_type,
            purpose=row.purpose,
            fields=frozenset(row.fields),
            place=row.place,
            objects=frozenset(row.objects_only),
        )
        for row in rows
    )


def viewer_for(user: User | AnonymousUser) -> Viewer:
    """What a privacy decision needs to know about ``user``; an inactive or unknown user is nobody."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    roles = [grant.role for grant in grants_valid(user)]
    offices = [role.office for role in roles if role.office]
    return Viewer(
        user_id=user.pk,
        roles=frozenset(role.key for role in roles),
        department=user.department.code if user.department else "",
        division=user.division.code if user.division else "",
        clearance=Grade(user.clearance),
        office=Office(offices[0]) if offices else None,
        rights=frozenset((role.domain, Capability(item)) for role in roles for item in role.capabilities),
        purposes=frozenset((role.domain, purpose) for role in roles for purpose in role.purposes),
        grants=access_grants_valid(user),
    )


def roles_all() -> QuerySet[Role]:
    """Every role, by domain."""
    return Role.objects.all()


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
    """The key row for a presented key, or None when it is unknown, expired or revoked."""
    unended = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    found = ApiKey.objects.filter(unended, digest=key_digest(key), revoked_at=None, user__is_active=True)
    return found.select_related("user__department", "user__division").first()


def divisions_on(day: date) -> QuerySet[Division]:
    """The divisions as they stood on ``day``."""
    return Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def department_get(code: str) -> Department:
    """The department with this code; DoesNotExist when nobody has made it."""
    return Department.objects.get(code=code)


def user_get(user_id: int) -> User | None:
    """The active user with this id, or None."""
    return User.objects.filter(pk=user_id, is_active=True).select_related("department", "division").first()
