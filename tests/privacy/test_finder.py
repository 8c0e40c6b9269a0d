"""Personal data in free text is found, and what only looks like it is not."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.privacy.finder import Kind, find, redacted
from apps.privacy.finder.digits import identity_check
from benchmarks.privacy_finder import PRECISION, RECALL, ours, sentences, tally
from benchmarks.privacy_finder import plain as plain_expressions


def kinds(text: str) -> list[Kind]:
    return [finding.kind for finding in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("身份证359901199003071235不对", None, ""),
        ("电话１５４１２３４５６７８。", Kind.MOBILE, "１５４１２３４５６７８"),
        ("打 154 1234 5678 找我", Kind.MOBILE, "154 1234 5678"),
        ("家里座机0592-6123456", Kind.LANDLINE, "0592-6123456"),
        ("护照号E12345678", Kind.PASSPORT, "E12345678"),
        ("产品代码E12345678", None, ""),
        ("持H12345678回乡证", Kind.PERMIT, "H12345678"),
        ("车牌闽D·A1234停在路口", Kind.PLATE, "闽D·A1234"),
        ("新能源车闽DD12345", Kind.PLATE, "闽DD12345"),
        ("写信到zhang.san@example.org", Kind.EMAIL, "zhang.san@example.org"),
        ("微信号：haicheng_01", Kind.WECHAT, "haicheng_01"),
        ("微信公众号：haicheng_gov", None, ""),
        ("联系人欧阳建国", Kind.NAME, "欧阳建国"),
        ("请拨打12345或110", None, ""),
        ("电表读数13812345678", None, ""),
        ("高新区的王家村路灯不亮", None, ""),
    ],
)
def test_one_piece_is_found_where_it_stands(text: str, kind: Kind | None, piece: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == ([(kind, piece)] if kind else [])


def test_an_identity_number_needs_a_province_a_date_and_its_check_digit() -> None:
    number = "35990119900307123"
    right = number + identity_check(number)
    assert kinds(f"身份证{right}") == [Kind.IDENTITY]
    assert kinds(f"身份证{right[:6]} {right[6:14]} {right[14:]}") == [Kind.IDENTITY]
    wrong_day = "35990119901307123"
    assert kinds(f"身份证{wrong_day}{identity_check(wrong_day)}") == []


def test_the_words_around_stay() -> None:
    assert redacted("患者李秀英今天到院，电话15412345678") == "患者[姓名]今天到院，电话[手机号]"


@given(st.text(alphabet=st.characters(max_codepoint=0x9FFF, exclude_categories=["Cs"]), max_size=60))
def test_findings_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = find(text)
    places = [place for finding in found for place in (finding.start, finding.end)]
    assert places == sorted(places)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in found)


def test_the_finder_is_silent_and_leaves_no_file_behind() -> None:
    with tempfile.TemporaryDirectory() as empty:
        code = "from apps.privacy.finder import find; print(len(find('联系人王小明')))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"TMPDIR": empty, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert (done.stdout, done.stderr, list(Path(empty).iterdir())) == ("1\n", "", [])


def test_the_goals_hold_on_sentences_that_the_finder_was_not_made_on() -> None:
    found, plain = tally("held-out", ours), tally("held-out", plain_expressions)
    assert found.precision(Kind) >= PRECISION > plain.precision(Kind)
    assert found.recall(Kind) >= RECALL > plain.recall(Kind)


def test_half_of_the_sentences_hold_no_personal_data_and_both_halves_are_large() -> None:
    halves = [list(sentences(half)) for half in ("develop", "held-out")]
    assert min(len(half) for half in halves) >= 200
    assert sum(not spans for half in halves for _text, spans in half) >= 200
