"""What the agent makes of lines, and which configuration it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.sensing.edge.config import SourceConfig, config_read
from apps.sensing.edge.lines import LineReader, Streams
from tests.sensing.edge import START_MS, config_text, line


def reader(**config: Any) -> LineReader:
    return LineReader(SourceConfig(kind="stdin", **config), Streams(3))


def test_good_lines_stand_beside_broken_ones() -> None:
    batch, broken = reader().read([line("a", 0, 5), b"{", b"", line("b", 1, 6.5), b"\xff\xfe", b"   "])
    assert batch.results.tolist() == [5.0, 6.5]
    assert batch.times.tolist() == [START_MS * 1000, START_MS * 1000 + 1_000_000]
    assert [item.line for item in broken] == ["{", "\ufffd\ufffd"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"datastream":"a","phenomenonTime":1790000000000,"result":"x"}',
        b'{"datastream":"a","phenomenonTime":1790000000000,"result":NaN}',
        b'{"datastream":"a","phenomenonTime":1790000000000,"result":1e999}',
        b'{"datastream":"a","phenomenonTime":-1,"result":1}',
        b'{"datastream":"a","phenomenonTime":9e99,"result":1}',
        b'{"datastream":"a","phenomenonTime":"2026-11-02T12:00:00","result":1}',
        b'{"datastream":"a","phenomenonTime":"yesterday","result":1}',
        b'{"datastream":"","phenomenonTime":1790000000000,"result":1}',
        b'{"datastream":7,"phenomenonTime":1790000000000,"result":1}',
        b'{"phenomenonTime":1790000000000,"result":1}',
        b"[" * 5000,
        b"null",
    ],
)
def test_a_line_that_is_no_reading_is_set_aside_with_its_reason(content: bytes) -> None:
    batch, broken = reader().read([content, line("a", 0)])
    assert len(batch) == 1
    assert broken[0].reason


def test_csv_and_other_field_names_are_read() -> None:
    csv = reader(format="csv", columns=("phenomenonTime", "datastream", "result"))
    batch, broken = csv.read([b"2026-11-02T20:00:00+08:00,a,5", b'1790000000000,"b",6', b"1,2", b'"'])
    assert (batch.results.tolist(), len(broken)) == ([5.0, 6.0], 2)
    renamed = reader(names={"datastream": "id", "phenomenonTime": "ts", "result": "v"})
    assert renamed.read([b'{"id":"a","ts":1790000000000,"v":1}'])[0].results.tolist() == [1.0]


def test_invented_streams_do_not_fill_the_memory() -> None:
    batch, broken = reader().read([line(f"s{number}", 0) for number in range(10)])
    assert (len(batch), len(broken)) == (3, 7)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60)))
def test_no_bytes_break_the_reader(lines: list[bytes]) -> None:
    for each in (reader(), reader(format="csv")):
        batch, broken = each.read(lines)
        assert len(batch) + len(broken) <= len(lines)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"source": 'kind = "tcp"'}, "address"),
        ({"source": 'kind = "telepathy"'}, "telepathy"),
        ({"store": 'path = "x"\nsize = 3'}, "size"),
        ({"more": '[[rule]]\nmatch = "*"\nevery = 0.0'}, "every"),
        ({"gateway": 'url = "http://x"\nkey_variable = "NOBODY_SET_THIS"'}, "NOBODY_SET_THIS"),
        ({"more": "nonsense"}, "nonsense|Invalid|key"),
    ],
)
def test_a_configuration_that_does_not_fit_is_named(
    tmp_path: Path, parts: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_KEY", "x")
    path = tmp_path / "edge.toml"
    path.write_text(config_text(tmp_path, **parts))
    with pytest.raises(ValueError, match=reason):
        config_read(path)
