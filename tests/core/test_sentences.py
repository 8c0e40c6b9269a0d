"""What a worker wrote is read in the language of the reader."""

from __future__ import annotations

import json

import orjson
import pytest
from django.db import connection
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from apps.core.errors import ProblemError
from apps.core.jobs import job_create, job_fail
from apps.core.models import Job, JobKind
from apps.core.sentences import Sentence, packed, sentence, sentence_joined, sentence_of, unpacked

WORDS = "The worker was lost %(count)d times in the middle of this work; it is not tried again."
MISSING = "The field is missing."


def job_with(**values: str) -> Job:
    job = job_create(JobKind.BACKUP, title="t", domain="city", owner=None)
    Job.objects.filter(pk=job.pk).update(**values)
    return Job.objects.get(pk=job.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(("wrote", "reads"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_a_reason_is_read_in_the_language_of_the_reader_not_of_the_writer(wrote: str, reads: str) -> None:
    with override(wrote):
        job = job_create(JobKind.BACKUP, title=gettext_lazy("Restore drill"), domain="", owner=None)
        job_fail(job.pk, message=sentence(WORDS) % {"count": 5})
    with override(reads):
        read = Job.objects.get(pk=job.pk)
        expected = (str(sentence("Restore drill")), str(sentence(WORDS) % {"count": 5}))
        assert (read.title, read.message) == expected
        assert read.title.isascii() == (reads == "en")


@pytest.mark.django_db
def test_a_row_of_before_stays_as_it_is() -> None:
    with connection.cursor() as cursor:
        job = job_with(message="x")
        cursor.execute("UPDATE core_job SET message = '磁盘已满 (100 %%)' WHERE id = %s", [job.pk])
    assert Job.objects.get(pk=job.pk).message == "磁盘已满 (100 %)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ['{"msgid": "%(a)999999999s", "params": {"a": 1}}', '{"msgid": 5}', "{", '{"msgid": ', "50 % off"]
)
def test_what_somebody_calls_his_file_is_never_read_as_ours(name: str) -> None:
    assert job_with(title=name).title == name


def test_a_parameter_that_is_a_sentence_is_said_in_the_same_language() -> None:
    inner = sentence("The columns differ in length: %(name)s has %(have)d cells, result has %(want)d.")
    outer = sentence("Version %(version)d is not promoted.") % {"version": 3}
    with override("zh-hans"):
        both = unpacked(packed(sentence_joined(inner % {"name": "时间", "have": 2, "want": 3}, outer)))
    with override("en"):
        assert str(both) == (
            "The columns differ in length: 时间 has 2 cells, result has 3. Version 3 is not promoted."
        )


def test_a_lazy_text_with_a_context_keeps_it() -> None:
    found = unpacked(packed(pgettext_lazy("unit", "veh")))
    with override("zh-hans"):
        assert str(found) == "辆"


def test_a_sentence_says_itself_anew_when_it_is_put_into_a_text() -> None:
    with override("zh-hans"):
        found = sentence(MISSING)
    assert f"{found}|{found!s}" == f"{MISSING}|{MISSING}"


def test_the_reason_of_an_error_keeps_its_message_id() -> None:
    found = sentence_of(ProblemError(sentence(MISSING), "result"))
    assert isinstance(found, Sentence)
    assert json.loads(packed(found)) == {"msgid": MISSING}
    assert sentence_of(ValueError("disk full")) == "disk full"


def test_a_parameter_keeps_no_sign_that_is_no_text() -> None:
    found = sentence("No unit is known as %(unit)s; give its UCUM code, such as Cel, km/h or ug/m3.")
    kept = packed(found % {"unit": "\x00\ud800" + "x" * 5000})
    assert "\x00" not in kept
    assert len(kept.encode()) < 2000


def test_an_answer_holds_the_sentence_and_not_its_stored_form() -> None:
    assert orjson.loads(orjson.dumps({"detail": sentence(MISSING)})) == {"detail": MISSING}
