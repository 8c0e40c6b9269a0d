"""Who saw this record: every kind of access names each object that it touched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Max
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.services import access_grant_give
from apps.audit.models import AccessEntry
from apps.audit.selectors.personal import personal_types
from apps.audit.selectors.trail import entries_of_object
from apps.core.domains import all_domains
from apps.core.encryption import indexed_fields
from apps.core.grades import Grade
from apps.domains.hospital.models import Hospital, Patient
from tests.exits.planting import WORD, canaries
from tests.exits.test_every_exit import addresses, body
from tests.people import person
from tests.portal.builders import logged_in
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db
REVEALS, MINORS = "/api/v1/privacy/reveals/", "/api/v1/privacy/minors-requests/"
STUDENT = "school.Student"


def actions(key: int, label: str = STUDENT) -> set[str]:
    """What the log says was done with a record."""
    return {entry.action for entry in entries_of_object(label, str(key))}


def index_names() -> re.Pattern[bytes]:
    """The names of the columns that find encrypted values."""
    models = [model for model in apps.get_models() if model._meta.app_config.name.startswith("apps.")]
    names = {index.name for model in models for index in indexed_fields(model).values()}
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\b".encode())


def test_every_address_that_shows_a_persons_record_names_it_and_none_names_an_index() -> None:
    words, paths = canaries(), list(addresses())
    views = [f"{domain.slug}-operator" for domain in all_domains()]
    user = person("cleared", roles=views, clearance=Grade.L4)
    Role.objects.update(purposes=["teaching", "treatment"])
    cache.clear()
    client, faults, shown, index = logged_in(user), set[str](), 0, index_names()
    client.raise_request_exception = False
    for path in paths:
        before = AccessEntry.objects.aggregate(last=Max("id"))["last"] or 0
        _status, found = body(client, path)
        faults |= {f"{path} names {name.decode()}" for name in index.findall(found)}
        named = {key for entry in AccessEntry.objects.filter(id__gt=before) for key in entry.objects_seen}
        for word in set(WORD.findall(found)):
            label = words.get(word.decode(), ("", ""))[0].rpartition(".")[0]
            if label in personal_types():
                shown += 1
                if not any(key.startswith(f"{label}:") for key in named):
                    faults.add(f"{path} shows a {label} and does not name it")
    assert not faults, "\n".join(sorted(faults))
    assert shown > 20


def reader() -> User:
    """Somebody who may reveal the name of pupils for teaching."""
    user = person("tang", roles=["school-operator"], clearance=Grade.L4)
    Role.objects.filter(key="school-operator").update(purposes=["teaching"])
    by, until = person("sun", roles=["school-approver"]), timezone.now() + timedelta(days=1)
    access_grant_give(
        user, by=by, until=until, object_type=STUDENT, purpose="teaching", basis="t", fields=["name"]
    )
    return user


def revealed(client: Client, pk: int, field: str) -> str:
    wish = {"object_type": STUDENT, "object_id": str(pk), "field": field, "purpose": "teaching"}
    answer = client.post(REVEALS, wish | {"ticket": "T-1"}, content_type="application/json")
    return str(answer.json().get("code", ""))


def test_a_reveal_and_its_refusal_are_found_by_the_record_with_the_field() -> None:
    student, client = pupil(), logged_in(reader())
    code = revealed(client, student.pk, "name")
    revealed(client, student.pk, "guardian_phone")
    found = entries_of_object(STUDENT, str(student.pk))
    assert {(entry.result, tuple(entry.fields)) for entry in found} == {
        ("done", ("name",)),
        ("refused", ("guardian_phone",)),
    }
    assert {entry.object_id for entry in found} == {str(student.pk)}
    assert NAME in client.get(f"{REVEALS}{code}/").content.decode()
    assert actions(student.pk) == {"reveal", "read"}


def test_a_request_for_minors_and_its_decision_are_found_by_each_record() -> None:
    one, two = pupil("A"), pupil("B")
    wish = {
        "object_type": STUDENT,
        "fields_wanted": ["name"],
        "purpose": "student-care",
        "reason": "visit",
        "until": (timezone.now() + timedelta(days=7)).isoformat(),
        "objects_only": [str(one.pk), str(two.pk)],
    }
    decider = logged_in(person("sun", roles=["school-approver"], clearance=Grade.L4))
    asker = logged_in(person("tang", roles=["school-operator"], clearance=Grade.L4))
    pk = asker.post(MINORS, wish, content_type="application/json").json()["id"]
    decider.post(f"{MINORS}{pk}/decide/", {"approve": True}, content_type="application/json")
    for student in (one, two):
        assert actions(student.pk) == {"request", "grant"}


def test_an_exact_search_names_what_it_found() -> None:
    place = {"code": "H", "name": "H", "division": "359901", "geometry": "SRID=4326;POINT(118 24)"}
    values = {
        "hospital": Hospital.objects.create(**place),
        "phone": "19912345678",
        "birth_date": "1980-01-01",
    }
    patient = Patient.objects.create(pseudonym="P", name="王小明", **values)
    user = person("luo", roles=["hospital-operator"], clearance=Grade.L4)
    Role.objects.filter(key="hospital-operator").update(purposes=["treatment"])
    answer = logged_in(user).post(
        "/api/v1/hospital/patients/find/",
        {"phone": "19912345678"},
        content_type="application/json",
        headers={"x-purpose": "treatment"},
    )
    assert len(answer.json()["results"]) == 1
    assert actions(patient.pk, "hospital.Patient") == {"change"}
