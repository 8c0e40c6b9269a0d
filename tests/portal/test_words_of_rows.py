"""What a row holds as code or JSON stands on its page in words, in the language of the reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from apps.accounts.models import Division, User
from apps.core.grades import Grade
from apps.privacy.services.documents import SHOWN, document_shown
from apps.sensing.models import Sensor, Thing
from tests.people import person
from tests.portal import builders
from tests.portal.builders import logged_in
from tests.privacy.school import pupil

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>")


def operator(language: str) -> User:
    user = person("reader", roles=["city-operator"], clearance=Grade.L3)
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
    return user


def words(value: Any) -> list[str]:
    """The texts of a document, piece by piece."""
    return [text for text in TAGS.split(document_shown(value)) if text]


def test_an_object_is_said_member_by_member_and_units_as_people_write_them() -> None:
    sheet = {"unit": "ug/m3", "low": 0, "high": 1000.5, "interval": 300, "maker": "Acme", "spare": None}
    assert words(sheet) == [
        *("Unit", "μg/m³", "Lowest plausible value", "0", "Highest plausible value", "1,000.5"),
        *("A reading every", "5 minutes", "maker", "Acme", "spare", "–"),
    ]
    with translation.override("zh-hans"):
        assert words({"unit": "{vehicle}/h", "low": 0}) == ["单位", "辆/h", "最低合理值", "0"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], ["–"]),
        ({}, ["–"]),
        (True, ["yes"]),
        (["a", 2, None], ["a, 2, –"]),
        ([{"a": 1}, [2, 3]], ["a", "1", "2, 3"]),
        ("2026-11-28T04:00:00Z", ["28 Nov 2026 12:00"]),
        ("2026-13-45T04:00:00Z", ["2026-13-45T04:00:00Z"]),
        ({"unit": 7, "interval": "soon"}, ["Unit", "7", "A reading every", "soon"]),
        (list(range(SHOWN + 2)), [", ".join(map(str, range(SHOWN))) + ", and 2 more"]),
    ],
)
def test_every_kind_of_value_has_words(value: Any, said: list[str]) -> None:
    assert words(value) == said


def test_markup_in_a_document_is_text() -> None:
    assert "<script" not in document_shown({"<script>alert(1)</script>": ["<b>", {"x": "<i>"}]})


@pytest.mark.parametrize(
    ("language", "name", "title", "unit"),
    [("zh-hans", "鼓浦区", "行政区划", "单位"), ("en", "Gupu", "Division", "Unit")],
)
def test_pages_name_the_division_and_read_the_data_sheet(
    language: str, name: str, title: str, unit: str
) -> None:
    Division.objects.create(code="359902", name_zh="鼓浦区", name_en="Gupu", valid_from="2020-01-01")
    thing = builders.stream().thing
    Thing.objects.filter(pk=thing.pk).update(division="359902")
    sensor = Sensor.objects.create(domain="city", name="s", metadata={"unit": "km/h"})
    client = logged_in(operator(language))
    page = client.get("/portal/sensing/thing/").content.decode()
    assert name in page
    assert title in page
    assert "359902" not in page
    sheet = client.get(f"/portal/sensing/sensor/{sensor.pk}/change/").content.decode()
    assert f"<dt>{unit}</dt><dd>km/h</dd>" in sheet


def test_the_fields_of_a_plan_lead_to_the_page_that_shows_it() -> None:
    plan = builders.plan()
    client = logged_in(operator("en"))
    answer = client.get(f"/portal/scheduling/plan/{plan.pk}/change/")
    assert (answer.status_code, answer["Location"]) == (302, f"/portal/plans/{plan.pk}/")
    assert client.get("/portal/scheduling/plan/999999/change/")["Location"] == "/portal/"


@pytest.mark.parametrize(
    ("clearance", "role"),
    [(Grade.L3, "school-viewer"), (Grade.L2, "school-operator"), (Grade.L4, "school-viewer")],
)
def test_a_row_without_a_name_shows_the_number_that_forms_ask_for(clearance: Grade, role: str) -> None:
    student = pupil()
    client = logged_in(person("li", roles=[role], clearance=clearance))
    for address in ("/portal/school/student/", f"/portal/school/student/{student.pk}/change/"):
        page = client.get(address).content.decode()
        assert "Record number" in page
        assert re.search(rf">\s*{student.pk}\s*<", page)
    assert "Record number" not in client.get("/portal/school/school/").content.decode()
