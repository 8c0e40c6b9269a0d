"""The pages of the access log: offices, approvers, and everybody's own trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import viewer_for
from apps.accounts.services import access_grant_give
from apps.audit.services import Act, access_log_verify, access_record, anchor_make
from apps.core.grades import Grade
from apps.domains.city.models import RoadSegment, ServiceRequest
from apps.domains.hospital.models import Hospital, Patient, Ward
from apps.domains.school.models import Student, Teacher
from apps.privacy.services import visible_fields
from tests.exits.planting import WORD, plant_all
from tests.people import person
from tests.portal import builders

pytestmark = pytest.mark.django_db


def auditor() -> Client:
    return builders.logged_in(person("aud", office="auditor"))


def text(client: Client, name: str, **wanted: object) -> str:
    answer = client.get(reverse(f"admin:{name}"), wanted)
    if isinstance(answer, StreamingHttpResponse):
        return answer.getvalue().decode()
    return answer.content.decode()


def test_the_auditor_filters_the_log() -> None:
    reader = person("reader", roles=["city-viewer"])
    access_record(Act("export", reader.pk, "hospital.Patient", "7", purpose="research", rows=4711))
    client = auditor()
    assert "4711" in text(client, "access_log", user="reader", action="export", object="hospital.Patient")
    assert "4711" in text(client, "access_log", object="hospital.Patient", pk="7", purpose="research")
    assert "4711" not in text(client, "access_log", action="login")
    assert "4711" not in text(client, "access_log", last="2020-01-01")


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [("user", "nobody-known", "no account"), ("first", "soon", "as 2026-11-02")],
)
def test_a_filter_that_cannot_be_read_is_named(name: str, value: str, fault: str) -> None:
    client = auditor()
    assert fault in text(client, "access_log", **{name: value})
    assert fault in text(client, "access_log_export", **{name: value})


def test_the_page_says_how_the_log_fares() -> None:
    client = auditor()
    assert "Not yet verified" in text(client, "access_log")
    anchor_make()
    access_log_verify()
    page = text(client, "access_log")
    assert "Nothing was touched" in page
    assert "Last anchor" in page


def test_the_log_goes_out_as_syslog_and_that_is_an_entry_too() -> None:
    client = auditor()
    access_record(Act("read", object_type='x"y]', rows=3))
    lines = text(client, "access_log_export", action="read").splitlines()
    assert [line for line in lines if 'object="x\\"y\\]"' in line and line.startswith("<110>1 ")]
    assert 'action="export"' in text(client, "access_log_export", action="export")


@pytest.mark.parametrize("office", ["", "system"])
def test_the_log_is_not_for_others(office: str) -> None:
    client = builders.logged_in(person("other", roles=() if office else ["city-viewer"], office=office))
    for name in ("access_log", "access_log_export", "access_who"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


def test_the_approver_of_the_owner_learns_who_saw_a_record() -> None:
    patient = plant_all()[Patient]
    reader = person("reader", roles=["hospital-viewer"])
    access_record(Act("read", reader.pk, "hospital.Patient", objects=("1", str(patient.pk))))
    wanted = {"object": "hospital.Patient", "pk": patient.pk}
    approver = builders.logged_in(person("approver", roles=["hospital-approver"]))
    assert "reader" in text(approver, "access_who", **wanted)
    assert "reader" in text(auditor(), "access_who", **wanted)
    other = builders.logged_in(person("other", roles=["city-approver"]))
    assert other.get(reverse("admin:access_who"), wanted).status_code == 403


def test_everybody_sees_his_own_trail_and_who_approved_his_access() -> None:
    me, chief, other = person("me", roles=["hospital-viewer"]), person("chief"), person("other")
    soon = timezone.now() + timedelta(days=1)
    access_grant_give(
        me, object_type="hospital.Patient", purpose="audit-of-care", basis="test:1", by=chief, until=soon
    )
    access_record(Act("reveal", me.pk, "hospital.Patient", "7", purpose="audit-of-care", rows=815))
    access_record(Act("reveal", other.pk, "hospital.Patient", "7", rows=816))
    page = text(builders.logged_in(me), "my_trail")
    assert "815" in page
    assert "816" not in page
    assert "chief" in page


def test_the_history_of_a_row_masks_what_the_row_masks() -> None:
    patient = plant_all()[Patient]
    Patient.objects.filter(pk=patient.pk).update(sex="female")
    url = reverse("admin:hospital_patient_history", args=[patient.pk])
    low = builders.logged_in(person("low", roles=["hospital-viewer"], clearance=Grade.L2))
    page = low.get(url).content.decode()
    assert "History of changes" in page
    assert "female" not in page
    assert builders.logged_in(person("foreign", roles=["city-viewer"])).get(url).status_code in {
        302,
        403,
        404,
    }


def test_a_record_is_asked_for_by_the_number_that_stands_on_it() -> None:
    plant_all()
    client = builders.logged_in(person("sun", roles=["hospital-approver"], clearance=Grade.L4))
    client.get(reverse("admin:index"))
    ward = Ward.objects.get()
    english = {"accept-language": "en"}
    address = reverse("admin:access_who")
    by_code = client.get(address, {"object": "hospital.Ward", "pk": ward.code}, headers=english)
    assert by_code.context["found"] == str(ward.pk)
    unknown = client.get(
        address, {"object": "hospital.Ward", "pk": "NO-99"}, headers=english
    ).content.decode()
    assert "No record has the number NO-99" in unknown
    assert 'value="NO-99"' in unknown
    assert client.get(address, {"object": "hospital.Ward", "pk": "987654321"}).status_code == 200


def test_a_masked_number_finds_no_record() -> None:
    plant_all()
    patient = Patient.objects.get()
    client = builders.logged_in(person("low", roles=["hospital-approver"], clearance=Grade.L2))
    asked = {"object": "hospital.Patient", "pk": patient.pseudonym}
    decisions = visible_fields(viewer_for(person("low2", roles=["hospital-approver"])), Patient)
    answer = client.get(reverse("admin:access_who"), asked)
    assert bool(answer.context["found"]) is decisions["pseudonym"].is_clear


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (ServiceRequest, "number"),
        (RoadSegment, "code"),
        (Hospital, "code"),
        (Patient, "pseudonym"),
        (Teacher, "number"),
        (Student, "pseudonym"),
    ],
)
@pytest.mark.parametrize("office", ["auditor", "security"])
def test_whoever_reads_the_whole_log_asks_by_the_number_of_any_record(
    model: type[Model], name: str, office: str
) -> None:
    row = plant_all()[model]
    reader = person("reader")
    access_record(Act("read", reader.pk, model._meta.label, objects=(str(row.pk),)))
    asked = {"object": model._meta.label, "pk": getattr(row, name)}
    client = builders.logged_in(person("office", office=office))
    answer = client.get(reverse("admin:access_who"), asked)
    assert answer.context["found"] == str(row.pk)
    page = answer.content.decode()
    assert "reader" in page
    told = {text.decode() for text in WORD.findall(answer.content)}
    assert told <= {
        text.decode() for text in WORD.findall(asked["pk"].encode())
    }  # nothing of the row but what was typed
    assert client.get(reverse("admin:access_who"), {**asked, "pk": "NO-99"}).context["found"] == ""
