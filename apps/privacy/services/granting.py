"""Access beyond roles: one rule for each kind of person, wherever a grant is asked for or made.

Minors: an approver of the domain, at most 30 days. Contractors: for a ticket, at most eight hours. Everybody:
by somebody else, who has just confirmed that it is them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import AccessGrant, Capability, Viewer
from apps.accounts.selectors import user_get
from apps.accounts.services import access_grant_give
from apps.accounts.services.sessions import approval_require
from apps.core.errors import ProblemError
from apps.core.grades import Category, Grade
from apps.privacy.data import SUPPORT, Decision, Outcome
from apps.privacy.policy.facts import model_of, strictest
from apps.privacy.policy.gate import gate, opens
from apps.privacy.policy.grades import domain_of, grades_of
from apps.privacy.services.exits import possible_fields, visible_rows
from apps.privacy.services.kernel import can_see
from apps.privacy.services.reasons import explained

MINORS_LONGEST = timedelta(days=30)
VENDORS_LONGEST = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Access:
    """What a grant opens: fields and rows of an object type, for a purpose, in a place, until a time."""

    object_type: str
    purpose: str
    until: datetime
    fields: Sequence[str] = ()  # empty: every field
    objects_only: Sequence[str] = ()  # empty: every row
    place: str = ""
    domain: str = ""  # of readings, which the object type does not name


def minors_fields(object_type: str) -> list[str]:
    """The fields of an object type that say something about a minor."""
    is_minors = strictest(object_type).is_minor
    return [
        name
        for name, grade in grades_of(object_type).items()
        if grade.category is Category.MINOR
        or (is_minors and grade.grade >= Grade.L3 and grade.category is not Category.CREDENTIAL)
    ]


def speaks_of_minors(access: Access) -> bool:
    """Whether some row of what is opened can say something about a minor."""
    found = minors_fields(access.object_type)
    return bool(set(access.fields) & set(found) if access.fields else found)


def fields_closed(viewer: Viewer, access: Access) -> dict[str, Decision]:
    """The fields that would stay closed to the viewer, or masked, although an approver gave the access."""
    model = model_of(access.object_type)
    if model is None or not issubclass(model, Model) or not opens(access.object_type):
        return {}
    decisions = possible_fields(_would_be(viewer, access), model)
    wanted = access.fields or minors_fields(access.object_type)
    found = {name: decisions[name] for name in wanted if name in decisions}
    return {name: decision for name, decision in found.items() if not decision.is_clear}


def access_ask(viewer: Viewer, access: Access) -> None:
    """ProblemError with the reason, and who can help, where an approval could not open what is asked for."""
    limits_require(access, is_vendor=viewer.vendor)
    domain = access.domain or domain_of(access.object_type)
    model: Any = model_of(access.object_type)
    would_be = _would_be(viewer, access)
    if not can_see(would_be, access.object_type, domain=domain):
        reason = gate(would_be, access.object_type, domain)
        raise _without_effect(explained(Decision(Outcome.HIDDEN, reason)))
    for name, decision in fields_closed(viewer, access).items():
        title = model._meta.get_field(name).verbose_name
        raise _without_effect(f"{title}: {explained(decision, object_type=access.object_type, field=name)}")
    if access.objects_only:
        _objects_require(would_be, access)


def _would_be(viewer: Viewer, access: Access) -> Viewer:
    """The viewer as an approval would have them."""
    grant = AccessGrant(0, access.object_type, access.purpose, frozenset(access.fields))
    return replace(viewer, grants=viewer.grants | {grant}, purpose=access.purpose)


def _without_effect(reason: str) -> ProblemError:
    detail = _("An approval would not open this for you. %(reason)s") % {"reason": reason}
    return ProblemError(detail, "fields", code="without_effect")


def _objects_require(would_be: Viewer, access: Access) -> None:
    """The single rows that are asked for exist, and lie where the asker may know of them."""
    model: Any = model_of(access.object_type)
    try:
        rows = model._default_manager.filter(pk__in=list(access.objects_only))
        known = set(map(str, visible_rows(would_be, rows).values_list("pk", flat=True)))
    except (ValueError, ValidationError):
        known = set()
    missing = [key for key in access.objects_only if key not in known]
    if missing:
        detail = _("There is no record %(key)s, or it lies outside what you may know of.")
        raise ProblemError(detail % {"key": missing[0][:64]}, "objects_only", code="unknown")


def limits_require(access: Access, *, is_vendor: bool) -> None:
    """ProblemError where purpose or time is more than contractors may have, or data about minors be seen."""
    left = access.until - timezone.now()
    if is_vendor and access.purpose != SUPPORT:
        raise ProblemError(_("Contractors get real rows for a ticket only; ask an approver."), "user", 403)
    if is_vendor and left > VENDORS_LONGEST:
        raise ProblemError(_("Give one to eight hours."), "hours")
    if speaks_of_minors(access) and left > MINORS_LONGEST:
        detail = _("These fields tell about minors: the access must end within 30 days from now.")
        raise ProblemError(detail, "until", code="range")


def access_give(user_id: int, access: Access, *, basis: str, viewer: Viewer) -> None:
    """Make the grant in the name of ``viewer``, who approves it.

    ProblemError 403 without second factor and confirmation, for oneself, and for data about minors by nobody
    who approves in their domain; 409 where an account has ended; 400 for what ``limits_require`` refuses.
    """
    approval_require(viewer)
    user, approver = user_get(user_id), user_get(viewer.user_id or 0)
    if user is None or approver is None:
        raise ProblemError(
            _("The account of the person who asked has ended; refuse the request."), "user", 409
        )
    limits_require(access, is_vendor=user.vendor)
    domain = access.domain or domain_of(access.object_type)
    if speaks_of_minors(access) and not viewer.may(domain, Capability.APPROVE):
        detail = _("Data about minors are opened by an approver of their own domain; ask one to decide.")
        raise ProblemError(detail, status=403)
    access_grant_give(
        user,
        object_type=access.object_type,
        purpose=access.purpose,
        basis=basis,
        by=approver,
        until=access.until,
        fields=list(access.fields),
        objects_only=list(access.objects_only),
        place=access.place,
    )
