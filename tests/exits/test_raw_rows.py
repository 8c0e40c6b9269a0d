"""Raw rows of files that people bring: one grade decides, and one place, wherever they would leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.core.grades import Grade
from apps.privacy.models import PolicyRule, PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE
from apps.sensing.models import Observation, QuarantinedRow, Upload
from apps.sensing.selectors import upload_get
from apps.sensing.services.uploads import upload_import
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
UPLOADS, QUARANTINE = "/api/v1/sensing/uploads/", "/api/v1/sensing/quarantine/"
KEY = "school.T000.co2"
CANARY = "ZQX王小明13800001234"
CSV = f"time,datastream,value,备注\n2026-11-02T12:00:00Z,{KEY},{CANARY},{CANARY}\n"
Raw = tuple[Upload, QuarantinedRow]


@pytest.fixture
def raw(settings: Any, tmp_path: Path) -> Raw:
    """A file of somebody of the whole city, not yet imported, and a row of it in quarantine."""
    settings.MEDIA_ROOT = tmp_path
    school_streams(1)
    brought = logged_in(member("bringer"))
    pk = brought.post(UPLOADS, {"domain": "school", "file": SimpleUploadedFile("a.csv", CSV.encode())}).json()
    row = {"datastream": KEY, "phenomenonTime": "2026-11-02T12:00:00Z", "result": CANARY}
    upload = Upload.objects.get(pk=pk["id"])
    return upload, QuarantinedRow.objects.create(
        domain="school", upload=upload, door="upload", line=2, row=row, field="result", code="number"
    )


def member(name: str, *, clearance: Grade = Grade.L2, division_code: str = "") -> User:
    """Somebody of the domain who may upload."""
    return person(name, roles=["school-operator"], clearance=clearance, division_code=division_code)


def exits(raw: Raw) -> list[str]:
    """Every address at which something of a file or of its quarantine leaves."""
    upload, row = raw
    own = f"{UPLOADS}{upload.pk}/"
    return [
        *(UPLOADS, own, f"{own}preview/", f"{own}quarantine.csv/", QUARANTINE, f"{QUARANTINE}{row.pk}/"),
        *("/portal/uploads/", f"/portal/uploads/{upload.pk}/", "/portal/sensing/quarantinedrow/"),
        f"/portal/sensing/quarantinedrow/{row.pk}/change/",
    ]


def shown_at(client: Client, raw: Raw) -> set[str]:
    """The addresses that answer with something of the raw rows."""
    return {address for address in exits(raw) if "ZQX" in content(client, address)}


def content(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code < 500
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode("utf-8-sig")  # type: ignore[arg-type]


def test_whoever_belongs_to_the_domain_reads_no_raw_row_anywhere(raw: Raw) -> None:
    for user in (User.objects.get(username="bringer"), member("other")):
        assert shown_at(logged_in(user), raw) == set()


def test_who_is_cleared_reads_them_before_the_import(raw: Raw) -> None:
    upload, row = raw
    found = shown_at(logged_in(member("cleared", clearance=Grade.L3)), raw)
    assert {f"{UPLOADS}{upload.pk}/preview/", f"/portal/uploads/{upload.pk}/"} <= found
    assert {f"{UPLOADS}{upload.pk}/quarantine.csv/", QUARANTINE, f"{QUARANTINE}{row.pk}/"} <= found


def test_the_page_after_the_import_shows_no_raw_row_either(raw: Raw) -> None:
    upload, _row = raw
    bringer = logged_in(User.objects.get(username="bringer"))
    mapping = {"time": "time", "datastream": "datastream", "result": "value"}
    confirmed = bringer.post(f"{UPLOADS}{upload.pk}/confirm/", mapping, content_type="application/json")
    assert confirmed.status_code == 202
    upload_import(upload_get(upload.pk))
    row = QuarantinedRow.objects.get(upload=upload)
    assert CANARY in str(row.row)
    assert shown_at(bringer, (upload, row)) == set()
    address = f"/portal/uploads/{upload.pk}/"
    assert "ZQX" in content(logged_in(member("cleared", clearance=Grade.L3)), address)


def test_who_brought_a_file_gets_the_names_of_its_columns_to_map_them(raw: Raw) -> None:
    upload, _row = raw
    bringer, other = (logged_in(user) for user in (User.objects.get(username="bringer"), member("other")))
    address = f"{UPLOADS}{upload.pk}/preview/"
    mine, theirs = bringer.get(address).json(), other.get(address).json()
    assert (mine["columns"], mine["rows"]) == (["time", "datastream", "value", "备注"], [])
    assert (theirs["columns"], theirs["masked"]) == ([], {"columns": "clearance", "rows": "clearance"})


def test_a_file_of_the_whole_city_is_unknown_to_a_district(raw: Raw) -> None:
    district = logged_in(member("district", clearance=Grade.L4, division_code="359901"))
    assert shown_at(district, raw) == set()
    for address in exits(raw):
        if any(character.isdigit() for character in address.removeprefix("/api/v1")):
            assert district.get(address).status_code in {302, 404}, address


def test_a_file_of_ones_own_district_is_known_there_and_nowhere_beside_it(settings: Any, raw: Raw) -> None:
    own = logged_in(member("own", clearance=Grade.L3, division_code="359901"))
    other = logged_in(member("beside", clearance=Grade.L3, division_code="359902"))
    sent = own.post(UPLOADS, {"domain": "school", "file": SimpleUploadedFile("b.csv", CSV.encode())}).json()
    address = f"{UPLOADS}{sent['id']}/preview/"
    assert "ZQX" in content(own, address)
    assert other.get(address).status_code == 404


def test_a_rule_on_the_file_hides_the_quarantine_too(raw: Raw) -> None:
    cleared = logged_in(member("cleared", clearance=Grade.L4))
    assert shown_at(cleared, raw)
    version = PolicyVersion.objects.create(number=9, state="in_force", reason="files")
    PolicyRule.objects.create(
        version=version, order=1, key="no-files", object_type="sensing.Upload", field="file", effect="hide"
    )
    IN_FORCE.forget()
    try:
        assert shown_at(cleared, raw) == set()
    finally:
        version.delete()
        IN_FORCE.look()


@pytest.mark.parametrize("repair", ["mend", "replay"])
def test_a_repair_does_not_carry_a_hidden_value_to_a_stream_that_shows_it(raw: Raw, repair: str) -> None:
    _upload, row = raw
    school_streams(2)
    row.row = {**row.row, "datastream": "school.unknown.co2", "result": 13800001234}
    row.save()
    clerk = logged_in(User.objects.get(username="bringer"))
    address = f"{QUARANTINE}{row.pk}/mend/" if repair == "mend" else f"{QUARANTINE}replay/"
    body: dict[str, Any] = {"changes": {"datastream": "school.T001.co2"}}
    body |= {} if repair == "mend" else {"rows": [row.pk]}
    answer = clerk.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (403, "changes")
    assert not Observation.objects.exists()
    body["changes"]["result"] = 500
    assert clerk.post(address, body, content_type="application/json").status_code == 200
    assert Observation.objects.get().result == 500
