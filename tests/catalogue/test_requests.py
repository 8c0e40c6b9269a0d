"""Requests: who asks, who decides, what the clock says, what a decision permits and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import AccessGrant, User
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import DatasetState, RequestState, Sharing
from apps.catalogue.models import AccessRequest, CalendarDay, Dataset, Notice
from apps.catalogue.selectors.days import working_days_after
from apps.catalogue.selectors.previews import request_preview
from apps.catalogue.selectors.requests import clock_of, requests_visible, requests_waiting
from apps.catalogue.services.clients import MACHINE, client_create
from apps.catalogue.services.granting import (
    dataset_recall,
    dispute_decide,
    request_approve,
    request_recall,
    request_withdraw,
)
from apps.catalogue.services.requests import (
    request_dispute,
    request_pause,
    request_refuse,
    request_resume,
    request_submit,
)
from apps.catalogue.services.tending import requests_tend
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from tests.catalogue.builders import asked, bureau, entry, road, viewer
from tests.city.builders import service_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant() -> Viewer:
    return viewer("applicant", "farm-viewer")


@pytest.fixture
def approver() -> Viewer:
    return viewer("approver", "city-approver")


def test_a_program_is_named_by_its_client_id_or_by_its_number(applicant: Viewer) -> None:
    row, (program, _secret) = entry(), client_create(viewer=applicant, name="app", flow=MACHINE)
    for given in (program.application.client_id, program.pk, str(program.pk)):
        assert asked(applicant, row, client=given).client == program
    with pytest.raises(ProblemError) as refused:
        asked(applicant, row, client="nobody")
    assert refused.value.field == "client"


def test_a_reply_is_due_after_one_or_ten_working_days(applicant: Viewer) -> None:
    row, today = entry(), timezone.localdate()
    assert asked(applicant, row).due_on == working_days_after(today, 10)
    Dataset.objects.filter(pk=row.pk).update(sharing=Sharing.UNCONDITIONAL)
    assert asked(applicant, entry()).due_on == working_days_after(today, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": []}, "fields"),
        ({"fields": ["no_such"]}, "fields"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose_text": " "}, "purpose_text"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"until": "soon"}, "until"),
        ({"until": "2026-02-31"}, "until"),
        ({"client": 999}, "client"),
    ],
)
def test_an_incomplete_request_is_refused_with_its_field(
    applicant: Viewer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        asked(applicant, entry(), **change)
    assert refused.value.field == field
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize("state", [DatasetState.DRAFT, DatasetState.SUSPENDED])
def test_nothing_is_asked_of_an_entry_that_is_not_published(applicant: Viewer, state: DatasetState) -> None:
    with pytest.raises(ProblemError):
        asked(applicant, entry(state=state))


def test_what_is_not_shared_cannot_be_asked_for_and_the_law_is_named(applicant: Viewer) -> None:
    Dataset.objects.filter(pk=entry().pk).update(sharing=Sharing.NOT_SHARED)
    with pytest.raises(ProblemError, match="Decree 809"):
        asked(applicant, Dataset.objects.get(code="city.RoadSegment"))


def test_an_approval_gives_the_grant_and_nothing_else_does(applicant: Viewer, approver: Viewer) -> None:
    row = asked(applicant, entry())
    assert not AccessGrant.objects.exists()
    request_approve(row, viewer=approver)
    grant = AccessGrant.objects.get()
    assert (grant.basis, grant.fields, grant.purpose) == (f"catalogue.request:{row.pk}", ["name"], "planning")
    assert viewer_for(User.objects.get(pk=applicant.user_id)).grants


def test_nobody_decides_his_own_request_nor_does_another_domain() -> None:
    own = viewer("own", "city-approver")
    row = asked(own, entry())
    for person in (own, viewer("other", "hospital-approver"), viewer("operator", "city-operator")):
        for act in (
            lambda who: request_approve(row, viewer=who),
            lambda who: request_refuse(row, refusal="law", reason="no", viewer=who),
            lambda who: request_pause(row, reason="x", viewer=who),
        ):
            with pytest.raises(ProblemError) as refused:
                act(person)
            assert refused.value.status == 403


@pytest.mark.parametrize(("refusal", "reason", "field"), [("", "no", "refusal"), ("law", " ", "reason")])
def test_a_refusal_needs_code_and_sentence(
    applicant: Viewer, approver: Viewer, refusal: str, reason: str, field: str
) -> None:
    row = asked(applicant, entry())
    with pytest.raises(ProblemError) as refused:
        request_refuse(row, refusal=refusal, reason=reason, viewer=approver)
    assert refused.value.field == field
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED


def test_the_bureau_decides_a_dispute_and_not_whoever_refused(applicant: Viewer, approver: Viewer) -> None:
    row = request_refuse(asked(applicant, entry()), refusal="scope", reason="too much", viewer=approver)
    row = request_dispute(row, reason="needed", viewer=applicant)
    with pytest.raises(ProblemError):
        dispute_decide(row, upheld=True, reason="yes", viewer=approver)
    judge = bureau()
    assert row in requests_waiting(judge)
    assert dispute_decide(row, upheld=True, reason="yes", viewer=judge).state == RequestState.APPROVED
    assert AccessGrant.objects.filter(ended_at=None).count() == 1


def test_a_dispute_can_be_lost(applicant: Viewer, approver: Viewer) -> None:
    row = request_refuse(asked(applicant, entry()), refusal="scope", reason="too much", viewer=approver)
    request_dispute(row, reason="needed", viewer=applicant)
    assert dispute_decide(row, upheld=False, reason="no", viewer=bureau()).state == RequestState.REFUSED
    assert not AccessGrant.objects.exists()


def test_a_stopped_clock_moves_the_due_date_by_the_days_that_it_stood(
    applicant: Viewer, approver: Viewer
) -> None:
    row = asked(applicant, entry())
    request_pause(row, reason="the basis is missing", viewer=approver)
    paused, due = (timezone.localdate() - timedelta(days=days) for days in (26, 19))
    AccessRequest.objects.update(paused_on=paused, due_on=due)
    expected = working_days_after(due, _worked_since(paused))
    assert request_resume(AccessRequest.objects.get(), viewer=approver).due_on == expected


def _worked_since(day: date) -> int:
    count = 0
    while working_days_after(day, count + 1) <= timezone.localdate():
        count += 1
    return count


def test_reminders_come_at_half_and_four_fifths_once_and_then_the_bureau_hears(
    applicant: Viewer, approver: Viewer
) -> None:
    User.objects.filter(pk=approver.user_id).update(email="approver@city.test")
    asked(applicant, entry())
    today, seen = timezone.localdate(), []
    for left in (9, 5, 5, 2, 2):
        AccessRequest.objects.update(due_on=working_days_after(today, left))
        seen.append(requests_tend()["reminded"])
    assert seen == [0, 1, 0, 1, 0]
    AccessRequest.objects.update(due_on=today - timedelta(days=14))
    assert [requests_tend()["escalated"], requests_tend()["escalated"]] == [1, 0]
    assert clock_of(AccessRequest.objects.get()).level == "bad"
    assert AccessRequest.objects.get() in requests_waiting(bureau())


@pytest.mark.django_db(transaction=True)
def test_a_reminder_reaches_the_approver_by_mail_without_naming_the_applicant(
    applicant: Viewer, approver: Viewer
) -> None:
    User.objects.filter(pk=approver.user_id).update(email="approver@city.test")
    asked(applicant, entry())
    AccessRequest.objects.update(due_on=working_days_after(timezone.localdate(), 5))
    requests_tend()
    assert [message.bcc for message in mail.outbox] == [["approver@city.test"]]
    assert "applicant" not in mail.outbox[0].subject + mail.outbox[0].body


def test_a_request_ends_by_itself_with_its_grant(applicant: Viewer, approver: Viewer) -> None:
    row = request_approve(asked(applicant, entry()), viewer=approver)
    past = timezone.now() - timedelta(minutes=1)
    AccessRequest.objects.filter(pk=row.pk).update(until=past)
    assert [requests_tend()["expired"], requests_tend()["expired"]] == [1, 0]
    assert AccessRequest.objects.get().state == RequestState.EXPIRED
    assert not AccessGrant.objects.filter(ended_at=None).exists()


def test_a_recall_ends_access_and_tells_the_consumer(applicant: Viewer, approver: Viewer) -> None:
    row = request_approve(asked(applicant, entry()), viewer=approver)
    with pytest.raises(ProblemError):
        request_recall(row, reason=" ", viewer=approver)
    request_recall(row, reason="wrong data", viewer=approver)
    assert not viewer_for(User.objects.get(pk=applicant.user_id)).grants
    assert Notice.objects.get().text == "wrong data"
    with pytest.raises(ProblemError):
        request_recall(row, reason="again", viewer=approver)


def test_the_recall_of_an_entry_takes_every_consumers_access(applicant: Viewer, approver: Viewer) -> None:
    for person in (applicant, viewer("second", "farm-viewer")):
        request_approve(asked(person, entry()), viewer=approver)
    assert dataset_recall(entry(), reason="wrong", viewer=approver) == 2
    assert not AccessGrant.objects.filter(ended_at=None).exists()


def test_only_those_concerned_see_a_request(applicant: Viewer, approver: Viewer) -> None:
    row = asked(applicant, entry())
    assert row in requests_visible(applicant)
    assert row in requests_visible(approver)
    assert row in requests_visible(bureau())
    assert row not in requests_visible(viewer("stranger", "farm-viewer"))
    assert row not in requests_visible(viewer("colleague", "city-operator"))


def test_an_applicant_takes_his_request_back_and_nobody_else(applicant: Viewer, approver: Viewer) -> None:
    row = request_approve(asked(applicant, entry()), viewer=approver)
    with pytest.raises(ProblemError):
        request_withdraw(row, viewer=approver)
    assert request_withdraw(row, viewer=applicant).state == RequestState.WITHDRAWN
    assert not AccessGrant.objects.filter(ended_at=None).exists()


def test_a_due_date_beyond_the_calendar_is_an_error_and_no_half_request(applicant: Viewer) -> None:
    dataset = entry()
    CalendarDay.objects.filter(day__gt=timezone.localdate()).delete()
    with pytest.raises(ProblemError, match="calendar"):
        asked(applicant, dataset)
    assert not AccessRequest.objects.exists()


def test_the_preview_is_the_kernels_answer_for_the_applicant(approver: Viewer) -> None:
    colleague = viewer("colleague", "city-viewer")
    road()
    row = asked(colleague, entry(), fields=["name", "thing"])
    shown = request_preview(row, reader=approver)
    assert [column.name for column in shown.columns] == ["name", "thing"]
    assert shown.rows[0][0] == "Road R1"
    assert all(column.decision.is_clear for column in shown.columns)


def test_a_preview_shows_the_approver_nothing_beyond_his_own_clearance(approver: Viewer) -> None:
    strong = viewer("strong", "city-viewer", clearance=Grade.L3)
    service_request()
    row = asked(strong, entry("city.ServiceRequest"), fields=["reporter_name"])
    shown = request_preview(row, reader=approver)
    assert shown.columns[0].decision.is_clear
    assert all("王小明" not in cell for cells in shown.rows for cell in cells)


def test_a_request_of_a_token_is_refused(applicant: Viewer) -> None:
    with pytest.raises(ProblemError):
        request_submit(entry(), values={}, viewer=replace(applicant, limits=frozenset()))
