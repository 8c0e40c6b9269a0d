"""Deletion across domains: all or nothing, what the law keeps stays, and a restore brings nobody back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from pytest_django import Settings

from apps.audit.models import Change
from apps.core.errors import ProblemError
from apps.domains.city.models import ServiceRequest
from apps.domains.farm.models import Farm
from apps.domains.hospital.models import Encounter, Patient, StaffMember
from apps.domains.school.models import Answer, Student
from apps.subjects.data import Told
from apps.subjects.models import SubjectMatch, SubjectRequest, Tombstone
from apps.subjects.services import erasures_reapply, journal_sync, request_erase
from apps.subjects.services.forgetting import history_forget
from tests.subjects import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


def erased(told: Told | None = None) -> Tombstone:
    request = builders.request("delete", by=builders.viewer(), told=told)
    return request_erase(request.pk, viewer=builders.viewer("second"))


def test_a_person_is_gone_from_every_domain_and_no_trace_of_him_is_left() -> None:
    builders.patient(), builders.call(), builders.farm()
    stone = erased()
    assert not Patient.objects.exists()
    assert not Encounter.objects.exists()
    call, farm, request = ServiceRequest.objects.get(), Farm.objects.get(), SubjectRequest.objects.get()
    texts = [str(row.__dict__) for row in (call, farm, request, stone)]
    words = (builders.NAME, builders.PHONE, builders.NUMBER, "302室", "中山路18号")
    assert not [word for word in words for text in texts if word in text]
    assert farm.name == "示范农场"
    assert not SubjectMatch.objects.exists()


def test_the_history_of_changes_forgets_the_person_and_keeps_that_something_changed() -> None:
    patient, call = builders.patient(), builders.call()
    patient.phone, call.address = "13700001111", "中山路19号"
    patient.save(), call.save()
    erased()
    history = Change.objects.filter(object_type__in=["hospital.Patient", "city.ServiceRequest"])
    text = str([change.changed for change in history])
    assert not [word for word in (builders.NAME, "13700001111", builders.PHONE, "中山路19号") if word in text]
    assert {"delete", "update", "insert"} <= set(history.values_list("operation", flat=True))
    assert history.filter(object_type="city.ServiceRequest", changed__number__1="R1").exists()


def test_nobody_makes_the_history_forget_a_person_who_was_not_deleted() -> None:
    patient = builders.patient()
    assert history_forget([("hospital.Patient", str(patient.pk), "delete")]) == 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Change.objects.update(changed={"name": ["a", "b"]})


def in_years(count: int) -> str:
    """The day on which a term from the end of the recent stay is over."""
    return f"{builders.RECENT.year + count}-{builders.RECENT:%m-%d}"


def test_medical_records_are_kept_and_the_law_is_named() -> None:
    builders.patient(left_at=builders.RECENT), builders.call()
    stone = erased()
    assert Patient.objects.get().name == builders.NAME
    assert ServiceRequest.objects.get().reporter_name == ""
    assert {(label, count, until) for label, count, _law, until in stone.kept} == {
        ("hospital.Patient", 1, in_years(30)),
        ("hospital.Encounter", 1, in_years(30)),
    }
    assert all("Art. 53" in law for _label, _count, law, _until in stone.kept)


def test_a_visit_is_kept_for_fifteen_years_and_a_stay_in_progress_without_end() -> None:
    builders.patient(left_at=builders.RECENT, kind="ambulatory")
    assert {until for *_rest, until in erased().kept} == {in_years(15)}
    Encounter.objects.update(left_at=None, kind="inpatient")
    request = builders.request("delete", by=builders.viewer("third"))
    stone = request_erase(request.pk, viewer=builders.viewer("fourth"))
    assert {until for *_rest, until in stone.kept} == {""}


def test_an_open_request_and_an_employed_person_stay() -> None:
    builders.call(closed_at=None), builders.staff()
    stone = erased()
    assert ServiceRequest.objects.get().reporter_name == StaffMember.objects.get().name == builders.NAME
    assert {label for label, *_rest in stone.kept} == {"city.ServiceRequest", "hospital.StaffMember"}


def test_a_pupil_goes_with_his_answers() -> None:
    builders.student()
    erased(Told(name="王小明", phone=builders.PHONE))
    assert not Student.objects.exists()
    assert not Answer.objects.exists()


def test_a_failure_half_way_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    builders.patient(), builders.call()
    request, second = builders.request("delete", by=builders.viewer()), builders.viewer("second")

    def fail(row: object) -> None:
        raise ProblemError("no")

    monkeypatch.setattr("apps.subjects.services.erasing.row_anonymise", fail)
    with pytest.raises(ProblemError):
        request_erase(request.pk, viewer=second)
    assert Patient.objects.exists()
    assert SubjectRequest.objects.get().name == builders.NAME
    assert not Tombstone.objects.exists()


def test_nobody_deletes_alone() -> None:
    builders.patient()
    by = builders.viewer()
    request = builders.request("delete", by=by)
    with pytest.raises(ProblemError, match="another approver"):
        request_erase(request.pk, viewer=by)


def test_whoever_approves_in_one_domain_does_not_delete_in_another() -> None:
    builders.patient()
    request = builders.request("delete", by=builders.viewer())
    with pytest.raises(ProblemError, match="hospital"):
        request_erase(request.pk, viewer=builders.viewer("city", domains=("city",)))


def test_a_restored_backup_deletes_the_person_again(journal: Path) -> None:
    patient, call = builders.patient(), builders.call()
    stay = Encounter.objects.get()
    erased()
    journal_sync()
    Tombstone.objects.all().delete(), SubjectRequest.objects.all().delete()  # the backup is older
    patient.save(force_insert=True), stay.save(force_insert=True), call.save()
    call_command("subjects_reapply", verbosity=0)
    assert not Patient.objects.exists()
    assert not Encounter.objects.exists()
    assert ServiceRequest.objects.get().reporter_name == ""
    assert Tombstone.objects.get().request is None
    assert erasures_reapply().rows == 0
    assert builders.NAME not in journal.read_text()


def test_another_person_with_a_reused_number_is_spared() -> None:
    patient = builders.patient()
    erased()
    journal_sync()
    builders.patient(pseudonym="P9", id=patient.pk)
    with pytest.raises(CommandError, match=f"hospital.Patient {patient.pk}"):
        call_command("subjects_reapply", verbosity=0)
    assert Patient.objects.get().pseudonym == "P9"


def test_a_changed_journal_is_refused_with_its_line(journal: Path) -> None:
    builders.patient()
    erased()
    journal_sync()
    line = json.loads(journal.read_text())
    line["rows"].append(["hospital.Patient", "999", "delete", "00"])
    journal.write_text(json.dumps(line) + "\n")
    with pytest.raises(CommandError, match="Line 1"):
        call_command("subjects_reapply", verbosity=0)


def test_a_line_that_a_crash_has_torn_is_written_again(journal: Path) -> None:
    builders.patient()
    erased()
    journal_sync()
    whole = journal.read_text()
    journal.write_text(whole[: len(whole) // 2])
    assert journal_sync() == 1
    assert journal.read_text() == whole
