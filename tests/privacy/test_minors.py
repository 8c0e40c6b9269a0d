"""Minors' data: asked, decided by somebody else, for a purpose and a time; teachers see their own classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import AccessGrant, User
from apps.accounts.selectors import viewer_for
from apps.audit.models import AccessEntry
from apps.core.grades import Grade
from apps.domains.school.models import Student
from apps.privacy.models import MinorsRequest
from apps.privacy.services import row_fields, visible_rows
from tests.people import person
from tests.portal.builders import logged_in
from tests.privacy.school import pupil

pytestmark = pytest.mark.django_db
URL = "/api/v1/privacy/minors-requests/"


def asker() -> User:
    person("deputy", roles=["school-approver"], clearance=Grade.L4)
    return person("tang", roles=["school-operator"], clearance=Grade.L4)


def approver() -> User:
    return person("sun", roles=["school-approver"], clearance=Grade.L4)


def asked(client: Client, **changes: object) -> object:
    wish = {
        "object_type": "school.Student",
        "fields_wanted": ["name"],
        "purpose": "student-care",
        "reason": "Home visit",
        "until": (timezone.now() + timedelta(days=7)).isoformat(),
    }
    return client.post(URL, {**wish, **changes}, content_type="application/json")


def decided(client: Client, pk: int, *, approve: bool = True, note: str = "") -> int:
    body = {"approve": approve, "note": note}
    return client.post(f"{URL}{pk}/decide/", body, content_type="application/json").status_code


def outcome(user: User, student: Student, field: str = "name") -> bool:
    viewer = replace(viewer_for(user), purpose="student-care")
    return row_fields(viewer, student)[field].is_clear


def test_an_approval_opens_the_field_for_its_purpose_and_its_end_closes_it() -> None:
    student, who, other = pupil(), asker(), approver()
    pk = asked(logged_in(who)).json()["id"]  # type: ignore[attr-defined]
    assert not outcome(who, student)
    assert decided(logged_in(other), pk) == 200
    assert outcome(who, student)
    assert not outcome(who, student, "guardian_phone")  # not asked for
    assert AccessGrant.objects.get().approved_by == other
    assert AccessEntry.objects.filter(action="grant", user_id=other.pk, object_type="school.Student").exists()
    assert logged_in(other).post(f"{URL}{pk}/end/").status_code == 200
    assert not outcome(who, student)


def test_nobody_decides_on_his_own_request() -> None:
    approver()
    both = person("both", roles=["school-operator", "school-approver"], clearance=Grade.L4)
    pk = asked(logged_in(both)).json()["id"]  # type: ignore[attr-defined]
    assert decided(logged_in(both), pk) == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        MinorsRequest.objects.update(state="approved", decided_by=both)


@pytest.mark.parametrize("who", ["school-viewer", "city-approver"])
def test_only_an_approver_of_the_domain_decides(who: str) -> None:
    pk = asked(logged_in(asker())).json()["id"]  # type: ignore[attr-defined]
    assert decided(logged_in(person("bo", roles=[who])), pk) in {403, 404}


def test_a_decision_needs_a_confirmation_of_the_last_minutes() -> None:
    pk = asked(logged_in(asker())).json()["id"]  # type: ignore[attr-defined]
    client = logged_in(approver())
    session = client.session
    session["session_confirmed"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    assert decided(client, pk) == 403
    client.post(
        "/api/v1/accounts/confirm/", {"password": "Correct-horse-7-battery"}, content_type="application/json"
    )
    assert decided(client, pk) == 200


def test_a_refusal_says_why_and_nothing_is_decided_twice() -> None:
    pk, client = asked(logged_in(asker())).json()["id"], logged_in(approver())  # type: ignore[attr-defined]
    assert decided(client, pk, approve=False) == 400
    assert decided(client, pk, approve=False, note="No visit is planned") == 200
    assert decided(client, pk) == 409
    assert not AccessGrant.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("object_type", "city.RoadSegment"),
        ("object_type", "nothing"),
        ("fields_wanted", ["no_such_field"]),
        ("purpose", "curiosity"),
        ("reason", "   "),
        ("until", "2020-01-01T00:00:00Z"),
        ("until", "2099-01-01T00:00:00Z"),
        ("objects_only", ["x" * 65]),
    ],
)
def test_an_incomplete_wish_is_refused_in_words(field: str, value: object) -> None:
    assert asked(logged_in(asker()), **{field: value}).status_code == 400  # type: ignore[attr-defined]


def test_a_teacher_sees_the_pupils_of_his_own_classes_only() -> None:
    teacher = person("li", roles=["school-viewer"], clearance=Grade.L3)
    own, other = pupil("A", teacher=teacher), pupil("B")
    assert set(visible_rows(viewer_for(teacher), Student.objects.all())) == {own}
    assert set(visible_rows(viewer_for(asker()), Student.objects.all())) == {own, other}
    client = logged_in(teacher)
    assert client.get(f"/api/v1/school/students/{own.pk}/").status_code == 200
    assert client.get(f"/api/v1/school/students/{other.pk}/").status_code == 404


def test_the_pages_ask_decide_and_end() -> None:
    who, other, student = logged_in(asker()), logged_in(approver()), pupil()
    form = {
        "fields": "school.Student.name",
        "purpose": "teaching",
        "days": "7",
        "reason": "Visit",
        "objects": str(student.pk),
    }
    page = who.post("/portal/minors/new/", form).headers["Location"]
    assert who.post("/portal/minors/new/", {**form, "fields": []}).status_code == 200  # with the reason
    assert other.post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    assert MinorsRequest.objects.get().state == "approved"
    assert other.post(f"{page}end/").status_code == 302
    assert not AccessGrant.objects.filter(ended_at=None).exists()
    assert who.get(page).status_code == other.get("/portal/minors/").status_code == 200


def test_only_the_asker_withdraws_and_only_while_the_request_waits() -> None:
    who, other = asker(), logged_in(approver())
    client = logged_in(who)
    pk = asked(client).json()["id"]  # type: ignore[attr-defined]
    address = f"/portal/minors/{pk}/"
    assert "Withdraw the request" in client.get(address).content.decode()
    assert "Withdraw the request" not in other.get(address).content.decode()
    assert other.post(f"{URL}{pk}/withdraw/").status_code == 403
    answer = client.post(f"{URL}{pk}/withdraw/")
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert client.post(f"{URL}{pk}/withdraw/").status_code == 409
    assert decided(other, pk) == 409
    assert AccessEntry.objects.filter(
        action="withdraw", user_id=who.pk, object_type="school.Student"
    ).exists()
    pk = asked(client).json()["id"]  # type: ignore[attr-defined]
    assert client.post(f"/portal/minors/{pk}/withdraw/").status_code == 302
    assert "Withdrawn by the asker" in client.get("/portal/minors/").content.decode()


def test_a_request_that_nobody_could_decide_is_refused_at_once() -> None:
    only = person("only", roles=["school-operator", "school-approver"], clearance=Grade.L4)
    person("elsewhere", roles=["school-viewer", "city-approver"], clearance=Grade.L4)
    answer: Any = asked(logged_in(only))
    assert answer.status_code == 403
    assert "appoint" in answer.json()["detail"]
    assert not MinorsRequest.objects.exists()
    approver()
    assert asked(logged_in(only)).status_code == 201  # type: ignore[attr-defined]


def test_only_purposes_of_the_domain_are_offered_and_taken() -> None:
    client = logged_in(asker())
    assert set(client.get("/portal/minors/new/").context["purposes"]) == {
        *("teaching", "student-care", "supervision", "emergency"),
    }
    for purpose in ("treatment", "request-handling", "support"):
        answer: Any = asked(client, purpose=purpose)
        assert answer.status_code == 400
        assert "student-care" in answer.json()["detail"]


def test_only_fields_that_an_approval_could_open_are_offered_and_the_page_says_why() -> None:
    high = logged_in(asker()).get("/portal/minors/new/").content.decode()
    assert 'value="school.Student.name"' in high
    client = logged_in(person("li", roles=["school-viewer"], clearance=Grade.L3))
    page = client.get("/portal/minors/new/").content.decode()
    assert 'value="school.Student.pseudonym"' in page
    for name in ("name", "birth_date", "guardian_phone"):
        assert f'value="school.Student.{name}"' not in page
    assert "above your clearance" in page
    low = logged_in(person("low", roles=["school-viewer"], clearance=Grade.L2))
    page = low.get("/portal/minors/new/").content.decode()
    assert "There is nothing that you could ask for" in page
    assert "Send the request" not in page
