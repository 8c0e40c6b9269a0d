"""A missing or wrong root key stops the start and says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from apps.core.keys import custody
from apps.core.keys.files import key_file_make
from apps.privacy.models import KeyVersion
from apps.privacy.services.keys import keys_problems, keys_require

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """KEYS_FILE names another file for the time of a test."""
    settings.KEYS_FILE = str(tmp_path / "keys")
    custody.cache_clear()
    yield tmp_path / "keys"
    custody.cache_clear()


def test_the_database_knows_the_keys_that_it_is_written_with() -> None:
    assert list(KeyVersion.objects.values_list("number", flat=True)) == [1]
    assert keys_problems() == []


def test_a_missing_file_is_named(elsewhere: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"{elsewhere}, cannot be read.*KEYS_FILE"):
        keys_require()


def test_a_wrong_key_is_named_by_version_and_file(elsewhere: Path) -> None:
    key_file_make(elsewhere)
    with pytest.raises(ImproperlyConfigured, match=rf"Version 1 .*{elsewhere} is not the key"):
        keys_require()
    with pytest.raises(CommandError, match=r"privacy.E001"):
        call_command("check", databases=["default"], stderr=StringIO())


def test_a_migration_refuses_another_key(elsewhere: Path) -> None:
    key_file_make(elsewhere)
    with pytest.raises((ImproperlyConfigured, CommandError), match=r"is not the key"):
        call_command("migrate", verbosity=0)


def test_an_unknown_cipher_is_refused(settings: LazySettings) -> None:
    settings.FIELD_CIPHER = "rot13"
    assert re.search("sm4-gcm, aes-256-gcm", keys_problems()[0])


def test_a_new_version_is_active_and_written_down(elsewhere: Path) -> None:
    KeyVersion.objects.all().delete()
    for version in (1, 2):
        said = StringIO()
        call_command("keys_new", stdout=said)
        assert f"Version {version} " in said.getvalue()
    assert custody().active() == 2
    assert KeyVersion.objects.count() == 2
    assert not re.search("[0-9a-f]{64}", said.getvalue())
