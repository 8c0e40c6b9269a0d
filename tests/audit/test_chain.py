"""The access log cannot be changed unnoticed, and not at all through the application."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from apps.audit.data import Fault, FaultKind
from apps.audit.models import AccessEntry, AccessLink
from apps.audit.services import Act, access_record, chain_faults, chain_first_break, entries_seal, sm3
from apps.audit.services.recording import entry_of

pytestmark = pytest.mark.django_db


def written(count: int) -> list[AccessEntry]:
    entries = [access_record(Act("read", object_id=str(number))) for number in range(count)]
    assert entries_seal() == count
    return entries


def as_superuser(statement: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, [value])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_sm3_gives_the_published_digest_of_abc() -> None:
    """GB/T 32905-2016, annex A, example 1."""
    assert sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_entry_can_be_neither_changed_nor_deleted(change: str) -> None:
    access_record(Act("login", user_id=1))
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        AccessEntry.objects.update(user_id=2) if change == "update" else AccessEntry.objects.all().delete()


def test_a_whole_chain_has_no_break() -> None:
    written(3)
    assert chain_first_break() is None
    assert AccessLink.objects.count() == 3


def test_entries_that_wait_for_the_seal_are_no_break() -> None:
    written(2)
    access_record(Act("read"))
    assert chain_first_break() is None
    assert entries_seal() == 1
    assert entries_seal() == 0


def test_a_tampered_row_is_named() -> None:
    entries = written(3)
    as_superuser("UPDATE audit_accessentry SET object_id = 'x' WHERE id = %s", entries[1].pk)
    assert chain_faults().faults == [Fault(FaultKind.CHANGED, entries[1].pk, 2)]


def test_a_removed_row_is_named() -> None:
    entries = written(3)
    as_superuser("DELETE FROM audit_accessentry WHERE id = %s", entries[1].pk)
    assert chain_faults().faults == [Fault(FaultKind.REMOVED, entries[1].pk, 2)]


def test_a_row_that_was_put_in_later_with_an_old_date_is_named() -> None:
    access_record(Act("login"))
    old = entry_of(Act("read", user_id=7))
    old.at -= timedelta(days=3)
    entries_seal()
    old.save(force_insert=True)
    assert chain_faults().faults == [Fault(FaultKind.INSERTED, old.pk)]
    assert entries_seal(far=True) == 0


def test_a_link_that_was_made_afresh_does_not_fit_the_next() -> None:
    entries = written(3)
    as_superuser("UPDATE audit_accesslink SET digest = digest || digest WHERE position = %s", 2)
    assert chain_faults().faults[0] == Fault(FaultKind.LINK, entries[1].pk, 2)


def test_an_act_names_every_object_that_it_touched() -> None:
    entry = access_record(Act("reveal", object_type="hospital.Patient", objects=("7", "8"), fields=("name",)))
    kept = AccessEntry.objects.get(objects_seen__contains=["hospital.Patient:8"])
    assert (kept.pk, kept.fields, kept.lasting) == (entry.pk, ["name"], True)
