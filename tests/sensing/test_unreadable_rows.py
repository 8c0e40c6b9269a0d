"""What cannot be read of a file goes to quarantine with its line, and the rest of the file is stored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import DataError
from django.test import Client
from django.utils import timezone

from apps.core.jobs import job_start
from apps.core.models import Job, JobState
from apps.sensing.data import Fault
from apps.sensing.files.tables import table_open
from apps.sensing.models import QuarantinedRow, Upload
from apps.sensing.selectors import upload_get
from apps.sensing.services import uploads
from apps.sensing.services.uploads import upload_import
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import school_streams
from tests.sensing.test_uploads import KEY, LONG, MAPPING, UPLOADS, confirmed, imported, parquet, sent

pytestmark = pytest.mark.django_db
HEAD, ROW = "time,datastream,value\n", f"2026-11-02T12:0{{}}:00Z,{KEY},500\n"
MINUTES = "".join(f"2026-11-02T11:{minute:02}:00Z,{KEY},400\n" for minute in range(60))
BEYOND_THE_SAMPLE = MINUTES * 500
STRANGE = {
    "a circled digit as datastream": "2026-11-02T12:05:00Z,①,500\n",
    "a squared digit as datastream": "2026-11-02T12:05:00Z,²,500\n",
    "a circled digit as time": f"①,{KEY},500\n",
    "thousands of digits as datastream": f"2026-11-02T12:05:00Z,{'9' * 5000},500\n",
    "thousands of digits as time": f"{'9' * 5000},{KEY},500\n",
    "thousands of digits as value": f"2026-11-02T12:05:00Z,{KEY},{'9' * 5000}\n",
    "a cell that is endless": f"2026-11-02T12:05:00Z,{KEY},{'x' * 140_000}\n",
    "a lone quotation mark": f'"2026-11-02T12:05:00Z,{KEY},500\n',
    "too few cells": "2026-11-02T12:05:00Z\n",
    "a fraction sign as value": f"2026-11-02T12:05:00Z,{KEY},½\n",
}


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The session of somebody who may upload to the school domain, where two streams exist."""
    settings.MEDIA_ROOT = tmp_path
    school_streams(2)
    return logged_in(person("teacher", roles=["school-operator"]))


def faulty(content: bytes, client: Client) -> tuple[Upload, list[int]]:
    """An import whose job has ended well, and the lines that went to quarantine."""
    upload = imported(client, content, MAPPING)
    assert upload.job is not None
    assert upload.job.state == JobState.SUCCEEDED, upload.job.message
    return upload, sorted(QuarantinedRow.objects.filter(upload=upload).values_list("line", flat=True))


