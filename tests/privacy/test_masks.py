"""What is left of a masked value."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from apps.core.grades import Mask
from apps.privacy.data import Decision, Outcome
from apps.privacy.finder.digits import identity_check, luhn_holds
from apps.privacy.masks import MASKS
from apps.privacy.masks.ages import age_band
from apps.privacy.masks.points import cell_centre
from apps.privacy.services import masked

GIVEN = "建国明华秀英思雨浩然子轩"


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (Mask.NAME, "王小明", "王**"),
        (Mask.NAME, "欧阳建国", "欧阳**"),
        (Mask.NAME, "欧阳", "欧*"),
        (Mask.NAME, "阿卜杜拉·买买提", "阿***"),
        (Mask.NAME, "John Smith", "J***"),
        (Mask.NAME, "王", "*"),
        (Mask.PHONE, "+86 154-1234-5678", "154****5678"),
        (Mask.PHONE, "0592-6123456", "0592*****56"),
        (Mask.PHONE, "61234567", "******67"),
        (Mask.IDENTITY, "359901 19900307 1234", "359***********1234"),
        (Mask.IDENTITY, "E12345678", "*********"),
        (Mask.ADDRESS, "福建省海澄市东港区湖滨南路88号502室", "福建省海澄市东港区***"),
        (Mask.ADDRESS, "东港区阳光小区3号楼", "东港区***"),
        (Mask.ADDRESS, "阳光小区3号楼", "***"),
        (Mask.EMAIL, "zhang.san@example.org", "z***@example.org"),
        (Mask.EMAIL, "a@example.org", "***@example.org"),
        (Mask.PLATE, "闽D·12345", "闽D***45"),
        (Mask.YEAR, date(1990, 3, 7), "1990"),
        (Mask.BAND, 37, "30-39"),
        (Mask.TEXT, "患者李秀英电话15412345678，表号A883201", "患者[姓名]电话[手机号]，表号***"),
    ],
)
def test_a_mask_keeps_only_what_it_should(mask: Mask, value: object, shown: str) -> None:
    assert masked(value, Decision(Outcome.MASKED, mask=mask)) == shown


def test_every_mask_has_its_function() -> None:
    assert set(MASKS) == set(Mask) - {Mask.NONE}


def test_what_may_only_be_counted_has_no_mask() -> None:
    assert masked("王小明", Decision(Outcome.AGGREGATED, mask=Mask.NAME)) is None


def test_an_age_changes_on_the_birthday() -> None:
    birth = date(1990, 3, 7)
    assert age_band(birth, on=date(2020, 3, 6)) == "20-29"
    assert age_band(birth, on=date(2020, 3, 7)) == "30-39"
    assert age_band(date(1930, 1, 1), on=date(2026, 1, 1)) == "90+"


@given(
    family=st.sampled_from(["王", "李", "欧阳", "司马"]), given_name=st.text(GIVEN, min_size=1, max_size=3)
)
def test_no_character_of_a_given_name_stays(family: str, given_name: str) -> None:
    assert MASKS[Mask.NAME](family + given_name) == family + "*" * len(given_name)


@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_middle_of_a_mobile_number_never_leaves(number: str) -> None:
    assert MASKS[Mask.PHONE](number) == f"{number[:3]}****{number[7:]}"


@given(text=st.text("0123456789-ext ", min_size=1, max_size=14))
def test_at_least_half_of_any_other_telephone_is_hidden(text: str) -> None:
    shown = sum(sign.isdigit() for sign in MASKS[Mask.PHONE](text))
    is_mobile = re.search(r"1[3-9]\d{9}$", re.sub(r"\D", "", text))
    assert shown <= (7 if is_mobile else 6)


@given(birth=st.dates(date(1900, 1, 1), date(2025, 1, 1)), tail=st.from_regex(r"[0-9]{3}", fullmatch=True))
def test_no_date_of_birth_is_read_from_an_identity_number(birth: date, tail: str) -> None:
    number = f"359901{birth:%Y%m%d}{tail}"
    shown = MASKS[Mask.IDENTITY](number + identity_check(number))
    assert shown[3:14] == "*" * 11


@given(place=st.text("福建海澄东港湖滨路街区县小0123456789号室", max_size=20))
def test_a_masked_address_has_no_number_and_ends_with_a_district(place: str) -> None:
    assert re.fullmatch(r"(?:\D*[省市区县])?\*\*\*", MASKS[Mask.ADDRESS](place))


@given(x=st.floats(-180, 180), y=st.floats(-90, 90))
def test_every_place_of_a_grid_cell_gives_the_same_point(x: float, y: float) -> None:
    centre = cell_centre(x, y, size=0.01)
    assert max(abs(centre[0] - x), abs(centre[1] - y)) <= 0.005001
    assert cell_centre(*centre, size=0.01) == centre


@override_settings(PRIVACY_GRID_DEGREES=0.05)
def test_the_grid_is_as_wide_as_the_setting_says() -> None:
    assert MASKS[Mask.POINT](Point(118.0501, 24.4701, srid=4326)).coords == (118.075, 24.475)


@given(number=st.from_regex(r"[0-9]{17}", fullmatch=True), place=st.integers(0, 16), other=st.integers(1, 9))
def test_one_wrong_digit_breaks_an_identity_number(number: str, place: int, other: int) -> None:
    wrong = str((int(number[place]) + other) % 10)
    assert identity_check(number) != identity_check(number[:place] + wrong + number[place + 1 :])


@given(body=st.from_regex(r"[0-9]{15}", fullmatch=True), place=st.integers(0, 14), other=st.integers(1, 9))
def test_luhn_knows_one_digit_and_notices_one_wrong_digit(body: str, place: int, other: int) -> None:
    fitting = [digit for digit in "0123456789" if luhn_holds(body + digit)]
    assert len(fitting) == 1
    wrong = str((int(body[place]) + other) % 10)
    assert not luhn_holds(body[:place] + wrong + body[place + 1 :] + fitting[0])
