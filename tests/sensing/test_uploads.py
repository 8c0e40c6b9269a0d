"""Files that people bring: encodings, shapes, faults, and the way from upload to rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.grades import Grade
from apps.core.jobs import job_wish
from apps.core.models import Job, JobState
from apps.sensing.models import Observation, QuarantinedRow, Upload
from apps.sensing.selectors import upload_get
from apps.sensing.services.uploads import upload_import
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/sensing/uploads/"
KEY = "school.T000.co2"
LONG = f"time,datastream,value\n2026-11-02T12:00:00Z,{KEY},500\n2026-11-02T12:01:00Z,{KEY},510\n"
CHINESE = f"时间,设备编号,读数\n2026-11-02 20:00:00,{KEY},500\n2026/11/02 20:01:00,{KEY},510\n"
WIDE = f"time,{KEY},school.T001.co2\n2026-11-02T12:00:00Z,500,600\n2026-11-02T12:01:00Z,,610\n"
MAPPING = {"time": "time", "datastream": "datastream", "result": "value"}


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The session of somebody who may upload to the school domain, where two streams exist."""
    settings.MEDIA_ROOT = tmp_path
    school_streams(2)
    return logged_in(person("teacher", roles=["school-operator"]))


def sent(client: Client, content: bytes, *, name: str = "a.csv", domain: str = "school") -> Any:
    return client.post(UPLOADS, {"domain": domain, "file": SimpleUploadedFile(name, content)})


def confirmed(client: Client, pk: int, mapping: Mapping[str, Any]) -> Any:
    return client.post(f"{UPLOADS}{pk}/confirm/", mapping, content_type="application/json")


def imported(client: Client, content: bytes, mapping: Mapping[str, Any] | None = None) -> Upload:
    """The whole way; without a mapping the guessed one is confirmed."""
    body = sent(client, content).json()
    answer = confirmed(client, body["id"], mapping or body["mapping"])
    assert answer.status_code == 202, answer.content
    upload_import(upload_get(body["id"]))
    return upload_get(body["id"])


def parquet(**columns: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    "content",
    [LONG.encode(), LONG.encode("utf-8-sig"), CHINESE.encode("gb18030"), CHINESE.encode(), WIDE.encode()],
    ids=["utf-8", "bom", "gb18030", "chinese", "wide"],
)
def test_a_file_is_guessed_and_imported(client: Client, content: bytes) -> None:
    upload = imported(client, content)
    assert upload.job is not None
    assert upload.job.state == JobState.SUCCEEDED, upload.job.message
    assert (upload.stored, upload.quarantined) == (3 if b"T001" in content else 2, 0)
    first = Observation.objects.filter(datastream__key=KEY).earliest("phenomenon_time")
    assert (first.phenomenon_time.isoformat(), first.result) == ("2026-11-02T12:00:00+00:00", 500)


def test_parquet_keeps_its_types(client: Client) -> None:
    times = pa.array([1793620800000, 1793620860000], pa.timestamp("ms", tz="UTC"))
    upload = imported(client, parquet(time=times, datastream=[KEY, KEY], value=[500.0, None]))
    assert (upload.stored, upload.quarantined) == (1, 1)
    assert QuarantinedRow.objects.get().field == "result"


BROKEN = [
    (b"", "empty"),
    (b"  \n ", "empty"),
    (parquet(a=[1], b=[2])[:-9], "parquet"),
    (b"PAR1", "parquet"),
    (b"\xff\xfe\x00\x01\x80\x80,\x00", "encoding"),
    ("time,value\n1,2\n".encode("utf-16"), "encoding"),
    (b"only\n1\n", "header"),
    (b"a,a\n1,2\n", "header"),
]


@pytest.mark.parametrize(("content", "code"), BROKEN)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(
    client: Client, tmp_path: Path, content: bytes, code: str
) -> None:
    answer = sent(client, content)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert {error["field"] for error in answer.json()["errors"]} == {"file"}
    assert not Upload.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_without_domain_or_content_names_the_field(client: Client) -> None:
    answer = client.post(UPLOADS, {"domain": "school"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "file"


def test_bad_rows_are_quarantined_with_reasons_and_good_ones_kept(client: Client) -> None:
    bad = f"2026-11-02T12:02:00Z,school.NONE.co2,1\n2026-11-02T12:03:00Z,{KEY},abc\nnever,{KEY},1\n"
    upload = imported(client, (LONG + bad).encode())
    rows = QuarantinedRow.objects.filter(upload=upload).order_by("line")
    assert (upload.stored, upload.quarantined) == (2, 3)
    assert [(row.line, row.field) for row in rows] == [
        (4, "datastream"),
        (5, "result"),
        (6, "phenomenonTime"),
    ]
    assert all(row.reason for row in rows)


def test_a_stream_of_another_domain_is_quarantined(client: Client) -> None:
    upload = imported(client, LONG.replace("school.", "city.").encode())
    assert (upload.stored, upload.quarantined) == (0, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time": "nothing"}, "time"),
        ({"result": "nothing"}, "result"),
        ({"datastream": ""}, "datastream"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"wide": {"nothing": KEY}}, "wide"),
    ],
)
def test_a_mapping_that_does_not_fit_names_its_part(
    client: Client, change: dict[str, Any], field: str
) -> None:
    pk = sent(client, LONG.encode()).json()["id"]
    answer = confirmed(client, pk, MAPPING | change)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert not Job.objects.exists()


