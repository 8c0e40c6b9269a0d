"""Rotation: everything is encrypted anew, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import LazySettings
from django.db import connection

from apps.core.encryption import index_matches
from apps.core.errors import ProblemError
from apps.core.keys import custody, mac_key
from apps.core.keys.files import key_file_add, key_file_make
from apps.core.models import Job, JobKind, JobState
from apps.domains.hospital.models import Patient
from apps.privacy.models import KeyVersion
from apps.privacy.services import rotating
from apps.privacy.services.keys import key_versions_record, keys_problems
from apps.privacy.services.rotating import keys_rotate, versions_in_use
from tests.encryption.builders import NAME, PHONE, patient

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def own_keys(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """Keys of this test alone; afterwards the database knows those of the run again."""
    of_the_run, settings.KEYS_FILE = settings.KEYS_FILE, str(tmp_path / "keys")
    key_file_make(tmp_path / "keys")
    custody.cache_clear()
    KeyVersion.objects.all().delete()
    key_versions_record()
    yield tmp_path / "keys"
    settings.KEYS_FILE = of_the_run
    custody.cache_clear()
    KeyVersion.objects.all().delete()
    key_versions_record()


def second_version(path: Path) -> None:
    key_file_add(path)
    custody.cache_clear()


@pytest.mark.django_db
def test_everything_is_encrypted_anew_and_still_found(own_keys: Path) -> None:
    Patient.objects.bulk_create([patient(f"P{number}") for number in range(3)])
    pseudonyms = mac_key("pseudonym")
    second_version(own_keys)
    patient("P3", phone="").save()
    assert versions_in_use() == {1: 12, 2: 4}
    assert Patient.objects.filter(index_matches(Patient, "phone", PHONE)).count() == 3
    job = keys_rotate(wait=0)
    assert (job.state, job.done, job.total) == (JobState.SUCCEEDED, 3, 3)
    assert versions_in_use() == {2: 16}
    assert [row.name for row in Patient.objects.all()] == [NAME] * 4
    assert Patient.objects.filter(index_matches(Patient, "phone", PHONE)).count() == 3
    assert mac_key("pseudonym") == pseudonyms
    assert keys_problems() == []


@pytest.mark.django_db
def test_another_cipher_is_taken_over_too(own_keys: Path, settings: LazySettings) -> None:
    patient().save()
    settings.FIELD_CIPHER = "aes-256-gcm"
    assert Patient.objects.get().name == NAME
    assert keys_rotate(wait=0).done == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT get_byte(name, 1) FROM hospital_patient")
        assert cursor.fetchone() == (2,)
    assert Patient.objects.get().name == NAME


@pytest.mark.django_db
def test_a_row_read_before_and_saved_after_is_written_with_the_new_key(own_keys: Path) -> None:
    patient().save()
    held = Patient.objects.get()
    second_version(own_keys)
    keys_rotate(wait=0)
    held.sex = "female"
    held.save()
    assert versions_in_use() == {2: 4}
    assert Patient.objects.get().phone == PHONE


@pytest.mark.django_db
def test_a_cancelled_run_leaves_the_rest_for_the_next(
    own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Patient.objects.bulk_create([patient(f"P{number}") for number in range(3)])
    second_version(own_keys)
    monkeypatch.setattr(rotating, "BATCH", 1)
    stop = keys_rotate(wait=0, say=lambda *_words: Job.objects.update(wish="cancel"))
    assert (stop.state, versions_in_use()) == (JobState.CANCELLED, {1: 8, 2: 4})
    assert keys_rotate(wait=0).state == JobState.SUCCEEDED
    assert versions_in_use() == {2: 12}


@pytest.mark.django_db
def test_two_rotations_at_once_are_refused(own_keys: Path) -> None:
    def elsewhere() -> None:
        try:
            keys_rotate(wait=0)
        finally:
            connection.close()

    def again(*_words: object) -> None:
        with ThreadPoolExecutor(1) as thread, pytest.raises(ProblemError, match="already"):
            thread.submit(elsewhere).result()

    patient().save()
    second_version(own_keys)
    assert keys_rotate(wait=0, say=again).state == JobState.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_killed_rotation_loses_nothing_and_goes_on(own_keys: Path) -> None:
    Patient.objects.bulk_create([patient(f"P{number}") for number in range(600)])
    second_version(own_keys)
    url = urlunsplit(
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    )
    environment = os.environ | {"DATABASE_URL": url, "KEYS_FILE": str(own_keys)}
    command = [sys.executable, "manage.py", "keys_rotate"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        until = time.monotonic() + 60
        while 2 not in versions_in_use() and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert {row.name for row in Patient.objects.all()} == {NAME}
    while stuck := Job.objects.filter(kind=JobKind.KEYS_ROTATE, state=JobState.RUNNING).count():
        try:
            keys_rotate(wait=0)
        except ProblemError:  # PostgreSQL has not noticed yet that the process is gone
            time.sleep(0.1)
    assert not stuck
    assert versions_in_use() == {2: 2400}
    assert {row.phone for row in Patient.objects.all()} == {PHONE}
