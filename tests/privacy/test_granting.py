"""One rule for each kind of person, wherever a grant is asked for or made; no approval without effect."""

from __future__ import annotations

from ast import Call, Name, parse, walk
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import AccessGrant, User
from apps.accounts.selectors import viewer_for
from apps.catalogue.data import DatasetState
from apps.catalogue.models import AccessRequest
from apps.catalogue.services.granting import dispute_decide, request_approve
from apps.catalogue.services.requests import request_dispute, request_refuse
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.domains.school.models import Course, SchoolClass, Student, Teacher
from apps.privacy.services import row_fields, visible_rows
from apps.privacy.services.granting import Access, access_ask, access_give
from apps.privacy.services.minors import minors_kinds
from tests.catalogue.builders import asked, bureau, entry, viewer
from tests.people import PASSWORD, person
from tests.portal.builders import logged_in
from tests.privacy.school import pupil

pytestmark = pytest.mark.django_db
APPS = Path(__file__).resolve().parents[2] / "apps"
STUDENT = "school.Student"


def until(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def pupils_asked(who: Viewer, *, days: int = 20, **values: Any) -> AccessRequest:
    return asked(
        who, entry(STUDENT), **{"fields": ["name", "guardian_phone"], "until": until(days), **values}
    )


@pytest.fixture
def researcher() -> Viewer:
    return viewer("researcher", "farm-viewer", clearance=Grade.L4)


@pytest.fixture
def principal() -> Viewer:
    return viewer("principal", "school-approver", clearance=Grade.L4)


def refused(deed: Any) -> ProblemError:
    with pytest.raises(ProblemError) as found:
        deed()
    return found.value


def test_grants_are_made_in_one_place() -> None:
    makers = {
        str(path.relative_to(APPS))
        for path in APPS.rglob("*.py")
        for node in walk(parse(path.read_text()))
        if isinstance(node, Call) and isinstance(node.func, Name) and node.func.id == "access_grant_give"
    }
    assert makers == {"privacy/services/granting.py"}


def test_the_catalogue_opens_pupils_for_a_month_at_most(researcher: Viewer, principal: Viewer) -> None:
    assert refused(lambda: pupils_asked(researcher, days=330)).field == "until"
    row = request_approve(pupils_asked(researcher), viewer=principal)
    assert AccessGrant.objects.get().valid_until == row.until
    for fields in (["guardian_phone"], ["birth_date"]):
        assert (
            refused(lambda fields=fields: pupils_asked(researcher, days=60, fields=fields)).field == "until"
        )


def test_patients_may_be_minors_so_their_data_obey_the_same_limit(researcher: Viewer) -> None:
    wish = {"fields": ["name"], "until": until(90)}
    assert refused(lambda: asked(researcher, entry("hospital.Patient"), **wish)).field == "until"
    assert asked(researcher, entry("hospital.Ward"), **wish).pk


@pytest.mark.parametrize("missing", ["strong", "confirmed"])
def test_every_approval_asks_for_factor_and_confirmation(
    missing: str, researcher: Viewer, principal: Viewer
) -> None:
    weak, row = replace(principal, **{missing: False}), pupils_asked(researcher)
    assert refused(lambda: request_approve(row, viewer=weak)).status == 403
    assert not AccessGrant.objects.exists()
    roads = asked(researcher, entry())
    approver = replace(viewer("sun", "city-approver"), **{missing: False})
    assert refused(lambda: request_approve(roads, viewer=approver)).status == 403


def test_the_bureau_alone_opens_no_data_about_minors(researcher: Viewer, principal: Viewer) -> None:
    row = request_refuse(pupils_asked(researcher), refusal="scope", reason="too much", viewer=principal)
    row = request_dispute(row, reason="needed", viewer=researcher)
    problem = refused(lambda: dispute_decide(row, upheld=True, reason="yes", viewer=bureau()))
    assert problem.status == 403
    assert "own domain" in str(problem)
    assert not AccessGrant.objects.exists()


def test_a_contractor_gets_nothing_through_the_catalogue(principal: Viewer) -> None:
    user = person("wei", roles=["school-viewer"], clearance=Grade.L4)
    User.objects.filter(pk=user.pk).update(vendor=True)
    contractor = viewer_for(User.objects.get(pk=user.pk))
    assert refused(lambda: pupils_asked(contractor)).status == 403
    long = Access("school.School", "support", timezone.now() + timedelta(hours=9))
    assert refused(lambda: access_give(user.pk, long, basis="ticket:1", viewer=principal)).field == "hours"


def test_what_the_clearance_never_shows_is_refused_with_the_reason_and_who_can_help() -> None:
    low = viewer("low", "school-viewer", clearance=Grade.L3)
    problem = refused(lambda: pupils_asked(low))
    assert (problem.field, problem.code) == ("fields", "without_effect")
    assert "L4" in str(problem)
    assert "security administrator" in str(problem)
    assert not AccessRequest.objects.exists()
    client = logged_in(User.objects.get(username="low"))
    wish = {"object_type": STUDENT, "fields_wanted": ["name"], "purpose": "student-care", "reason": "x"}
    wish["until"] = (timezone.now() + timedelta(days=1)).isoformat()
    answer = client.post("/api/v1/privacy/minors-requests/", wish, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "without_effect")


def test_readings_without_a_role_and_records_out_of_sight_are_refused() -> None:
    outsider = viewer("outsider", "farm-viewer")
    assert (
        refused(lambda: asked(outsider, entry("city.stream.speed"), fields=["result"])).code
        == "without_effect"
    )
    teacher = person("li", roles=["school-viewer"], clearance=Grade.L4)
    own, other = pupil("A", teacher=teacher), pupil("B")
    end = timezone.now() + timedelta(days=1)
    wish = Access(STUDENT, "student-care", end, ["name"], [str(own.pk)])
    access_ask(viewer_for(teacher), wish)
    for keys in ([str(other.pk)], ["none"], ["99999999999999999999"], ["\x00"]):
        problem = refused(lambda keys=keys: access_ask(viewer_for(teacher), replace(wish, objects_only=keys)))
        assert problem.field == "objects_only"


def test_an_approval_works_and_both_see_a_link_to_what_it_opened(
    researcher: Viewer, principal: Viewer
) -> None:
    student = pupil()
    row = request_approve(pupils_asked(researcher), viewer=principal)
    reader = replace(viewer_for(User.objects.get(username="researcher")), purpose="planning")
    assert row_fields(reader, student)["name"].is_clear
    for name in ("researcher", "principal"):
        page = logged_in(User.objects.get(username=name)).get(f"/portal/requests/{row.pk}/")
        assert "/portal/school/student/" in page.content.decode(), name


def test_whoever_has_not_confirmed_is_led_to_the_confirmation_and_back(principal: Viewer) -> None:
    row = pupils_asked(viewer("researcher", "farm-viewer", clearance=Grade.L4))
    client: Client = logged_in(User.objects.get(username="principal"))
    session = client.session
    session["session_confirmed"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    answer = client.post(f"/portal/requests/{row.pk}/go/", {"act": "approve"})
    assert answer.headers["Location"].startswith("/portal/confirm/?next=")
    assert not AccessGrant.objects.exists()
    confirmed = client.post(
        answer.headers["Location"], {"password": PASSWORD}, headers={"Accept-Language": "en"}, follow=True
    )
    assert "Your identity is confirmed. Now carry out the act again." in confirmed.content.decode()
    assert not AccessGrant.objects.exists()


def test_the_form_offers_the_fields_that_an_approval_opens() -> None:
    entry(STUDENT, state=DatasetState.PUBLISHED)
    low = logged_in(person("low", roles=["school-viewer"], clearance=Grade.L3))
    page = low.get(f"/portal/catalogue/{entry(STUDENT).pk}/request/")
    assert "name" not in page.context["values"]["fields"]
    assert "school_class" in page.context["values"]["fields"]
    names = {item["name"] for item in entry(STUDENT).items}
    assert not [name for name in names if name.endswith("_index")]


def test_every_kind_of_record_about_minors_is_known() -> None:
    assert {STUDENT, "school.Answer", "hospital.Patient", "hospital.Encounter"} == set(minors_kinds())
    assert "guardian_phone_index" not in minors_kinds()[STUDENT]


def test_a_teacher_sees_rows_of_the_own_classes_only() -> None:
    user = person("li", roles=["school-viewer"], clearance=Grade.L3)
    pupil("A", teacher=user)
    pupil("B")
    expected = {Teacher: ["A"], SchoolClass: ["A"], Course: ["A"], Student: ["A"]}
    limited = viewer_for(user)
    for model, keys in expected.items():
        name = {Teacher: "number", Student: "pseudonym"}.get(model, "code")
        rows: Any = visible_rows(limited, model._default_manager.all())  # type: ignore[attr-defined]
        assert list(rows.values_list(name, flat=True)) == keys
    listed = logged_in(user).get("/api/v1/school/teachers/").json()["results"]
    assert [row["number"] for row in listed] == ["A"]
    assert listed[0].get("phone") != "13900001111"
