"""Revealing one field of one row: for a purpose and a ticket, after a confirmation, for five minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.services.sessions import approval_require, privileged_require
from apps.audit.services import Act, access_record, seen
from apps.core.errors import ProblemError
from apps.privacy.data import PURPOSES
from apps.privacy.models import Reveal
from apps.privacy.policy.grades import domain_of, domain_slugs
from apps.privacy.services.exits import row_fields, visible_rows
from apps.privacy.services.reasons import explained
from apps.privacy.signals import field_revealed

LASTS = timedelta(minutes=5)
PER_HOUR = 20  # reveals of one person
TICKET_SIGNS = 40
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field of one row, and why."""

    object_type: str
    object_id: str
    field: str
    purpose: str
    ticket: str


def purposes_for(viewer: Viewer, object_type: str) -> dict[str, Any]:
    """The purposes for which the viewer may open fields of such objects: code -> title."""
    domain = domain_of(object_type)
    own = {purpose for owner, purpose in viewer.purposes if owner == domain}
    granted = {grant.purpose for grant in viewer.grants if grant.object_type == object_type}
    return {code: PURPOSES.get(code, code) for code in sorted(own | granted)}


def fields_revealable(viewer: Viewer, row: Model) -> dict[str, Field[Any, Any]]:
    """The masked and hidden fields of a visible row that some purpose of the viewer would open."""
    if not _is_entitled(viewer, row._meta.label):
        return {}
    found: dict[str, Field[Any, Any]] = {}
    now = row_fields(viewer, row)
    fields = {field.name: field for field in row._meta.concrete_fields if _says_something(field)}
    for purpose in purposes_for(viewer, row._meta.label):
        for name, decision in row_fields(replace(viewer, purpose=purpose), row).items():
            if decision.is_clear and not now[name].is_clear and name in fields:
                found[name] = fields[name]
    return found


def is_opened_by_purpose(viewer: Viewer, row: Model) -> bool:
    """Whether the purpose that the viewer has stated opens fields that they would else reveal."""
    return bool(viewer.purpose) and bool(fields_revealable(replace(viewer, purpose=""), row))


def _says_something(field: Any) -> bool:
    """Whether a field holds a value of its own; numbers of rows are no use to anybody."""
    return not field.primary_key and not field.remote_field


def _is_entitled(viewer: Viewer, object_type: str) -> bool:
    """Whether such people reveal at all: not contractors, not offices, only for objects of a domain."""
    return viewer.office is None and not viewer.vendor and domain_of(object_type) in domain_slugs()


def reveal_open(request: HttpRequest, wanted: Wanted, *, viewer: Viewer) -> Reveal:
    """A reveal for five minutes. ProblemError 403 with the reason, 404 for a row he may not know, 429."""
    try:
        return _opened(request, wanted, viewer)
    except ProblemError:
        access_record(_act(wanted, viewer, result="refused", address=_address(request)))
        raise


@transaction.atomic
def _opened(request: HttpRequest, wanted: Wanted, viewer: Viewer) -> Reveal:
    if not _is_entitled(viewer, wanted.object_type):
        raise ProblemError(_("Your role does not allow this."), status=403)
    approval_require(viewer)
    _wanted_check(wanted, viewer)
    _value(wanted, viewer)
    row = Reveal.objects.create(
        code="".join(secrets.choice(CODE_SIGNS) for _sign in range(10)),
        domain=domain_of(wanted.object_type),
        user_id=viewer.user_id or 0,
        object_type=wanted.object_type,
        object_id=wanted.object_id,
        field=wanted.field,
        purpose=wanted.purpose,
        ticket=wanted.ticket.strip(),
        until=timezone.now() + LASTS,
    )
    access_record(_act(wanted, viewer, result="done", address=_address(request)))
    transaction.on_commit(partial(field_revealed.send, sender=Reveal, pk=row.pk, domain=row.domain))
    return row


def _wanted_check(wanted: Wanted, viewer: Viewer) -> None:
    if wanted.purpose not in purposes_for(viewer, wanted.object_type):
        raise ProblemError(_("Choose a purpose that your role or an approval allows."), "purpose", 403)
    if not wanted.ticket.strip() or len(wanted.ticket) > TICKET_SIGNS:
        raise ProblemError(_("Enter the number of the ticket or case (at most 40 characters)."), "ticket")
    hour = Reveal.objects.filter(
        user_id=viewer.user_id or 0, opened_at__gt=timezone.now() - timedelta(hours=1)
    )
    if hour.count() >= PER_HOUR:
        raise ProblemError(
            _("You have revealed 20 fields within an hour; wait, or ask for an export."), status=429
        )


def _value(wanted: Wanted, viewer: Viewer) -> tuple[Any, Any]:
    """The field and its value, where the kernel shows it clear for the stated purpose."""
    viewer = replace(viewer, purpose=wanted.purpose)
    try:
        model: Any = apps.get_model(wanted.object_type)
        row = visible_rows(viewer, model._default_manager.filter(pk=wanted.object_id)).first()
    except (LookupError, ValueError, ValidationError):
        row = None
    if row is None:
        raise ProblemError(_("There is no such record, or you may not know of it."), "object_id", 404)
    fields = {field.name: field for field in model._meta.concrete_fields}
    if wanted.field not in fields:
        raise ProblemError(_("The record has no such field."), "field")
    decision = row_fields(viewer, row)[wanted.field]
    if not decision.is_clear:
        reason = explained(decision, object_type=wanted.object_type, field=wanted.field)
        raise ProblemError(reason, "field", 403)
    return fields[wanted.field], getattr(row, wanted.field)


def reveal_value(code: str, *, viewer: Viewer) -> tuple[Reveal, str, Any]:
    """The reveal, the title of its field and the value; 403 after five minutes or when a right has ended."""
    row = Reveal.objects.filter(code=code, user_id=viewer.user_id or 0).first()
    if row is None:
        raise ProblemError(_("There is no such reveal of yours."), status=404)
    if row.until <= timezone.now():
        raise ProblemError(
            _("The five minutes are over; open the field again if you still need it."), status=403
        )
    privileged_require(viewer)
    wanted = Wanted(row.object_type, row.object_id, row.field, row.purpose, row.ticket)
    field, value = _value(wanted, viewer)
    seen(row.object_type, (row.object_id,), (row.field,))
    return row, str(field.verbose_name), value


def reveal_note(row: Reveal, *, viewer: Viewer) -> None:
    """An approver of the owner department takes note of a reveal; nobody notes his own."""
    if row.user_id == viewer.user_id or viewer.vendor or not viewer.may(row.domain, Capability.APPROVE):
        raise ProblemError(_("Only another approver of the department takes note of a reveal."), status=403)
    privileged_require(viewer)
    Reveal.objects.filter(pk=row.pk, noted_at=None).update(
        noted_at=timezone.now(), noted_by_id=viewer.user_id
    )


def _address(request: HttpRequest) -> str | None:
    return request.META.get("REMOTE_ADDR")


def _act(wanted: Wanted, viewer: Viewer, *, result: str, address: str | None) -> Act:
    return Act(
        "reveal",
        user_id=viewer.user_id,
        object_type=wanted.object_type[:60],
        object_id=wanted.object_id[:64],
        fields=(wanted.field[:60],),
        purpose=f"{wanted.purpose} {wanted.ticket}"[:80],
        rows=1 if result == "done" else 0,
        result=result,
        address=address,
    )
