"""Sessions that are forged, old or of another site; hosts, paths and characters that do not belong here."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from apps.core.spreadsheets import cell_safe
from apps.domains.hospital.models import Patient
from apps.subjects.models import SubjectRequest
from tests.people import person
from tests.portal.builders import logged_in
from tests.subjects import builders

pytestmark = pytest.mark.django_db
RARE = "䶮㛃𬱟𰻞𱅒"  # GB 18030-2022, implementation level 3
LIST = "/api/v1/city/requests/"


def refused(client: Client) -> bool:
    """Whether the client is a stranger to the API and to the portal."""
    return client.get(LIST).status_code == 401 and client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(
    "value", ["", "x" * 32, "../../etc/passwd", "a" * 10_000, "%00", "'; DROP TABLE x; --"]
)
def test_a_forged_session_is_a_strangers(value: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = value
    assert refused(client)


def test_a_session_signed_with_another_key_is_a_strangers() -> None:
    user, client = person("victim", roles=["city-viewer"]), Client()
    forged = signing.dumps({"_auth_user_id": str(user.pk)}, key="another", salt="django.contrib.sessions")
    client.cookies["sessionid"] = forged
    assert refused(client)


def test_a_session_that_was_logged_out_or_has_expired_does_not_come_back() -> None:
    client = logged_in(person("victim", roles=["city-viewer"]))
    kept = client.cookies["sessionid"].value
    assert client.get(LIST).status_code == 200
    client.post(reverse("admin:logout"))
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert refused(thief)
    other = logged_in(person("second", roles=["city-viewer"]))
    session = other.session
    session.set_expiry(-1)
    session.save()
    assert refused(other)


def test_a_changed_password_ends_every_session() -> None:
    user = person("victim", roles=["city-viewer"])
    client = logged_in(user)
    user.set_password("Another-horse-8-battery")
    user.save()
    assert refused(client)


def test_a_form_of_another_site_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.officer(), backend="apps.accounts.backends.SealedBackend")
    facts = {"kind": "find", "asker": "self", "name": "x"}
    for headers in ({}, {"origin": "https://evil.example"}, {"referer": "https://evil.example/"}):
        assert client.post(reverse("admin:subject_receive"), facts, headers=headers).status_code == 403
        posted = client.post(
            "/api/v1/subjects/requests/", facts, content_type="application/json", headers=headers
        )
        assert posted.status_code == 403
    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "127.1"]
)
def test_another_host_name_is_refused_and_never_echoed(host: str) -> None:
    answer = Client(raise_request_exception=False).get("/portal/login/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/static/../cityplatform/settings/base.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cmanage.py",
        "/tiles/../../etc/passwd/1/1/1.mvt",
        "/tiles/..%2f..%2fetc%2fpasswd/1/1/1.mvt",
        "/ogc/collections/..%2f..%2f/items",
        "/media/../../etc/passwd",
        "//etc/passwd",
        "/api/v1/city/requests/..%2f..%2f1/",
        "/portal/city/servicerequest/..%2f/change/",
        "/%00",
        "/portal/%ff%fe/",
    ],
)
def test_no_path_leads_out_of_the_house(path: str) -> None:
    client = logged_in(person("climber", roles=["city-viewer"]))
    client.raise_request_exception = False
    answer = client.get(path)
    assert answer.status_code in {301, 302, 400, 403, 404}
    assert b"root:" not in answer.content
    assert b"SECRET_KEY" not in answer.content


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_does_not_lead_to_another_site(address: str) -> None:
    person("victim", roles=["city-viewer"])
    facts = {"username": "victim", "password": "Correct-horse-7-battery"}
    answer = Client().post(f"/portal/login/?next={address}", {**facts, "next": address})
    assert "evil" not in answer.get("Location", "")
    assert "javascript" not in answer.get("Location", "")


def test_rare_names_go_round_through_form_api_and_files() -> None:
    builders.patient(name=RARE)
    client = logged_in(builders.officer())
    client.post(
        reverse("admin:subject_receive"),
        {"kind": "export", "asker": "self", "name": RARE, "id_number": builders.NUMBER},
    )
    row = SubjectRequest.objects.get()
    assert row.name == RARE
    for step in ({"step": "identity", "proof": "card"}, {"step": "search"}):
        client.post(reverse("admin:subject_step", args=[row.pk]), step)
    chosen = [match.pk for match in row.matches.all()]
    client.post(reverse("admin:subject_step", args=[row.pk]), {"step": "confirm", "chosen": chosen})
    assert RARE in client.get(reverse("admin:subject_request", args=[row.pk])).content.decode()
    for encoding, codec in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        answer = client.post(reverse("admin:subject_file", args=[row.pk]), {"encoding": encoding})
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            text = archive.read("hospital.Patient.csv").decode(codec)
        assert RARE in list(csv.reader(io.StringIO(text)))[1]


def test_the_api_keeps_rare_names_as_they_are() -> None:
    client = logged_in(builders.officer())
    facts = {"kind": "find", "name": RARE}
    answer = client.post("/api/v1/subjects/requests/", facts, content_type="application/json")
    assert answer.status_code == 201
    assert SubjectRequest.objects.get().name == RARE


@pytest.mark.parametrize("trick", ["王\u200b小明", "王\u202e小明", "王小明\u0000", "Ａdmin", "é", "e\u0301"])
def test_look_alike_names_find_nobody_else(trick: str) -> None:
    builders.patient(name="王小明", id_number="", phone="")
    client = logged_in(builders.officer())
    told = {"kind": "find", "name": trick}
    client.post("/api/v1/subjects/requests/", told, content_type="application/json")
    for row in SubjectRequest.objects.all():
        client.post(
            f"/api/v1/subjects/requests/{row.pk}/identity/",
            {"proof": "card"},
            content_type="application/json",
        )
        client.post(f"/api/v1/subjects/requests/{row.pk}/search/", {}, content_type="application/json")
        assert not row.matches.exists()
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=cmd|"/c"!A1']
)
def test_what_a_spreadsheet_would_run_becomes_text(cell: str) -> None:
    assert cell_safe(cell).startswith("'")


@pytest.mark.parametrize("cell", [-3.5, 0, 7, "12", "王小明", "a=b", "https://a.cn/?x=1"])
def test_plain_cells_stay_as_they_are(cell: Any) -> None:
    assert cell_safe(cell) == str(cell)


def test_every_writer_of_csv_files_makes_formulas_harmless() -> None:
    """A module that writes CSV for people and does not go through ``cell_safe`` is found here."""
    root = Path(__file__).resolve().parents[2] / "apps"
    writers = [
        path
        for path in root.rglob("*.py")
        if "csv.writer(" in (text := path.read_text()) or "write_csv(" in text or "DictWriter(" in text
    ]
    unsafe = [str(path.relative_to(root)) for path in writers if not _is_safe(path)]
    assert not unsafe


def _is_safe(path: Path) -> bool:
    """Guarded in the module itself or in the one that makes its batches; simulators write for programs."""
    text = path.read_text()
    return "cell_safe" in text or "guard=True" in text or "simulat" in str(path)
