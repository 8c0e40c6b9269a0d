"""Rows about people leave only generalised, approved by somebody else, with the recipient's pseudonyms."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Role, User
from apps.audit.models import AccessEntry
from apps.core.grades import Grade
from apps.domains.hospital.models import Encounter, Hospital, Patient, Ward
from tests.people import person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/privacy/releases-of-rows/"
COUNTS = "/api/v1/privacy/counts/"
COLUMNS = ["sex", "birth", "division", "diagnosis"]


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def stays(count: int, *, illnesses: tuple[str, ...] = ("I10", "E11", "J45", "K21")) -> None:
    """Patients of three districts with one stay each."""
    wards = []
    for number in range(3):
        hospital = Hospital.objects.create(
            code=f"H{number}", name="x", division=f"35990{number + 1}", geometry="POINT(118 24)"
        )
        wards.append(Ward.objects.create(code=f"W{number}", name="x", hospital=hospital, specialty="x"))
    for number in range(count):
        ward = wards[number % 3]
        patient = Patient.objects.create(
            hospital=ward.hospital,
            pseudonym=f"p{number}",
            name=f"王小{number}",
            sex=("female", "male")[number % 2],
            birth_date=date(1950 + number % 30, 1 + number % 12, 1 + number % 28),
        )
        Encounter.objects.create(
            patient=patient,
            ward=ward,
            kind="inpatient",
            arrived_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
            diagnosis=illnesses[number * 7 % len(illnesses)],
        )


@pytest.fixture
def asker() -> User:
    found = person("asker", roles=["hospital-analyst", "hospital-approver"], clearance=Grade.L4)
    Role.objects.filter(key="hospital-analyst").update(purposes=["research"])
    return found


@pytest.fixture
def approver() -> User:
    return person("approver", roles=["hospital-approver"])


def ask(client: APIClient, **changes: Any) -> Any:
    wish = {"table": "hospital.encounters", "columns": COLUMNS, "purpose": "research", "recipient": "A"}
    return client.post(ADDRESS, {**wish, **changes}, format="json")


def released(asker: User, approver: User, **changes: Any) -> tuple[dict[str, Any], list[dict[str, str]]]:
    made = ask(client_of(asker), **changes).json()
    done = client_of(approver).post(f"{ADDRESS}{made['id']}/approve/").json()
    answer = client_of(asker).get(f"{ADDRESS}{made['id']}/download/")
    assert answer.status_code == 200, answer.content
    return done, list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_release_keeps_k_and_l_and_tells_no_name(asker: User, approver: User) -> None:
    stays(120)
    done, rows = released(asker, approver)
    groups = Counter((row["sex"], row["birth"], row["division"]) for row in rows)
    assert (done["state"], done["rows"], min(groups.values()) >= 5) == ("ready", len(rows), True)
    for group in groups:
        alike = [row for row in rows if (row["sex"], row["birth"], row["division"]) == group]
        assert len({row["diagnosis"] for row in alike}) >= 2
    assert not any("王" in value or "p1" in value for row in rows for value in row.values())
    assert done["measures"]["k"] >= 5


def test_two_recipients_get_other_pseudonyms_and_the_same_one_the_same(asker: User, approver: User) -> None:
    stays(60)
    first, again, other = (
        {row["person"] for row in released(asker, approver, recipient=name)[1]} for name in ("A", "A", "B")
    )
    assert first == again
    assert not first & other


def test_a_table_of_few_people_is_blocked_with_the_reason(asker: User, approver: User) -> None:
    stays(3)
    made = ask(client_of(asker)).json()
    done = client_of(approver).post(f"{ADDRESS}{made['id']}/approve/").json()
    assert done["state"] == "blocked"
    assert "fewer than 5 people" in done["reason"]
    assert client_of(asker).get(f"{ADDRESS}{made['id']}/download/").status_code == 409


def test_rows_of_one_illness_are_blocked(asker: User, approver: User) -> None:
    stays(60, illnesses=("I10",))
    made = ask(client_of(asker)).json()
    assert client_of(approver).post(f"{ADDRESS}{made['id']}/approve/").json()["state"] == "blocked"


def test_nobody_approves_what_he_asked_for_himself(asker: User) -> None:
    stays(30)
    made = ask(client_of(asker)).json()
    refused = client_of(asker).post(f"{ADDRESS}{made['id']}/approve/")
    assert refused.status_code == 403


def test_who_may_not_see_a_column_may_not_ask_for_it() -> None:
    low = person("low", roles=["hospital-analyst"])
    refused = ask(client_of(low))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "columns")


def test_other_domains_unknown_columns_and_missing_reasons_are_refused(asker: User, approver: User) -> None:
    client = client_of(asker)
    assert ask(client, table="school.answers").status_code == 400
    assert ask(client, columns=["name"]).status_code == 400
    made = ask(client, columns=["sex"]).json()
    assert client_of(approver).post(f"{ADDRESS}{made['id']}/refuse/", {}).status_code == 400
    refused = client_of(approver).post(f"{ADDRESS}{made['id']}/refuse/", {"reason": "no need"}, format="json")
    assert refused.json()["state"] == "refused"
    assert client_of(approver).post(f"{ADDRESS}{made['id']}/approve/").status_code == 409


def test_every_step_is_in_the_access_log_and_parquet_holds_the_same(asker: User, approver: User) -> None:
    stays(60)
    made = ask(client_of(asker)).json()
    client_of(approver).post(f"{ADDRESS}{made['id']}/approve/")
    address = f"{ADDRESS}{made['id']}/download/"
    table = pq.read_table(io.BytesIO(client_of(asker).get(address, {"file": "parquet"}).content))
    assert table.column_names == ["person", *COLUMNS]
    entries = AccessEntry.objects.filter(object_type="privacy.MicroRelease")
    told = {entry.action: entry for entry in entries}
    assert {"request", "release", "export"} <= set(told)
    assert told["export"].rows == table.num_rows
    assert client_of(approver).get(address).status_code == 403


def test_a_kept_file_is_not_handed_out_to_somebody_who_has_lost_the_right(
    asker: User, approver: User
) -> None:
    stays(60)
    made = ask(client_of(asker)).json()
    client_of(approver).post(f"{ADDRESS}{made['id']}/approve/")
    address = f"{ADDRESS}{made['id']}/download/"
    assert client_of(asker).get(address).status_code == 200
    User.objects.filter(pk=asker.pk).update(clearance=Grade.L2)
    assert client_of(User.objects.get(pk=asker.pk)).get(address).status_code == 403


def count(client: APIClient, **question: Any) -> Any:
    asked = {"table": "hospital.encounters", "rows": "sex", "purpose": "research", **question}
    return client.post(COUNTS, asked, format="json")


def test_small_counts_are_hidden_and_no_filter_singles_a_person_out(asker: User) -> None:
    stays(60)
    Patient.objects.filter(pseudonym="p0").update(sex="unknown")
    client = client_of(asker)
    table = count(client, columns="division").json()
    assert table["rows"] == ["female", "male", None]
    assert table["cells"][-1] == [None, None, None]
    assert not [cell for row in table["cells"] for cell in row if cell and cell < 5]
    shown = count(client, rows="kind").json()
    assert shown["cells"] == [[60]]
    assert count(client, rows="kind", where={"sex": "unknown"}).json().get("total") is None


def test_a_question_that_differs_by_one_person_is_refused_and_the_same_one_is_repeated(asker: User) -> None:
    stays(60)
    client = client_of(asker)
    first = count(client, rows="kind").json()
    Encounter.objects.filter(patient__pseudonym="p7").update(kind="emergency")
    assert count(client, rows="kind").json() == first
    assert count(client, rows="kind", where={"division": "359901"}).status_code == 200
    Encounter.objects.filter(patient__pseudonym="p3").update(ward=Ward.objects.get(code="W1"))
    assert count(client, rows="kind", where={"division": "359901", "kind": "inpatient"}).status_code == 409


def test_a_minor_is_counted_only_with_an_approval(asker: User) -> None:
    stays(60)
    for patient in Patient.objects.filter(pseudonym__in=["p1", "p2", "p3", "p4", "p5", "p6"]):
        patient.birth_date = date(2020, 1, 1)
        patient.save()
    assert count(client_of(asker), rows="diagnosis").json()["total"] == 54


def test_counts_need_the_column_too() -> None:
    low = person("low", roles=["hospital-viewer"])
    assert count(client_of(low), rows="diagnosis").status_code == 403
    assert count(client_of(low), table="nothing").status_code == 400
