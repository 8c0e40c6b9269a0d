"""Free text without the people in it: what its row knows, what callers say, and what must stay readable."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from apps.catalogue.models import Correction, Dataset
from apps.core.grades import Mask
from apps.domains.city.models import ServiceRequest
from apps.domains.city.network.calls import calls
from apps.privacy.data import Decision, Outcome
from apps.privacy.finder import Own
from apps.privacy.masks.texts import text_masked
from apps.privacy.services import masked
from apps.subjects.services.erasing import row_anonymise
from benchmarks.finder.callers import SEED, sentences
from benchmarks.privacy_texts import PRECISION, RECALL, demonstration, score
from tests.people import person

MASKED = Decision(Outcome.MASKED, mask=Mask.TEXT)
WANG = Own(
    names=("王小明",),
    numbers=("13912345678", "359901198503121234"),
    addresses=("海澄市东港区湖滨南路88号阳光小区3号楼502室",),
)


@pytest.mark.parametrize("seed", [SEED, SEED + 7])
def test_the_mask_keeps_its_floors_on_400_sentences(seed: int) -> None:
    found = score(sentences(seed))
    assert found.recall >= RECALL
    assert found.precision >= PRECISION


def test_the_sentences_of_a_seed_are_400_half_of_them_about_nobody_and_always_the_same() -> None:
    corpus = [*sentences()]
    assert corpus == [*sentences()]
    assert (len(corpus), sum(not one.spans for one in corpus)) == (400, 200)


def test_no_text_of_the_demonstration_tells_of_its_caller() -> None:
    assert demonstration() == (len(calls()), 0)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "王小明",
            "王 小 明",
            "小明",
            "王先生",
            "小王",
            "老王",
            "王某",
            "王某某",
            "王总",
            "王工",
            "王**",
            "王师傅",
        ),
        *(
            "13912345678",
            "139 1234 5678",
            "139-1234-5678",
            "1391 234 5678",
            "１３９１２３４５６７８",
            "8613912345678",
        ),
        *("一三九一二三四五六七八", "幺三九 幺二三四 五六七八", "139一二三四5678", "1 3 9 1 2 3 4 5 6 7 8"),
        *("359901198503121234", "359901 19850312 1234", "三五九九零一一九八五零三一二一二三四"),
        *("湖滨南路", "湖滨南路88号", "湖滨南路八十八号", "阳光小区", "阳光小区3号楼502室", "502室"),
        *("1985年3月12日", "1985-03-12", "85年3月12日", "一九八五年三月十二日"),
    ],
)
def test_nothing_that_the_row_knows_stays_in_any_form(said: str) -> None:
    shown = re.sub(r"\[[^]]*\]", "", text_masked(f"来电，{said}，请回复。", WANG))
    assert not {*said} & {*shown} - {*"，。 先生师傅总工某*"}


@pytest.mark.parametrize("end", ["尾号5678", "手机后四位是5678", "身份证后四位1234", "身份证后六位121234"])
def test_the_end_of_an_own_number_goes_too(end: str) -> None:
    assert not any(sign.isdigit() for sign in text_masked(f"{end}，请回电", WANG))


@pytest.mark.parametrize(
    "text",
    [
        "湖滨北路路灯不亮，88路公交车不准点",
        "早上8:30-17:30施工，噪声75.5分贝",
        "订单号20261128001还没有到，12345热线占线",
        "2026-11-28停水，水费12800元",
        "小区共有502户，物业费3.5元",
        "社区主任和居委会没有答复，请提高老师待遇",
    ],
)
def test_what_is_about_nobody_stays_as_it_is(text: str) -> None:
    assert text_masked(text, WANG) == text


def test_a_name_that_is_known_only_to_another_row_is_no_reason_to_take_a_road_out() -> None:
    assert "湖滨南路" in text_masked("湖滨南路积水", Own(addresses=("海澄市仙岳路7号",)))


@given(
    name=st.text("王李欧阳小明国", max_size=4), number=st.text("0123456789+- x", max_size=20), text=st.text()
)
def test_whatever_a_row_holds_the_mask_answers(name: str, number: str, text: str) -> None:
    assert isinstance(text_masked(text, Own((name,), (number,), (text[:30],), ("1985-03-12",))), str)


def request_of(text: str) -> ServiceRequest:
    """A request of somebody called 王小明."""
    moment = datetime(2026, 3, 2, 4, tzinfo=UTC)
    return ServiceRequest.objects.create(
        number="T-9",
        text=text,
        address="海澄市湖滨南路88号",
        division="359901",
        received_at=moment,
        deadline=moment,
        reporter_name="王小明",
        reporter_phone="10012345678",
        reporter_id_number="359900198503121239",
        geometry=Point(118.0512, 24.4567, srid=4326),
    )


TEXT = "湖滨南路路灯不亮，王先生（尾号5678，1985年3月12日生）要求回访。"
SHOWN = "[地址]路灯不亮，[姓名]先生（尾号***，[出生日期]生）要求回访。"


@pytest.mark.django_db
def test_every_exit_masks_a_text_with_what_its_row_knows() -> None:
    row = request_of(TEXT)
    user = person("viewer", roles=["city-viewer"])
    api, browser = APIClient(), Client()
    api.force_authenticate(user)
    browser.force_login(user)
    assert api.get(f"/api/v1/city/requests/{row.pk}/").json()["text"] == SHOWN
    for address in (
        "/portal/city/servicerequest/",
        f"/portal/city/servicerequest/{row.pk}/change/",
        f"/ogc/collections/city.requests/items/{row.pk}",
        f"/api/v1/maps/features/city.requests/{row.pk}/",
    ):
        shown = browser.get(address).content.decode()
        assert "湖滨南路" not in shown, address
        assert "王先生" not in shown, address


@pytest.mark.django_db
def test_a_remark_on_a_record_is_masked_with_what_the_record_knows() -> None:
    row = request_of("灯不亮")
    dataset = Dataset(code="d", object_type="city.ServiceRequest")
    remark = Correction(dataset=dataset, object_id=str(row.pk), remark="王先生不住湖滨南路88号")
    assert masked(remark.remark, MASKED, row=remark) == "[姓名]先生不住[地址]"


@pytest.mark.django_db
def test_an_erased_text_keeps_nothing_that_the_row_knew_before() -> None:
    row = request_of(TEXT)
    row_anonymise(row)
    row.refresh_from_db()
    assert row.text == SHOWN
    assert row.reporter_name == ""
