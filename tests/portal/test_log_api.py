"""Trail, who saw a record, and the history of a row over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.audit.services import Act, access_record
from apps.core.grades import Grade
from apps.domains.hospital.models import Patient, Sex
from tests.exits.planting import plant_all
from tests.people import person
from tests.portal import builders

pytestmark = pytest.mark.django_db


def asked(client: Client, name: str, **wanted: object) -> tuple[int, Any]:
    answer = client.get(f"/api/v1/portal/{name}/", wanted)
    return answer.status_code, answer.json()


def test_the_auditor_and_the_owners_approver_ask_who_saw_a_record() -> None:
    patient = plant_all()[Patient]
    reader = person("reader", roles=["hospital-viewer"])
    access_record(Act("export", reader.pk, "hospital.Patient", objects=(str(patient.pk),), fields=("name",)))
    wanted = {"object": "hospital.Patient", "pk": patient.pk}
    for client in (person("aud", office="auditor"), person("boss", roles=["hospital-approver"])):
        status, [entry] = asked(builders.logged_in(client), "seen", **wanted)
        assert (status, entry["name"], entry["action"]) == (200, "reader", "export")
        assert entry["fields_shown"] == ["name"]
    status, _body = asked(builders.logged_in(reader), "seen", **wanted)
    assert status == 404


@pytest.mark.parametrize(
    ("wanted", "field"),
    [({"pk": 1}, "object"), ({"object": "hospital.Patient", "pk": "x"}, "pk")],
)
def test_a_question_that_cannot_be_read_is_named(wanted: dict[str, object], field: str) -> None:
    status, body = asked(builders.logged_in(person("aud", office="auditor")), "seen", **wanted)
    assert (status, body["errors"][0]["field"]) == (400, field)


def test_a_trail_is_ones_own() -> None:
    me, other = person("me"), person("other")
    access_record(Act("read", me.pk, rows=815))
    access_record(Act("read", other.pk, rows=816))
    _status, body = asked(builders.logged_in(me), "trail")
    assert 815 in [entry["rows"] for entry in body]
    assert 816 not in [entry["rows"] for entry in body]


def test_the_history_shows_values_as_the_row_does() -> None:
    patient = plant_all()[Patient]
    other = next(value for value in Sex.values if value != patient.sex)
    Patient.objects.filter(pk=patient.pk).update(sex=other)
    low = builders.logged_in(person("low", roles=["hospital-viewer"], clearance=Grade.L2))
    status, body = asked(low, "history", object="hospital.Patient", pk=patient.pk)
    assert (status, body[0]["operation"]) == (200, "update")
    assert f"'{other}'" not in str(body)
    foreign = builders.logged_in(person("foreign", roles=["city-viewer"]))
    assert asked(foreign, "history", object="hospital.Patient", pk=patient.pk)[0] == 404
    assert asked(foreign, "history", object="no.Such", pk=1)[0] == 404
