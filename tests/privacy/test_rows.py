"""Decisions that depend on the row, the purpose and what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from apps.accounts.data import AccessGrant, Capability, Viewer
from apps.core.grades import FieldGrade, Grade, Mask
from apps.domains.hospital.models import Patient
from apps.domains.school.models import Student
from apps.privacy.data import Outcome, Reason, RowFacts
from apps.privacy.policy import decision, tables
from apps.privacy.policy.rules import NO_RULES
from apps.privacy.services import can_see, decide, explained, row_fields, visible_fields

pytestmark = pytest.mark.django_db
DOCTOR = Viewer(
    user_id=1,
    clearance=Grade.L4,
    rights=frozenset({("hospital", Capability.VIEW)}),
    purposes=frozenset({("hospital", "treatment")}),
    purpose="treatment",
)
TEACHER = Viewer(
    user_id=2,
    clearance=Grade.L4,
    rights=frozenset({("school", Capability.VIEW)}),
    purposes=frozenset({("school", "teaching")}),
    purpose="teaching",
)
PUPIL = Student(pk=7, name="王小明", pseudonym="p7")
APPROVED = AccessGrant(1, "school.Student", "teaching", objects=frozenset({"7"}))


def patient(birth: date | None) -> Patient:
    return Patient(pk=1, name="王小明", birth_date=birth)


def test_rows_of_one_list_are_decided_by_the_age_of_their_person() -> None:
    assert row_fields(DOCTOR, patient(date(1980, 1, 1)))["name"].is_clear
    assert row_fields(DOCTOR, patient(date(2020, 1, 1)))["name"].reason is Reason.APPROVAL
    assert row_fields(DOCTOR, patient(None))["name"].reason is Reason.APPROVAL


def test_where_the_row_is_not_known_the_strictest_is_assumed() -> None:
    assert visible_fields(DOCTOR, Patient)["name"].reason is Reason.APPROVAL
    assert decide(DOCTOR, "hospital.Patient", "name").reason is Reason.APPROVAL


def test_a_minors_data_are_clear_for_the_approved_row_and_purpose_only() -> None:
    approved = replace(TEACHER, grants=frozenset({APPROVED}))
    assert row_fields(TEACHER, PUPIL)["name"].reason is Reason.APPROVAL
    assert row_fields(approved, PUPIL)["name"].is_clear
    assert not row_fields(approved, Student(pk=8, name="李雷"))["name"].is_clear
    assert not row_fields(replace(approved, purpose="curiosity"), PUPIL)["name"].is_clear


def test_a_grant_never_lifts_a_field_above_the_clearance() -> None:
    low = replace(TEACHER, clearance=Grade.L3, grants=frozenset({replace(APPROVED, objects=frozenset())}))
    assert decide(low, "school.Student", "name").reason is Reason.CLEARANCE


def test_a_grant_lets_in_who_holds_no_role_for_its_purpose_and_fields() -> None:
    grant = AccessGrant(1, "hospital.Ward", "planning", fields=frozenset({"specialty"}))
    planner = replace(TEACHER, grants=frozenset({grant}), purpose="planning")
    assert can_see(planner, "hospital.Ward")
    assert decide(planner, "hospital.Ward", "specialty").is_clear
    assert decide(planner, "hospital.Ward", "name").outcome is Outcome.HIDDEN
    silent = decide(replace(planner, purpose=""), "hospital.Ward", "specialty")
    assert (silent.outcome, silent.reason) == (Outcome.HIDDEN, Reason.PURPOSE)


def test_withdrawn_consent_closes_personal_fields() -> None:
    facts = RowFacts(has_consent=False)
    assert decide(DOCTOR, "hospital.Patient", "name", facts=facts).reason is Reason.CONSENT
    assert decide(DOCTOR, "hospital.Patient", "hospital", facts=facts).is_clear


def test_another_departments_row_shows_no_personal_field() -> None:
    facts = RowFacts(department="health")
    assert decide(DOCTOR, "hospital.Patient", "sex", facts=facts).reason is Reason.OTHER_DEPARTMENT
    own = replace(DOCTOR, department="health")
    assert decide(own, "hospital.Patient", "sex", facts=facts).is_clear


def test_a_contractor_sees_nothing_real() -> None:
    assert decide(replace(DOCTOR, vendor=True), "hospital.Ward", "name").reason is Reason.SYNTHETIC


def test_the_reason_says_grade_and_who_can_grant() -> None:
    found = decide(replace(DOCTOR, purpose=""), "hospital.Encounter", "diagnosis", facts=RowFacts())
    sentence = explained(found, object_type="hospital.Encounter", field="diagnosis")
    assert "L4" in sentence
    assert "approver" in sentence


def test_a_purpose_of_one_domain_opens_no_platform_row_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    grades = {"core.Job.message": FieldGrade(Grade.L4, mask=Mask.TEXT)}
    monkeypatch.setattr(decision, "all_grades", lambda: grades)
    monkeypatch.setattr(tables, "grades_of", lambda _object_type: {"message": grades["core.Job.message"]})
    policy = replace(NO_RULES, number=-1)  # tables of another policy are kept
    domains = {"city", "hospital"}
    both = Viewer(
        user_id=1,
        clearance=Grade.L4,
        purpose="request-handling",
        rights=frozenset((slug, Capability.VIEW) for slug in domains),
        purposes=frozenset({("city", "request-handling")}),
    )
    shown = tables.table_anywhere(policy, both, "core.Job", RowFacts())["message"]
    assert shown.reason is Reason.PURPOSE
    for slug in domains:
        known = tables.table(policy, both, "core.Job", RowFacts(domain=slug))["message"]
        assert known.is_clear == (slug == "city")
