"""The page of an upload speaks the language, the columns and the cells of whoever brought the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.grades import Grade
from apps.core.jobs import job_wish
from apps.sensing.models import Datastream, QuarantinedRow, Upload
from apps.sensing.selectors import upload_get
from apps.sensing.services.uploads import upload_import
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
KEY, OTHER = "school.T000.co2", "school.T001.co2"
CHINESE = (
    "时间,设备编号,读数,备注\n"
    f"2026-11-02 20:00:00,{KEY},500,\n"
    "2026-11-02 20:01:00,school.T999.co2,510,二楼\n"
    f"2026-11-02 20:02:00,{KEY},很高,\n"
    f"昨天晚上,{KEY},520,\n"
    f"2026-11-02 20:04:00,{KEY},99999,\n"
    f"2026-11-02 20:05:00,,530,\n"
)
WIDE = "时刻,东教室,西教室\n2026-11-02 20:00:00,500,坏\n2026-11-02 20:01:00,510,-7\n"


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """Somebody who may upload to the school domain and read what they bring."""
    settings.MEDIA_ROOT = tmp_path
    school_streams(2)
    return logged_in(person("teacher", roles=["school-operator"], clearance=Grade.L3))


def sent(client: Client, text: str) -> Upload:
    file = SimpleUploadedFile("读数.csv", text.encode())
    client.post(reverse("admin:upload_send"), {"domain": "school", "file": file})
    return Upload.objects.latest("pk")


def gone(client: Client, upload: Upload, **changes: str) -> Any:
    """The answer to the form with the guessed columns and ``changes``."""
    names = ("time", "datastream", "result", "unit", "time_zone", "time_unit")
    form = {name: upload.mapping.get(name, "") for name in names} | changes
    return client.post(reverse("admin:upload_go", args=[upload.pk]), form)


def imported(client: Client, text: str, **changes: str) -> Upload:
    upload = sent(client, text)
    assert gone(client, upload, **changes).status_code == 302
    upload_import(upload_get(upload.pk))
    return upload_get(upload.pk)


def text_of(client: Client, upload: Upload, language: str, name: str = "admin:upload") -> str:
    User.objects.update(language=language)
    return client.get(reverse(name, args=[upload.pk])).content.decode()


@pytest.mark.parametrize("languages", [("zh-hans", "en"), ("en", "zh-hans")])
def test_the_result_speaks_the_files_columns_and_the_readers_language(
    client: Client, languages: tuple[str, str]
) -> None:
    upload = imported(client, CHINESE)
    assert (upload.stored, upload.quarantined) == (2, 4)
    for language in languages:
        text = text_of(client, upload, language)
        assert "phenomenonTime" not in text
        assert "&#x27;" not in text.partition('id="main"')[2]
        assert "datastream&" not in text
        for word in ("设备编号", "读数", "school.T999.co2", "很高", "昨天晚上", "2026-11-02 20:02"):
            assert word in text, word
    assert "There is no datastream “school.T999.co2” here." in text_of(client, upload, "en")
    assert "“很高” is no number." in text_of(client, upload, "en")
    assert "“昨天晚上” cannot be read as a time." in text_of(client, upload, "en")
    assert "The row names no datastream." in text_of(client, upload, "en")


def test_a_value_outside_of_its_range_is_named_with_its_line_and_the_range(client: Client) -> None:
    stream = Datastream.objects.get(key=KEY)
    upload = imported(client, CHINESE)
    assert upload.implausible == 1
    assert upload.implausible_rows[0] | {"line": 6, "result": 99999.0} == upload.implausible_rows[0]
    text = text_of(client, upload, "en")
    assert "Implausible values" in text
    assert "99,999 ppm" in text
    assert f"{stream.low:g}" in text
    assert f"{stream.high:,.0f} ppm" in text


def test_an_import_that_runs_twice_counts_its_implausible_values_once(client: Client) -> None:
    upload = imported(client, CHINESE)
    upload.job.__class__.objects.update(state="running")
    upload_import(upload_get(upload.pk))
    again = upload_get(upload.pk)
    assert (again.implausible, len(again.implausible_rows)) == (1, 1)


def test_a_wide_file_names_its_own_columns(client: Client) -> None:
    upload = imported(client, WIDE, **{"wide:东教室": KEY, "wide:西教室": OTHER})
    assert (upload.stored, upload.quarantined, upload.implausible) == (3, 1, 1)
    text = text_of(client, upload, "en")
    assert "西教室" in text
    assert "“坏” is no number." in text
    assert "−7 ppm" in text or "-7 ppm" in text


def test_the_download_is_the_files_own_table(client: Client) -> None:
    upload = imported(client, CHINESE)
    User.objects.update(language="en")
    answer = client.get(reverse("admin:upload_rows", args=[upload.pk]))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Column,Reason,时间,设备编号,读数"
    assert lines[1].startswith("3,设备编号,")
    assert lines[1].endswith(",2026-11-02 20:01,school.T999.co2,510")


def test_who_may_not_read_the_file_gets_the_reason_without_its_cells(client: Client) -> None:
    upload = imported(client, CHINESE)
    other = logged_in(person("other", roles=["school-operator"]))
    text = text_of(other, upload, "en")
    for word in ("T999", "很高", "昨天晚上", "99,999"):
        assert word not in text
        answer = other.get(reverse("admin:upload_rows", args=[upload.pk]))
        assert word not in answer.content.decode()
    assert "The datastream is not known here." in text
    assert "not shown to you" in text


def test_a_datastream_that_is_not_known_is_named_before_the_import(client: Client) -> None:
    text = text_of(client, sent(client, CHINESE), "en")
    assert "not known here; its rows would go to quarantine" in text
    assert "school.T999.co2" in text


@pytest.mark.parametrize(
    ("changes", "title"),
    [({"time": ""}, "Time"), ({"datastream": "nothing"}, "Datastream"), ({"result": ""}, "Value")],
)
def test_a_missing_column_is_named_in_words_and_what_was_chosen_stays(
    client: Client, changes: dict[str, str], title: str
) -> None:
    upload = sent(client, CHINESE)
    User.objects.update(language="en")
    answer = gone(client, upload, **{"time_zone": "UTC", "time_unit": "ms"} | changes)
    text = answer.content.decode()
    (name,) = changes
    assert f'<a href="#{name}">{title}</a>' in text
    assert '<option value="UTC" selected>' in text
    assert '<option value="ms" selected>' in text
    assert Upload.objects.get().job is None


def test_a_stopped_import_can_be_started_again_from_its_page(client: Client) -> None:
    upload = sent(client, CHINESE)
    gone(client, upload)
    job_wish(upload_get(upload.pk).job.pk, wish="cancel")
    upload_import(upload_get(upload.pk))
    assert 'href="?again"' in text_of(client, upload, "en")
    address = reverse("admin:upload", args=[upload.pk])
    assert 'name="time_zone"' in client.get(f"{address}?again").content.decode()
    assert gone(client, upload).status_code == 302
    upload_import(upload_get(upload.pk))
    assert upload_get(upload.pk).stored == 2


def test_the_list_of_quarantine_speaks_words_too(client: Client) -> None:
    imported(client, CHINESE)
    User.objects.update(language="en")
    text = client.get(reverse("admin:sensing_quarantinedrow_changelist")).content.decode()
    row = QuarantinedRow.objects.filter(code="unknown").earliest("line")
    assert "phenomenonTime" not in text
    assert "{&#x27;" not in text
    assert "There is no datastream “school.T999.co2” here." in text
    address = reverse("admin:sensing_quarantinedrow_change", args=[row.pk])
    shown = client.get(address).content.decode()
    assert "phenomenonTime" not in shown
    assert "{&#x27;" not in shown


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31 23:59:59", "0001-01-01"]
)
def test_the_list_of_quarantine_opens_whatever_moment_a_row_names(client: Client, moment: str) -> None:
    row = {"datastream": KEY, "phenomenonTime": moment, "result": 1.5}
    values = {"domain": "school", "door": "http", "line": 0, "row": row, "field": "phenomenonTime"}
    for code in ("future", "too_old", "format"):
        kept = QuarantinedRow.objects.create(**values, code=code, reason="")
        assert client.get(reverse("admin:sensing_quarantinedrow_change", args=[kept.pk])).status_code == 200
    answer = client.get(reverse("admin:sensing_quarantinedrow_changelist"))
    assert (answer.status_code, moment in answer.content.decode()) == (200, True)
