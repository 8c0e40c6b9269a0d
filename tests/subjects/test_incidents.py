"""A leak: whose data, who had them, what is owed to whom, by when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.data import Office, Viewer
from apps.accounts.models import User
from apps.core.errors import ProblemError
from apps.domains.hospital.models import Encounter
from apps.subjects.models import Incident
from apps.subjects.selectors.leaks import leak_of
from apps.subjects.services import request_export
from apps.subjects.services.incidents import incident_open, incident_step
from apps.subjects.services.notices import has_minors, notice_text, report_text
from tests.subjects import builders

pytestmark = pytest.mark.django_db


def opened(leaked: str = "", *, by: Viewer | None = None, **facts: str) -> Incident:
    moment = timezone.now() - timedelta(hours=1)
    given = {"cause": "lost stick", "harm": "fraud", "measures": "recalled", **facts}
    return incident_open(
        "Stick lost",
        breach="leak",
        found_at=moment,
        leaked=leaked,
        viewer=by or builders.viewer("keeper"),
        **given,
    )


def test_a_leaked_file_is_known_by_its_hash_with_its_people_and_its_recipient() -> None:
    patient, call = builders.patient(), builders.call()
    by = builders.viewer()
    file = request_export(builders.request("export", by=by).pk, viewer=by)
    leak = leak_of(opened(file.digest))
    assert leak.subjects == {"city.ServiceRequest": [str(call.pk)], "hospital.Patient": [str(patient.pk)]}
    assert {item.user_id for item in leak.recipients} == {by.user_id}


def test_the_id_of_an_export_and_an_entry_of_the_log_lead_to_the_same_people() -> None:
    patient = builders.patient()
    by = builders.viewer()
    request = builders.request("export", by=by)
    request_export(request.pk, viewer=by)
    leak = leak_of(opened(f"request:{request.pk}"))
    assert leak.subjects == {"hospital.Patient": [str(patient.pk)]}
    assert leak.objects == 1 + Encounter.objects.count()
    (entry, *_rest) = [item.entry_id for item in leak.recipients]
    assert leak_of(opened(str(entry), by=builders.viewer("third"))).people >= 1


@pytest.mark.parametrize(
    "leaked", ["", "0" * 64, "999999999", "9" * 120, "nothing", "../../etc", "\u4dae'--"]
)
def test_what_the_log_does_not_know_names_nobody(leaked: str) -> None:
    assert leak_of(opened(leaked)).people == 0


def test_the_report_is_due_a_day_after_the_incident_was_found() -> None:
    incident = opened()
    assert incident.report_due_at - incident.found_at == timedelta(hours=24)


def test_the_security_office_handles_incidents_and_an_analyst_does_not() -> None:
    user = User.objects.create(username="security", password="!")
    assert opened(by=Viewer(user_id=user.pk, office=Office.SECURITY, strong=True)).pk
    with pytest.raises(ProblemError, match="handle incidents"):
        opened(by=Viewer(user_id=user.pk))


def test_the_steps_follow_one_another_and_the_report_must_be_complete() -> None:
    by = builders.viewer("keeper2")
    incident = opened(cause="", by=by)
    with pytest.raises(ProblemError, match="follow one another"):
        incident_step(incident.pk, step="closed", viewer=by)
    with pytest.raises(ProblemError, match="Fill in cause"):
        incident_step(incident.pk, step="reported", viewer=by)
    for step in ("reported", "notified", "closed"):
        moved = incident_step(incident.pk, step=step, viewer=by, cause="lost stick")
    assert moved.closed_at
    assert moved.reported_at


def test_the_texts_name_no_person_and_carry_the_mark_of_generated_texts() -> None:
    builders.student()
    by = builders.viewer()
    told = builders.Told(name="王小明", phone=builders.PHONE)
    file = request_export(builders.request("export", by=by, told=told).pk, viewer=by)
    incident = opened(file.digest)
    leak = leak_of(incident)
    assert has_minors(leak)
    texts = [report_text(incident, leak), notice_text(incident, leak, guardian=True)]
    assert all("generated automatically" in text and "王小明" not in text for text in texts)
    assert "student 1" in texts[0]
    assert "guardian" in texts[1]
