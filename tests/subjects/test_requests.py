"""From the first word of a person to the answer: find, export, correct, refuse."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from apps.accounts.selectors import viewer_for
from apps.catalogue.services.days import calendar_seed
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.domains.city.models import ServiceRequest
from apps.domains.hospital.models import Patient
from apps.subjects.data import Told
from apps.subjects.models import State, SubjectMatch, SubjectRequest
from apps.subjects.services import (
    identity_check,
    matches_confirm,
    request_correct,
    request_export,
    request_receive,
    request_refuse,
    request_tell,
    subject_search,
)
from tests.people import person
from tests.subjects import builders

pytestmark = pytest.mark.django_db


def found(request: SubjectRequest) -> set[str]:
    return set(
        SubjectMatch.objects.filter(request=request, confirmed=True).values_list("object_type", flat=True)
    )


def test_one_person_is_found_in_every_domain_that_knows_him() -> None:
    builders.patient(), builders.call(), builders.farm(), builders.staff()
    request = builders.request("find", by=builders.viewer())
    assert found(request) == {
        *("hospital.Patient", "hospital.Encounter", "hospital.StaffMember"),
        *("city.ServiceRequest", "farm.Farm"),
    }


def test_a_shared_telephone_is_a_weak_match_that_waits_for_a_look() -> None:
    builders.student()
    request = builders.request("find", by=builders.viewer())
    assert set(SubjectMatch.objects.values_list("object_type", "strength")) == {
        ("school.Student", "weak"),
        ("school.Answer", "weak"),
    }
    assert found(request) == set()


def test_somebody_else_of_the_same_name_is_never_confirmed_by_itself() -> None:
    builders.patient(pseudonym="P2", id_number="110101198001010010", phone="13700000000")
    request = builders.request("find", by=builders.viewer(), told=Told(name=builders.NAME))
    assert found(request) == set()


def test_numbers_are_found_however_they_were_written_down() -> None:
    builders.patient()
    told = Told(id_number="110101 1990 0307 867x", phone="139-0000-1234")
    assert "hospital.Patient" in found(builders.request("find", by=builders.viewer(), told=told))


def test_without_an_identity_check_nothing_is_searched() -> None:
    by = builders.viewer()
    request = request_receive(Told(name=builders.NAME), kind="find", asker="self", viewer=by)
    with pytest.raises(ProblemError, match="this step is not possible now"):
        subject_search(request.pk, viewer=by)


def test_a_guardian_shows_more_than_a_card() -> None:
    by = builders.viewer()
    request = request_receive(Told(name=builders.NAME), kind="find", asker="guardian", viewer=by)
    with pytest.raises(ProblemError, match="papers of guardianship"):
        identity_check(request.pk, proof="card", note="", viewer=by)


def test_a_lower_clearance_or_a_role_without_approval_is_refused() -> None:
    low = viewer_for(person("low", roles=["hospital-approver"], clearance=Grade.L3), strong=True)
    analyst = viewer_for(person("analyst", roles=["hospital-analyst"], clearance=Grade.L4))
    for viewer in (low, analyst):
        with pytest.raises(ProblemError, match="highest clearance"):
            request_receive(Told(name="x"), kind="find", asker="self", viewer=viewer)


def test_an_approver_finds_only_in_his_domains_and_the_rest_stays_open() -> None:
    builders.patient(), builders.call()
    by = builders.viewer(domains=("city",))
    request = request_receive(
        Told(phone=builders.PHONE, name=builders.NAME), kind="find", asker="self", viewer=by
    )
    identity_check(request.pk, proof="card", note="", viewer=by)
    subject_search(request.pk, viewer=by)
    assert set(SubjectMatch.objects.values_list("object_type", flat=True)) == {"city.ServiceRequest"}
    with pytest.raises(ProblemError, match="farm, hospital, plant, school"):
        matches_confirm(request.pk, chosen=[], viewer=by)


def test_the_answer_is_due_after_fifteen_working_days() -> None:
    calendar_seed(plain=True)
    request = builders.request("find", by=builders.viewer())
    assert (request.due_on - request.received_at.date()).days >= 19


def test_an_export_holds_the_rows_in_both_languages_and_no_formula() -> None:
    builders.patient(), builders.call(address="=HYPERLINK(1)")
    by = builders.viewer()
    request = builders.request("export", by=by)
    file = request_export(request.pk, viewer=by)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        document = json.loads(archive.read("data.json"))
        calls = list(csv.reader(io.StringIO(archive.read("city.ServiceRequest.csv").decode("utf-8-sig"))))
        read_me = archive.read("说明 README.txt").decode()
    assert {row["type"] for row in document["records"]} == found(request)
    assert "=HYPERLINK(1)" not in calls[1]
    assert "'=HYPERLINK(1)" in calls[1]
    assert builders.NAME in calls[1]
    assert f"SR-{request.pk}" in read_me
    assert f"SR-{request.pk}" in calls[2][0]
    assert document["watermark"]


def test_an_export_in_gb18030_keeps_rare_characters() -> None:
    builders.patient(name="䶮㛃𬱟𰻞𱅒")
    by = builders.viewer()
    request = builders.request("export", by=by)
    file = request_export(request.pk, viewer=by, encoding="gb18030")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert "䶮㛃𬱟𰻞𱅒" in archive.read("hospital.Patient.csv").decode("gb18030")


def test_a_correction_reaches_every_row_of_the_person() -> None:
    patient, call, other = (
        builders.patient(),
        builders.call(),
        builders.call(number="R2", reporter_id_number=""),
    )
    changes = {"phone": "137 0000 9999", "hospital.Patient.sex": "female"}
    request = builders.request("correct", by=builders.viewer(), changes=changes)
    request_correct(request.pk, viewer=builders.viewer("second"))
    patient.refresh_from_db(), call.refresh_from_db(), other.refresh_from_db()
    assert (patient.phone, patient.sex, call.reporter_phone) == ("13700009999", "female", "13700009999")
    assert other.reporter_phone == "13700009999"
    stored = SubjectRequest.objects.get(pk=request.pk)
    assert stored.ended_by_id != stored.checked_by_id
    assert set(stored.changes.values()) == {""}


def test_a_correction_that_the_model_refuses_changes_no_row() -> None:
    builders.patient(), builders.call()
    request = builders.request(
        "correct", by=builders.viewer(), changes={"birth_date": "yesterday", "name": "李四"}
    )
    with pytest.raises(ProblemError):
        request_correct(request.pk, viewer=builders.viewer("second"))
    assert Patient.objects.get().name == ServiceRequest.objects.get().reporter_name == builders.NAME


def test_nobody_corrects_alone() -> None:
    builders.patient()
    by = builders.viewer()
    request = builders.request("correct", by=by, changes={"name": "李四"})
    with pytest.raises(ProblemError, match="another approver"):
        request_correct(request.pk, viewer=by)


def test_only_what_is_declared_can_be_corrected() -> None:
    with pytest.raises(ProblemError, match="cannot be corrected here"):
        builders.request("correct", by=builders.viewer(), changes={"hospital.Patient.hospital": "1"})


def test_a_refusal_needs_a_reason_and_words() -> None:
    by = builders.viewer()
    request = builders.request("find", by=by)
    with pytest.raises(ProblemError):
        request_refuse(request.pk, refusal="nothing", answer=" ", viewer=by)
    with pytest.raises(ProblemError):
        request_refuse(request.pk, refusal="no mood", answer="no", viewer=by)
    assert request_refuse(request.pk, refusal="nothing", answer="没有", viewer=by).state == State.REFUSED


def test_the_answer_to_a_question_counts_rows() -> None:
    builders.patient()
    by = builders.viewer()
    request = builders.request("find", by=by)
    assert request_tell(request.pk, viewer=by).result == {
        "held": {"hospital.Encounter": 1, "hospital.Patient": 1}
    }
