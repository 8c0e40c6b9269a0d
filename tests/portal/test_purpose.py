"""The purpose that somebody states for a session, and what it opens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.services import access_grant_give
from apps.audit.models import AccessEntry
from apps.core.grades import Grade
from apps.domains.school.models import Student
from tests.encryption.builders import patient
from tests.people import person
from tests.portal.builders import logged_in, stream
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Client:
    """Somebody whose role teaches, with a pupil of their own class."""
    user = person("teacher", roles=["school-operator"], clearance=Grade.L4)
    Role.objects.filter(key="school-operator").update(purposes=["teaching"])
    pupil("A", teacher=user)
    return logged_in(user)


def stated(client: Client) -> str:
    return str(client.session.get("purpose", ""))


def test_a_purpose_of_ones_role_is_stated_on_any_page_and_taken_back(teacher: Client) -> None:
    page = teacher.get(reverse("admin:index")).content.decode()
    assert '<option value="teaching">Teaching</option>' in page
    answer = teacher.post(reverse("admin:purpose"), {"purpose": "teaching", "next": "/portal/plans/"})
    assert (answer.status_code, answer["Location"]) == (302, "/portal/plans/")
    assert '<option value="teaching" selected>' in teacher.get("/portal/plans/").content.decode()
    teacher.post(reverse("admin:purpose"), {"purpose": ""})
    assert stated(teacher) == ""


def test_the_log_keeps_the_stated_purpose(teacher: Client) -> None:
    teacher.post(reverse("admin:purpose"), {"purpose": "teaching"})
    teacher.get(reverse("admin:school_student_changelist"))
    assert AccessEntry.objects.filter(object_type="school.Student", purpose="teaching").exists()


def test_the_log_names_each_field_that_a_purpose_has_opened(teacher: Client) -> None:
    user, until = User.objects.get(username="teacher"), timezone.now() + timedelta(days=1)
    approver = person("sun", roles=["school-approver"])
    granted = {"object_type": "school.Student", "purpose": "teaching", "basis": "test"}
    access_grant_give(user, by=approver, until=until, **granted)
    teacher.post(reverse("admin:purpose"), {"purpose": "teaching"})
    student = Student.objects.get()
    for address in (
        reverse("admin:school_student_changelist"),
        reverse("admin:school_student_change", args=[student.pk]),
    ):
        assert NAME in teacher.get(address).content.decode()
        entry = AccessEntry.objects.filter(object_type="school.Student").latest("pk")
        assert {"name", "pseudonym"} <= set(entry.fields), address


def test_the_log_names_what_is_clear_in_some_rows_only() -> None:
    nurse = logged_in(person("nurse", roles=["hospital-operator"], clearance=Grade.L4))
    Role.objects.filter(key="hospital-operator").update(purposes=["treatment"])
    nurse.post(reverse("admin:purpose"), {"purpose": "treatment"})
    row = patient("P1", name="ZQXpatient", birth_date=date(1960, 1, 1))
    row.save()
    for address in (
        reverse("admin:hospital_patient_changelist"),
        reverse("admin:hospital_patient_change", args=[row.pk]),
    ):
        assert "ZQXpatient" in nurse.get(address).content.decode()
        entry = AccessEntry.objects.filter(object_type="hospital.Patient").latest("pk")
        assert "name" in entry.fields, address


@pytest.mark.parametrize("code", ["treatment", "teaching\x00", "' OR 1=1", "T" * 500])
def test_a_purpose_that_no_role_gives_is_refused(teacher: Client, code: str) -> None:
    answer = teacher.post(reverse("admin:purpose"), {"purpose": code}, follow=True)
    assert answer.status_code in {200, 400}
    assert stated(teacher) == ""


def test_the_way_back_never_leaves_the_platform(teacher: Client) -> None:
    answer = teacher.post(reverse("admin:purpose"), {"purpose": "", "next": "//elsewhere.example/"})
    assert answer["Location"] == reverse("admin:index")


def test_whoever_has_no_purpose_finds_no_control() -> None:
    client = logged_in(person("viewer", roles=["city-viewer"]))
    assert reverse("admin:purpose") not in client.get(reverse("admin:index")).content.decode()
    assert NAME not in client.get(reverse("admin:index")).content.decode()


def test_a_datastream_leads_to_its_corrections_and_to_making_one() -> None:
    row = stream()
    operator = logged_in(person("operator", roles=["city-operator"]))
    page = operator.get(reverse("admin:stream", args=[row.pk])).content.decode()
    add = reverse("admin:sensing_edit_add", query={"datastream": row.pk})
    assert add in page
    assert reverse("admin:sensing_edit_changelist", query={"q": row.key}) in page
    assert operator.get(add).status_code == 200
    viewer = logged_in(person("viewer", roles=["city-viewer"]))
    assert add not in viewer.get(reverse("admin:stream", args=[row.pk])).content.decode()


def test_the_menu_leads_to_corrections_quarantine_and_cleaning_rules() -> None:
    page = logged_in(person("operator", roles=["city-operator"])).get(reverse("admin:index")).content.decode()
    for name in ("edit", "quarantinedrow", "cleaningrule"):
        assert reverse(f"admin:sensing_{name}_changelist") in page
