"""Every page in both languages, one after the other: nothing freezes in the language of who looked first."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.apps import apps

from tests.portal.wording import Reader, texts
from tests.stack import LiveStack

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][a-z'’]+(?:[ ,:;]+[A-Za-z][a-z'’]*){2,}")
READERS = ("chen.analyst", "luo.health", "secadmin")
# What a row of the city is called, or what somebody wrote: it stays in the language that it has.
DATA = {
    "accounts_user": ("display_name",),
    "accounts_department": ("name_zh", "name_en"),
    "accounts_division": ("name_zh", "name_en"),
    "accounts_role": ("name_zh", "name_en"),
    "catalogue_dataset": (
        *("name_zh", "class_category", "class_item", "class_name"),
        *("abstract", "legal_basis", "condition"),
    ),
    "catalogue_accessrequest": ("purpose_text", "legal_basis"),
    "city_airstation": ("name", "name_en"),
    "city_district": ("name", "name_en"),
    "city_inspectionsite": ("name",),
    "city_roadsegment": ("name", "name_en"),
    "sensing_thing": ("name",),
    "sensing_location": ("name",),
    "sensing_featureofinterest": ("name",),
    "sensing_observedproperty": ("title_zh", "title_en"),
    "sensing_sensor": ("name",),
    "sensing_upload": ("name", "jsonb_path_query(mapping, '$.*') #>> '{}'"),
    "sensing_quarantinedrow": ("jsonb_path_query(\"row\", '$.keyvalue().key', '{}', true) #>> '{}'",),
    "hospital_hospital": ("name", "level"),
    "hospital_theatre": ("name",),
    "hospital_staffmember": ("skill",),
    "hospital_ward": ("name", "specialty"),
    "hospital_bed": ("name",),
    "privacy_policyversion": ("reason",),
    "alerts_alertrule": ("name", "name_en", "message", "message_en"),
}
# Rows of people: their cells are masked words of callers and names, in the language in which they were said.
PERSONAL = re.compile(r"/portal/(?:city/servicerequest|hospital/(?:patient|staffmember|encounter))/")
# Names of other people's things that have no Chinese: standards, products, units.
NAMES = re.compile(r"SensorThings|Standard Webhooks|OGC API(?: - \w+)?|[A-Z][\w.]*(?: [A-Z][\w.]*)+")
CODES = re.compile(
    r"admin:\w+|\b[A-Z]\w*(?:Field|Key)\b|\b(?:ug/m3|Cel|dB\[SPL\])|\{vehicle\}"
    r"|\w+\.layer\.\w+|\w+\.stream\.\w+"
)


def data_names(stack: LiveStack) -> list[str]:
    """Everything that rows are called, the longest first."""
    found = {
        str(value)
        for table, columns in DATA.items()
        for row in stack.sql(f"SELECT DISTINCT {', '.join(columns)} FROM {table}")
        for value in row
        if value
    }
    return sorted(found, key=len, reverse=True)


def without(text: str, names: Iterable[str]) -> str:
    """The text without the names of rows."""
    for name in names:
        if name in text:
            text = text.replace(name, " ")
    return text


def faults(stack: LiveStack, username: str, language: str, names: list[str]) -> list[str]:
    """What stands on the pages of this reader in the other language, and what only programs call so."""
    reader = Reader(stack.web_url, language)
    reader.enter(username, stack.logins[username])
    foreign, found, pages = (HAN if language == "en" else ENGLISH), set[str](), 0
    labels = re.compile("|".join(rf"\b{re.escape(model._meta.label)}\b" for model in apps.get_models()))
    for path, page in reader.pages():
        pages += 1
        for text in texts(page):
            plain = without(text, names)
            plain = plain if language == "en" else NAMES.sub(" ", plain)
            is_foreign = foreign.search(plain) and not PERSONAL.match(path)
            if is_foreign or CODES.search(text) or labels.search(text):
                found.add(f"{language} {path}: {text[:160]}")
    assert pages > 20, "the walk has found hardly a page"
    return sorted(found)


@pytest.mark.parametrize("order", [("zh-hans", "en"), ("en", "zh-hans")])
def test_each_page_speaks_one_language_whoever_looked_first(
    live_stack: LiveStack, order: tuple[str, str]
) -> None:
    live_stack.kill("web")  # a process that nobody has asked anything
    live_stack.start("web")
    names = data_names(live_stack)
    found = [
        fault
        for language in order
        for username in READERS
        for fault in faults(live_stack, username, language, names)
    ]
    assert not found, "\n".join(found)
