"""Small files and bodies that become large: refused by name, before they fill the memory."""

from __future__ import annotations

import gzip
import io
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.core.errors import ProblemError
from apps.pulls.readers import gtfs
from apps.sensing.files.tables import table_open
from apps.sensing.files.workbooks import ZIP_MAGIC
from apps.sensing.ingest.bodies import body_unpack

MEMORY = 512 << 20
MEGABYTE = 1 << 20
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SMALL = 4 * MEGABYTE


@contextmanager
def memory_is_short() -> Iterator[None]:
    """A file that unpacks in memory ends the test, not the machine."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def workbook(path: Path, *parts: bytes, times: int) -> Path:
    """A workbook whose sheet holds the last part so many times."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(HEAD + b"".join(parts[:-1]))
            for _time in range(times):
                sheet.write(parts[-1])
    assert path.stat().st_size < SMALL
    assert path.read_bytes().startswith(ZIP_MAGIC)
    return path


def refusal(path: Path) -> tuple[str, int]:
    """The field and the status with which a file is refused, at the latest when its first rows are read."""
    with memory_is_short(), pytest.raises(ProblemError) as refused:
        table_open(path).preview()
    return refused.value.field, refused.value.status


def test_a_workbook_with_one_endless_cell_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", b'<row><c t="inlineStr"><is><t>', b"x" * MEGABYTE, times=40)
    assert refusal(path) == ("file", 413)


def test_a_workbook_with_one_endless_row_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", b"<row>", b"<c/>" * (MEGABYTE // 4), times=12)
    assert refusal(path) == ("file", 413)


def test_parquet_files_of_a_few_bytes_and_a_billion_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    part = pa.table({name: pa.nulls(20_000_000, pa.int8()) for name in ("time", "value")})
    with pq.ParquetWriter(path, part.schema) as writer:
        for _time in range(6):
            writer.write_table(part)
    assert path.stat().st_size < SMALL
    assert refusal(path) == ("file", 413)


def test_a_parquet_file_that_names_one_long_text_often_is_refused(tmp_path: Path) -> None:
    path, rows = tmp_path / "texts.parquet", 100_000
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * MEGABYTE]))
    pq.write_table(
        pa.table({"time": list(range(rows)), "text": text}), path, compression="zstd", store_schema=False
    )
    assert path.stat().st_size < SMALL
    assert refusal(path) == ("file", 413)


def test_a_parquet_file_with_lists_in_its_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"time": [1], "values": [[0] * 5_000_000]}), path)
    assert refusal(path) == ("file", 400)


def test_a_body_of_gzip_is_unpacked_up_to_its_limit_only() -> None:
    packed = gzip.compress(bytes(64 * MEGABYTE))
    packed = gzip.compress(packed * 8, 1) if len(packed) > SMALL else packed
    with memory_is_short(), pytest.raises(ProblemError) as refused:
        body_unpack(packed, encoding="gzip", limit=MEGABYTE)
    assert (refused.value.field, refused.value.status) == ("body", 413)


def test_a_timetable_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtfs, "PART_MOST", 8 * MEGABYTE)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("routes", "trips", "stop_times"):
            archive.writestr(f"{name}.txt", "a,b\n")
        with archive.open("stops.txt", "w") as part:
            for _time in range(9):
                part.write(b"\n" * MEGABYTE)
    assert len(content.getvalue()) < SMALL
    with pytest.raises(ProblemError) as refused:
        gtfs.timetable_read(content.getvalue())
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\xe3\x80\x80", b"x" * 140_000 + b",y"]
)
def test_a_file_without_names_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "month.csv"
    path.write_bytes(content)
    assert refusal(path) == ("file", 400)
