"""The way of a request: received, identity checked, rows found and confirmed, answered or refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.subjects.data import Told
from apps.subjects.models import Asker, Kind, Proof, Refusal, State, SubjectMatch, SubjectRequest
from apps.subjects.selectors import domains_with_people, subject_matches
from apps.subjects.selectors.matching import cleaned
from apps.subjects.services.clock import reply_due
from apps.subjects.services.correcting import changes_check
from apps.subjects.services.officers import act_record, approved_domains, officer_check
from apps.subjects.services.steps import choice_check, confirmed_rows, kind_check, request_end, request_locked


@transaction.atomic
def request_receive(
    told: Told, *, kind: str, asker: str, viewer: Viewer, changes: dict[str, Any] | None = None
) -> SubjectRequest:
    """Take down a request; the clock of 15 working days begins.

    ProblemError for no identifier beside the date of birth, and for corrections of what nobody declares.
    """
    officer_id = officer_check(viewer)
    choice_check(Kind, kind, "kind")
    choice_check(Asker, asker, "asker")
    given = {name: cleaned(name, value) for name, value in told.given().items()}
    if not set(given) - {"birth_date"}:
        raise ProblemError(_("Give at least a name, a telephone or a number."), "name", code="missing")
    if kind == Kind.CORRECT:
        changes_check(changes or {})
    request = SubjectRequest.objects.create(
        kind=kind,
        asker=asker,
        changes=changes or {} if kind == Kind.CORRECT else {},
        due_on=reply_due(timezone.localdate()),
        received_by_id=officer_id,
        institution_number=given.pop("number", ""),
        **given,
    )
    act_record("request", viewer, request.pk)
    return request


@transaction.atomic
def identity_check(request_id: int, *, proof: str, note: str, viewer: Viewer) -> SubjectRequest:
    """Record by whom and how the identity was checked; without it nothing is searched."""
    request = request_locked(request_id, viewer, State.RECEIVED, State.VERIFIED)
    choice_check(Proof, proof, "proof")
    if request.asker != Asker.SELF and proof == Proof.CARD:
        detail = _("A guardian or agent shows papers of guardianship or attorney, not only a card.")
        raise ProblemError(detail, "proof")
    request.proof, request.proof_note = proof, note[:200]
    request.checked_by_id, request.checked_at, request.state = viewer.user_id, timezone.now(), State.VERIFIED
    request.save()
    act_record("identify", viewer, request.pk)
    return request


@transaction.atomic
def subject_search(request_id: int, *, viewer: Viewer) -> SubjectRequest:
    """Find the person's rows in every domain in which the viewer approves.

    What somebody found in another domain stays. Certain and strong matches are confirmed at once; weak ones
    wait for a look.
    """
    request = request_locked(request_id, viewer, State.VERIFIED, State.FOUND)
    domains = approved_domains(viewer)
    matches = subject_matches(request.told(), viewer=viewer, domains=domains)
    mine = tuple(f"{slug}." for slug in domains)
    old = [row.pk for row in request.matches.all() if row.object_type.startswith(mine)]
    SubjectMatch.objects.filter(pk__in=old).delete()
    SubjectMatch.objects.bulk_create(
        [
            SubjectMatch(
                request=request,
                object_type=match.object_type,
                object_id=match.object_id,
                by=list(match.by),
                strength=match.strength,
                confirmed=match.strength != "weak",
            )
            for match in {(item.object_type, item.object_id): item for item in matches}.values()
        ]
    )
    request.searched = sorted({*request.searched, *domains})
    request.save(update_fields=["searched"])
    act_record("find", viewer, request.pk, [(match.object_type, match.object_id) for match in matches])
    return request


@transaction.atomic
def matches_confirm(request_id: int, *, chosen: Collection[int], viewer: Viewer) -> SubjectRequest:
    """Say which of the rows found really are the person's; the others stay untouched."""
    request = request_locked(request_id, viewer, State.VERIFIED, State.FOUND)
    missing = sorted(set(domains_with_people()) - set(request.searched))
    if missing:
        detail = _("These domains have not been searched yet: %(domains)s. Ask their approvers.")
        raise ProblemError(detail % {"domains": ", ".join(missing)}, status=409, code="unsearched")
    rows = list(request.matches.all())
    if unknown := set(chosen) - {row.pk for row in rows}:
        raise ProblemError(
            _("There is no such row in this request: %(row)s.") % {"row": min(unknown)}, "chosen"
        )
    touched = [row for row in rows if row.confirmed != (row.pk in chosen)]
    officer_check(viewer, {row.object_type.partition(".")[0] for row in touched})
    request.matches.update(confirmed=False)
    request.matches.filter(pk__in=list(chosen)).update(confirmed=True)
    request.state = State.FOUND
    request.save(update_fields=["state"])
    act_record("confirm", viewer, request.pk, [(row.object_type, row.object_id) for row in touched])
    return request


@transaction.atomic
def request_tell(request_id: int, *, viewer: Viewer) -> SubjectRequest:
    """Answer what is held of the person: how many rows of which kind, in which domain."""
    request = request_locked(request_id, viewer, State.FOUND)
    kind_check(request, Kind.FIND)
    request.result = {"held": {label: len(ids) for label, ids in confirmed_rows(request).items()}}
    return request_end(request, State.DONE, viewer)


@transaction.atomic
def request_refuse(request_id: int, *, refusal: str, answer: str, viewer: Viewer) -> SubjectRequest:
    """Refuse with a reason and words for the person (PIPL Art. 50: the reasons are told)."""
    request = request_locked(request_id, viewer, State.RECEIVED, State.VERIFIED, State.FOUND)
    choice_check(Refusal, refusal, "refusal")
    if not answer.strip():
        raise ProblemError(_("Say in words why the request is refused; the person reads them."), "answer")
    request.refusal, request.answer = refusal, answer.strip()[:500]
    return request_end(request, State.REFUSED, viewer)
