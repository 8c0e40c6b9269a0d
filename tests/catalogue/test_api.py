"""The catalogue by REST: a whole request from the list to the recall, and nothing that breaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.catalogue.models import Dataset, Notice
from tests.catalogue.builders import bureau, entry, road
from tests.people import person

pytestmark = pytest.mark.django_db
BASE = "/api/v1/catalogue/"


def client(name: str, *roles: str) -> Client:
    found = Client(raise_request_exception=False)
    found.force_login(User.objects.filter(username=name).first() or person(name, roles=roles))
    return found


def post(who: Client, path: str, **body: Any) -> Any:
    return who.post(f"{BASE}{path}", body, content_type="application/json")


def wish(**change: Any) -> dict[str, Any]:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {
        "dataset": "city.RoadSegment",
        "fields_wanted": ["name"],
        "purpose": "planning",
        "purpose_text": "Roads for the harvest.",
        "legal_basis": "Decree 809",
        "until": until,
        **change,
    }


def test_a_request_goes_its_way_by_rest_and_ends_with_an_acknowledged_recall() -> None:
    entry()
    road()
    farmer, sun = client("farmer", "farm-viewer"), client("sun", "city-approver")
    made = post(farmer, "requests/", **wish()).json()
    assert (made["state"], made["reminded"]) == ("submitted", 0)
    assert post(farmer, f"requests/{made['id']}/approve/").status_code == 403
    shown = sun.get(f"{BASE}requests/{made['id']}/preview/").json()
    assert [column["name"] for column in shown["columns"]] == ["name"]
    assert farmer.get(f"{BASE}requests/{made['id']}/preview/").status_code == 403
    assert post(sun, f"requests/{made['id']}/approve/").json()["state"] == "approved"
    assert post(sun, f"requests/{made['id']}/recall/", reason="wrong").json()["state"] == "recalled"
    notice = farmer.get(f"{BASE}changes/").json()["results"][0]
    assert (notice["kind"], notice["text"]) == ("recall", "wrong")
    assert post(sun, f"changes/{notice['id']}/acknowledge/").status_code == 403
    assert post(farmer, f"changes/{notice['id']}/acknowledge/").json()["acknowledged_at"]
    assert Notice.objects.get().acknowledged_by_id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "soon"}, "until"),
        ({"purpose": "x"}, "purpose"),
        ({"fields_wanted": ["x"]}, "fields_wanted"),
    ],
)
def test_a_bad_wish_is_a_problem_with_its_field(change: dict[str, Any], field: str) -> None:
    entry()
    answer = post(client("farmer", "farm-viewer"), "requests/", **wish(**change))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_drafts_are_seen_by_their_own_domain_only() -> None:
    entry(state="draft")  # type: ignore[arg-type]
    answers = [
        client(name, role).get(f"{BASE}datasets/?code=city.RoadSegment").json()["results"]
        for name, role in (("farmer", "farm-viewer"), ("wang", "city-viewer"))
    ]
    assert [len(rows) for rows in answers] == [0, 1]


def test_an_entry_shows_the_grade_of_each_item() -> None:
    row = entry("city.ServiceRequest")
    body = client("farmer", "farm-viewer").get(f"{BASE}datasets/{row.pk}/").json()
    grades = {item["name"]: (item["grade"], item["category"]) for item in body["items"]}
    assert grades["reporter_phone"] == ("L3", "contact")


def test_entries_go_out_and_come_in_again() -> None:
    entry()
    operator = client("operator", "city-operator")
    rows = [
        row
        for row in operator.get(f"{BASE}entries/").json()["entries"]
        if row["domain"] == "city" and row["code"] != "city.District"
    ]
    rows[0]["abstract"] = "changed outside"
    assert post(operator, "entries/", entries=rows).json() == {"imported": len(rows)}
    assert Dataset.objects.get(code=rows[0]["code"]).abstract == "changed outside"
    assert post(operator, "entries/", entries=[{"code": "city.District", "notice": [[]]}]).status_code == 400


def test_the_dcat_document_is_json_ld_of_published_entries_only() -> None:
    entry()
    answer = client("farmer", "farm-viewer").get(f"{BASE}dcat.jsonld")
    assert answer["Content-Type"].startswith("application/ld+json")
    assert [row["dct:identifier"] for row in answer.json()["dcat:dataset"]] == ["city.RoadSegment"]


def test_an_edit_by_rest_is_checked_and_belongs_to_the_domain() -> None:
    row = entry()
    path = f"{BASE}datasets/{row.pk}/"
    options = {"content_type": "application/json"}
    operator = client("operator", "city-operator")
    assert operator.patch(path, {"abstract": "new"}, **options).json()["state"] == "draft"
    assert operator.patch(path, {"sharing": "all"}, **options).status_code == 400
    assert client("wang", "city-viewer").patch(path, {"abstract": "x"}, **options).status_code == 403


def test_a_reported_error_reaches_the_provider_and_its_answer_every_consumer() -> None:
    entry()
    segment = road()
    farmer, sun = client("farmer", "farm-viewer", "city-viewer"), client("sun", "city-approver")
    made = post(farmer, "requests/", **wish()).json()
    post(sun, f"requests/{made['id']}/approve/")
    report = {
        "dataset": "city.RoadSegment",
        "object_id": str(segment.pk),
        "field": "name",
        "remark": "misspelt",
    }
    row = post(farmer, "corrections/", **report).json()
    assert post(farmer, f"corrections/{row['id']}/decide/", accepted=True, answer="x").status_code == 403
    type(segment).objects.update(name="Right Road")
    decided = post(sun, f"corrections/{row['id']}/decide/", accepted=True, answer="mended")
    assert decided.json()["state"] == "accepted"
    told = farmer.get(f"{BASE}changes/").json()["results"][0]
    assert (told["object_id"], told["field"], told["value"]) == (str(segment.pk), "name", "Right Road")


@pytest.mark.parametrize("object_id", ["999999", "abc", "9" * 30, "1'--"])
def test_no_error_is_reported_about_what_is_not_there(object_id: str) -> None:
    entry()
    report = {"dataset": "city.RoadSegment", "object_id": object_id, "field": "name", "remark": "x"}
    assert post(client("wang", "city-viewer"), "corrections/", **report).status_code == 404


def test_offices_and_strangers_get_nothing() -> None:
    entry()
    bureau()
    for office in ("system", "security", "auditor"):
        found = Client()
        found.force_login(person(office, office=office))
        assert found.get(f"{BASE}datasets/").json()["results"] == []
        assert found.get(f"{BASE}entries/").json()["entries"] == []
        assert found.get(f"{BASE}requests/").json()["results"] == []
    assert Client().get(f"{BASE}datasets/").status_code == 401