def test_the_preview_shows_the_first_rows(client: Client) -> None:
    pk = sent(client, CHINESE.encode("gb18030")).json()["id"]
    cleared = logged_in(person("cleared", roles=["school-operator"], clearance=Grade.L3))
    body = cleared.get(f"{UPLOADS}{pk}/preview/").json()
    assert body["columns"] == ["时间", "设备编号", "读数"]
    assert body["encoding"] == "gb18030"
    assert body["rows"][1]["读数"] == "510"


def test_a_file_is_imported_once(client: Client) -> None:
    upload = imported(client, LONG.encode())
    assert confirmed(client, upload.pk, MAPPING).status_code == 409
    assert Job.objects.count() == 1


@pytest.mark.parametrize("role", ["school-viewer", "city-operator"])
def test_a_role_that_may_not_upload_is_refused(client: Client, role: str) -> None:
    answer = sent(logged_in(person("other", roles=[role])), LONG.encode())
    assert answer.status_code == 403
    assert not Upload.objects.exists()


def test_a_viewer_may_not_confirm_and_another_domain_sees_nothing(client: Client) -> None:
    pk = sent(client, LONG.encode()).json()["id"]
    viewer, stranger = (logged_in(person(role, roles=[role])) for role in ("school-viewer", "city-operator"))
    assert confirmed(viewer, pk, MAPPING).status_code in {403, 404}
    assert confirmed(stranger, pk, MAPPING).status_code == 404
    assert stranger.get(f"{UPLOADS}{pk}/quarantine.csv/").status_code == 404


def test_what_a_spreadsheet_would_run_is_quoted(client: Client) -> None:
    upload = imported(client, f"time,datastream,value\n2026-11-02T12:00:00Z,{KEY},=1+1\n".encode())
    QuarantinedRow.objects.filter(upload=upload).update(reason="=HYPERLINK(1)")
    reader = logged_in(person("reader", roles=["school-operator"], clearance=Grade.L3))
    answer: Any = reader.get(f"{UPLOADS}{upload.pk}/quarantine.csv/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",=" not in text


def test_an_import_that_was_cut_off_ends_with_the_same_rows(client: Client) -> None:
    bad = f"2026-11-02T12:02:00Z,{KEY},abc\n"
    upload = imported(client, (LONG + bad).encode())
    Job.objects.update(state=JobState.RUNNING)  # as a worker that was killed after its last chunk leaves it
    upload_import(upload_get(upload.pk))
    again = upload_get(upload.pk)
    assert (again.rows, again.stored, again.repeated, again.quarantined) == (3, 0, 2, 1)
    assert (Observation.objects.count(), QuarantinedRow.objects.count()) == (2, 1)


def test_a_cancelled_import_stops_and_says_so(client: Client) -> None:
    pk = sent(client, LONG.encode()).json()["id"]
    confirmed(client, pk, MAPPING)
    job = Job.objects.get()
    job_wish(job.pk, wish="cancel")
    upload_import(upload_get(pk))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_another_value_in_a_file_is_counted_apart_and_shown_with_its_line(client: Client) -> None:
    imported(client, LONG.encode())
    again = imported(client, LONG.replace("510", "999").encode())
    assert (again.rows, again.stored, again.repeated, again.conflict, again.quarantined) == (2, 0, 1, 1, 0)
    row = QuarantinedRow.objects.get()
    assert (row.code, row.line, row.upload_id, row.row["stored"]) == ("conflict", 3, again.pk, 510)


def test_times_in_seconds_are_quarantined_until_the_mapping_says_so(client: Client) -> None:
    content = f"time,datastream,value\n1767294000,{KEY},500\n".encode()
    assert imported(client, content).quarantined == 1
    mapping = {**MAPPING, "time_unit": "s"}
    assert imported(client, content, mapping).stored == 1
    assert Observation.objects.get().phenomenon_time.year == 2026
    answer = confirmed(client, sent(client, content).json()["id"], {**MAPPING, "time_unit": "days"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "time_unit")
