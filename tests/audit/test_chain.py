"""The access log cannot be changed unnoticed, and not at all through the application."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from apps.audit.models import AccessEntry
from apps.audit.services import Act, access_record, chain_first_break, sm3

pytestmark = pytest.mark.django_db


def test_sm3_gives_the_published_digest_of_abc() -> None:
    """GB/T 32905-2016, annex A, example 1."""
    assert sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_entry_can_be_neither_changed_nor_deleted(change: str) -> None:
    access_record(Act("login", user_id=1))
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        AccessEntry.objects.update(user_id=2) if change == "update" else AccessEntry.objects.all().delete()


def test_a_whole_chain_has_no_break() -> None:
    for number in range(3):
        access_record(Act("read", object_id=str(number)))
    assert chain_first_break() is None


def test_a_tampered_row_is_named() -> None:
    entries = [access_record(Act("read", object_id=str(number))) for number in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_accessentry DISABLE TRIGGER audit_append_only")
        cursor.execute("UPDATE audit_accessentry SET object_id = 'x' WHERE id = %s", [entries[1].pk])
    assert chain_first_break() == entries[1].pk
