"""Encrypted fields: only the row that a value belongs to opens it."""

from __future__ import annotations

import subprocess

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F, Value
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.clusters.addresses import application_address
from apps.archive.clusters.programs import program
from apps.core.encryption import Sealed, UnreadableError, index_matches
from apps.core.encryption.envelope import METHODS, Place, decrypt, encrypt
from apps.core.encryption.index import indexed_fields, normalised
from apps.core.keys import custody
from apps.domains.hospital.models import Patient
from tests.encryption.builders import BORN, NAME, NUMBER, PHONE, patient

MOVED = "phone = (SELECT phone FROM hospital_patient WHERE pseudonym = 'P2')"


def stored(pk: int, column: str = "phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM hospital_patient WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_row_gives_back_what_was_saved() -> None:
    patient().save()
    Patient.objects.bulk_create([patient("P2"), patient("P3", phone="", birth_date=None)])
    rows = list(Patient.objects.order_by("pseudonym"))
    assert [(row.name, row.id_number) for row in rows] == [(NAME, NUMBER)] * 3
    assert [(row.phone, row.birth_date) for row in rows] == [(PHONE, BORN), (PHONE, BORN), ("", None)]


@pytest.mark.django_db
def test_equal_values_are_stored_differently_each_time() -> None:
    rows = Patient.objects.bulk_create([patient("P1"), patient("P2")])
    before = stored(rows[0].pk)
    assert before != stored(rows[1].pk)
    rows[0].phone = PHONE
    rows[0].save()
    assert stored(rows[0].pk) != before


@pytest.mark.django_db
def test_a_value_that_was_not_changed_is_not_written_anew() -> None:
    patient().save()
    row = Patient.objects.get()
    before = stored(row.pk)
    row.sex = "female"
    row.save()
    assert stored(row.pk) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["phone = (SELECT phone FROM hospital_patient WHERE pseudonym = 'P2')", "phone = id_number"]
)
def test_a_value_that_was_moved_to_another_row_or_column_does_not_open(change: str) -> None:
    Patient.objects.bulk_create([patient("P1"), patient("P2")])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE hospital_patient SET {change} WHERE pseudonym = 'P1'")
    with pytest.raises(UnreadableError, match=r"hospital_patient.phone, row \d+ does not open") as refused:
        _ = Patient.objects.get(pseudonym="P1").phone
    assert PHONE not in str(refused.value)


@pytest.mark.django_db
def test_a_query_without_its_row_gives_nothing_readable() -> None:
    patient().save()
    for value in Patient.objects.values_list("name", "birth_date").get():
        assert isinstance(value, Sealed)
        assert (str(value), repr(value), f"{value}") == ("•••",) * 3


@pytest.mark.django_db
def test_what_the_database_would_have_to_read_is_refused_in_words() -> None:
    patient().save()
    rows = Patient.objects.all()
    row = rows.get(birth_date__isnull=False)
    row.phone = "1"
    for attempt in (
        lambda: rows.update(name="x"),
        lambda: rows.update(name=Value("x")),
        lambda: rows.update(name=F("pseudonym")),
        lambda: rows.bulk_update([row], ["phone"]),
        lambda: rows.filter(name="x"),
        lambda: rows.filter(birth_date__year=1990),
        lambda: rows.filter(name__icontains="x"),
    ):
        with pytest.raises(FieldError, match="is encrypted"):
            attempt()


@pytest.mark.django_db
def test_an_exact_number_is_found_however_it_is_written() -> None:
    Patient.objects.bulk_create([patient("P1"), patient("P2", phone="", id_number="")])
    for text in (PHONE, "199 1234-5678", "１９９１２３４５６７８"):
        assert Patient.objects.get(index_matches(Patient, "phone", text)).pseudonym == "P1"
    assert Patient.objects.get(index_matches(Patient, "id_number", NUMBER.lower())).pseudonym == "P1"
    for text in ("19912345679", "", " "):
        assert not Patient.objects.filter(index_matches(Patient, "phone", text))


@pytest.mark.django_db
def test_a_changed_number_is_found_under_the_new_one_only() -> None:
    patient().save()
    row = Patient.objects.get()
    row.phone = "19900000000"
    row.save()
    assert Patient.objects.filter(index_matches(Patient, "phone", "19900000000")).exists()
    assert not Patient.objects.filter(index_matches(Patient, "phone", PHONE)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_dump_holds_no_plain_text() -> None:
    patient().save()
    address = application_address()
    dump = subprocess.run(
        [program("pg_dump"), *address.options(), "--inserts", "--enable-row-security", address.name],
        env=address.environment(),
        capture_output=True,
        check=True,
    ).stdout
    assert b"INSERT INTO public.hospital_patient" in dump
    for secret in (NAME, NUMBER, PHONE, BORN.isoformat()):
        assert secret.encode() not in dump
        assert secret.encode().hex().encode() not in dump


@given(st.binary(max_size=200), st.sampled_from(sorted(METHODS)), st.integers(0, 10_000))
def test_no_changed_byte_passes(plain: bytes, method: str, where: int) -> None:
    place = Place("t", "c", "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("apps.core.encryption.envelope.settings", type("S", (), {"FIELD_CIPHER": method}))
        whole = encrypt(plain, place)
    assert decrypt(whole, place) == plain
    changed = bytearray(whole)
    changed[where % len(whole)] ^= 1
    with pytest.raises(Exception, match=r"does not open|no encrypted value|is not in"):
        decrypt(bytes(changed), place)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stored_as", ["13800000000", "+86 138 0000 0000", "0086-13800000000", "86-138-0000-0000"]
)
@pytest.mark.parametrize(
    "asked", ["13800000000", "+86 138 0000 0000", "0086 13800000000", "8613800000000", "（+86）138—0000 0000"]
)
def test_a_telephone_number_is_the_same_with_and_without_the_country_code(stored_as: str, asked: str) -> None:
    patient(phone=stored_as).save()
    assert Patient.objects.filter(index_matches(Patient, "phone", asked)).exists()
    assert not Patient.objects.filter(index_matches(Patient, "phone", "13800000001")).exists()


@pytest.mark.django_db
def test_an_index_from_before_the_country_code_was_taken_away_is_still_found() -> None:
    patient().save()
    index = indexed_fields(Patient)["phone"]
    old = index.token_of("+8613800000000", version=custody().active())
    Patient.objects.update(**{index.name: old})
    for asked in ("13800000000", "+86 138 0000 0000"):
        assert Patient.objects.filter(index_matches(Patient, "phone", asked)).exists()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        *(("+86 592 123 4567", "05921234567"), ("0086(0)592-1234567", "05921234567")),
        *(("+86 10 1234 5678", "01012345678"), ("861012345678", "861012345678"), ("86123", "86123")),
        *(("0592-1234567", "05921234567"), ("11010519491231002X", "11010519491231002X")),
    ],
)
def test_other_numbers_keep_what_is_theirs(written: str, found: str) -> None:
    assert normalised(written) == found