@pytest.mark.parametrize("row", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_row_is_set_aside_and_the_others_are_stored(row: str, client: Client) -> None:
    upload, lines = faulty((HEAD + ROW.format(1) + row + ROW.format(3)).encode(), client)
    assert lines == [3]
    assert (upload.stored, upload.quarantined) == (2, 1)


@pytest.mark.parametrize("byte", [b"\xff", b"\0"])
def test_a_byte_that_is_no_text_costs_its_own_row(byte: bytes, client: Client) -> None:
    row = f"2026-11-02T12:01:00Z,{KEY},5".encode() + byte + b"\n"
    upload, lines = faulty((HEAD + BEYOND_THE_SAMPLE).encode() + row + ROW.format(3).encode(), client)
    assert lines == [30_002]
    assert upload.stored == 61


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file(client: Client) -> None:
    rows = [ROW.format(number) for number in range(6)]
    rows[3] += '"broken\n'
    upload, lines = faulty((HEAD + "".join(rows)).encode(), client)
    assert (upload.stored, lines) == (6, [6])


def test_lines_are_numbered_as_an_editor_numbers_them(client: Client) -> None:
    broken = f'2026-11-02T12:00:00Z,{KEY},"5\n0"\n'
    content = HEAD + "\n" + broken + ROW.format(1) + "2026-11-02T12:02:00Z,①,1\n"
    upload, lines = faulty(content.encode(), client)
    assert (upload.stored, lines) == (1, [3, 6])


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\n\n"])
def test_a_file_of_nothing_but_a_mark_is_empty(content: bytes, client: Client) -> None:
    answer = sent(client, content)
    assert answer.status_code == 400
    assert "empty" in answer.content.decode()


def test_a_header_cell_with_a_line_break_hides_no_column(client: Client) -> None:
    content = '时间,"PM2.5\n(μg/m³)",气温\n2026-11-02T12:00:00Z,35,7\n'.encode()
    body = sent(client, content).json()
    answer = client.get(f"{UPLOADS}{body['id']}/preview/").json()
    assert answer["columns"] == ["时间", "PM2.5 (μg/m³)", "气温"]
    upload = imported(client, content, {"time": "时间", "wide": {"PM2.5 (μg/m³)": KEY}})
    assert (upload.stored, upload.quarantined) == (1, 0)


def test_a_damaged_row_group_costs_its_own_rows_alone(client: Client) -> None:
    times = [f"2026-11-02T12:{minute:02}:00Z" for minute in range(30)]
    table = pa.table({"time": times, "datastream": [KEY] * 30, "value": [float(n) for n in range(30)]})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=10, compression="NONE", use_dictionary=False)
    whole = bytearray(sink.getvalue().to_pybytes())
    column = pq.ParquetFile(pa.BufferReader(bytes(whole))).metadata.row_group(1).column(0)
    begin, size = column.data_page_offset, column.total_compressed_size
    whole[begin : begin + size] = b"\xff" * size
    upload, lines = faulty(bytes(whole), client)
    assert (upload.stored, lines) == (20, [12])
    assert "12 to 21" in QuarantinedRow.objects.get(upload=upload).reason


def test_a_cell_that_python_has_no_value_for_costs_its_own_row_alone(client: Client) -> None:
    moments = pa.array([1_790_000_000_000_000, 2**62, 1_790_000_060_000_000], pa.timestamp("us", tz="UTC"))
    upload, lines = faulty(parquet(time=moments, datastream=[KEY] * 3, value=[1.0, 2.0, 3.0]), client)
    assert (upload.stored, lines) == (2, [3])


def test_a_row_that_the_database_refuses_is_found_and_set_aside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = uploads.chunk_store

    def picky(decoded: Any, *rest: Any, **named: Any) -> Any:
        if 666.0 in decoded.batch.results.tolist():
            raise DataError
        return store(decoded, *rest, **named)

    monkeypatch.setattr(uploads, "chunk_store", picky)
    rows = [f"2026-11-02T12:{minute:02}:00Z,{KEY},{666 if minute == 4 else 500}\n" for minute in range(9)]
    upload, lines = faulty((HEAD + "".join(rows)).encode(), client)
    assert (upload.stored, upload.rows, lines) == (8, 9, [6])


def test_a_file_whose_worker_was_lost_can_be_confirmed_again(client: Client) -> None:
    body = sent(client, LONG.encode()).json()
    assert confirmed(client, body["id"], MAPPING).status_code == 202
    job = Job.objects.get()
    job_start(job.pk)
    assert confirmed(client, body["id"], MAPPING).status_code == 409
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert confirmed(client, body["id"], MAPPING).status_code == 202
    upload_import(upload_get(body["id"]))
    job.refresh_from_db()
    assert (job.state, upload_get(body["id"]).stored) == (JobState.FAILED, 2)


def test_a_row_with_more_cells_than_the_header_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        "time,datastream,result\n2026-01-01,a,1\n2026-01-01,a,1,5\n2026-01-01,a,2,\n2026-01-01,a,3\n"
    )
    rows = list(table_open(path).numbered())
    assert [isinstance(row, Fault) for _line, row in rows] == [False, True, False, False]
    assert rows[1][0] == 3
