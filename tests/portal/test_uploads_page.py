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
from apps.sensing.selectors.faults import reason_told
from apps.sensing.services.uploads import upload_import
from tests.people import person
from tests.portal.builders import logged_in
from tests.sensing.builders import school_streams

pytestmark = pytest.mark.django_db
UPLOADS, ROWS = "/api/v1/sensing/uploads/", "/api/v1/sensing/quarantine/"
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


MOMENTS = (
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    *("0001-01-01T00:00:00Z", "9999-12-31 23:59:59", "0001-01-01"),
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_page_of_quarantine_opens_whatever_moment_a_row_names(client: Client, moment: str) -> None:
    row = {"datastream": KEY, "phenomenonTime": moment, "result": 1.5}
    values = {"domain": "school", "line": 0, "row": row, "field": "phenomenonTime", "reason": ""}
    listed = reverse("admin:sensing_quarantinedrow_changelist")
    rows = [
        QuarantinedRow.objects.create(**values, code=code, door=door)
        for code, door in (("future", "http"), ("too_old", "upload"), ("format", "http"))
    ]
    for kept in rows:
        page, history = (
            client.get(reverse(f"admin:sensing_quarantinedrow_{name}", args=[kept.pk]))
            for name in ("change", "history")
        )
        assert (page.status_code, history.status_code) == (200, 200)
        assert client.get(f"{ROWS}{kept.pk}/").json()["row"]["phenomenonTime"] == moment
    for query in ("", "?door=http", "?door=upload"):
        assert client.get(f"{listed}{query}").status_code == 200
        assert client.get(f"{ROWS}{query}").status_code == 200
    assert moment.rstrip("Z")[:10] in client.get(listed).content.decode()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_file_with_a_moment_of_the_ends_of_time_is_shown_whole(client: Client, moment: str) -> None:
    upload = imported(client, f"time,datastream,value\n{moment},{KEY},1\n")
    assert (upload.stored, upload.quarantined) == (0, 1)
    assert client.get(reverse("admin:upload", args=[upload.pk])).status_code == 200
    assert client.get(reverse("admin:upload_rows", args=[upload.pk])).status_code == 200
    answer: Any = client.get(f"{UPLOADS}{upload.pk}/quarantine.csv/")
    assert moment[:4] in b"".join(answer.streaming_content).decode()
    assert client.get(f"{UPLOADS}{upload.pk}/preview/").json()["rows"][0]["time"] == moment


def test_only_whoever_sees_a_file_or_brought_it_may_import_it(client: Client) -> None:
    upload = sent(client, CHINESE)
    other = logged_in(person("other", roles=["school-analyst"]))
    answer = gone(other, upload, time="no such column")
    assert answer.status_code == 403
    assert "时间" not in answer.content.decode()
    body = {"time": "no such column", "datastream": "设备编号", "result": "读数"}
    address = f"{UPLOADS}{upload.pk}/confirm/"
    told = other.post(address, body, content_type="application/json", headers={"Accept-Language": "en"})
    assert told.status_code == 403
    assert "Only whoever brought this file" in told.content.decode()
    assert upload_get(upload.pk).job is None
    reader = logged_in(person("reader", roles=["school-analyst"], clearance=Grade.L3))
    assert gone(reader, upload).status_code == 302


def test_whoever_brought_a_file_may_import_it_though_its_rows_are_closed(client: Client) -> None:
    own = logged_in(person("own", roles=["school-analyst"]))
    assert gone(own, sent(own, CHINESE)).status_code == 302


def test_the_names_of_columns_are_told_to_whom_the_file_is_or_who_brought_it(client: Client) -> None:
    own = logged_in(person("own", roles=["school-operator"]))
    stranger = logged_in(person("viewer", roles=["school-viewer"]))
    upload = imported(own, CHINESE)
    pages = [reverse("admin:upload", args=[upload.pk]), reverse("admin:upload_rows", args=[upload.pk])]
    rests = [f"{UPLOADS}{upload.pk}/", f"{UPLOADS}{upload.pk}/preview/"]
    rows = reverse("admin:sensing_quarantinedrow_changelist")
    for address in (*pages, *rests, UPLOADS, rows):
        assert "设备编号" not in stranger.get(address).content.decode(), address
        for reader in (own, client):
            assert "设备编号" in reader.get(address).content.decode(), address
    told, kept = (one.get(rests[0]).json() for one in (own, stranger))
    assert (told["mapping"]["result"], kept.get("mapping")) == ("读数", None)
    assert ("mapping" in told["masked"], kept["masked"]["mapping"]) == (False, "clearance")


def test_who_may_not_see_a_row_gets_its_reason_without_values_everywhere(client: Client) -> None:
    imported(client, f"time,datastream,value\n2026-11-02T12:00:00Z,{KEY},38.28\n")
    upload = imported(client, f"time,datastream,value\n2026-11-02T12:00:00Z,{KEY},51\n")
    row = QuarantinedRow.objects.get(upload=upload)
    other = logged_in(person("other", roles=["school-operator"]))
    names = ("admin:upload", "admin:upload_rows")
    places = [
        *(reverse(name, args=[upload.pk]) for name in names),
        reverse("admin:sensing_quarantinedrow_changelist"),
        *(reverse(f"admin:sensing_quarantinedrow_{name}", args=[row.pk]) for name in ("change", "history")),
        *(f"{UPLOADS}{upload.pk}/quarantine.csv/", ROWS, f"{ROWS}{row.pk}/"),
    ]
    User.objects.update(language="en")
    for place in places:
        answer: Any = other.get(place)
        assert answer.status_code == 200, place
        assert "38.28" not in answer.getvalue().decode(), place
        if not place.endswith("history/"):
            assert "38.28" in client.get(place).getvalue().decode(), place
    assert "Another value is stored for this moment" in other.get(f"{ROWS}{row.pk}/").json()["reason"]
    settled = other.post(f"{ROWS}{row.pk}/dismiss/")
    assert (settled.status_code, "38.28" in settled.content.decode()) == (200, False)


@pytest.mark.parametrize("code", ["unreadable", "other_device", "precision", "nothing anybody knows"])
def test_a_reason_of_any_code_is_told_without_its_words_to_who_may_not_see_the_row(code: str) -> None:
    row = QuarantinedRow(row={"a": "secret"}, code=code, field="a", reason="“secret” cannot be read")
    assert "secret" not in reason_told(row, clear=False)
    assert reason_told(row, clear=False)
    assert "secret" in reason_told(row, clear=True)
