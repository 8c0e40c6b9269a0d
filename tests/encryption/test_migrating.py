"""Rows that stood in plain text are encrypted by the migration."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from apps.core.encryption import index_matches
from apps.domains.hospital.models import Patient
from tests.encryption.builders import BORN, NAME, NUMBER, PHONE

pytestmark = pytest.mark.django_db
FIRST, SECOND = ("hospital", "0001_initial"), ("hospital", "0002_encrypted")


def applied(loader: MigrationLoader, name: tuple[str, str], state: ProjectState) -> ProjectState:
    with connection.schema_editor() as editor:
        return loader.get_migration(*name).apply(state, editor)


def test_the_rows_of_an_older_version_are_encrypted_where_they_stand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA older; SET LOCAL search_path TO older, public")
    loader = MigrationLoader(connection)
    state = applied(loader, FIRST, loader.project_state(FIRST, at_end=False))
    models = state.apps
    place = {"code": "H1", "name": "h", "geometry": Point(118, 24, srid=4326)}
    hospital = models.get_model("hospital", "Hospital").objects.create(**place)
    plain = {"name": NAME, "id_number": NUMBER, "birth_date": BORN, "hospital": hospital}
    older = models.get_model("hospital", "Patient")
    older.objects.create(pseudonym="P1", phone=PHONE, **plain)
    older.objects.create(pseudonym="P2", phone="", **plain)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    applied(loader, SECOND, state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, '') FROM older.hospital_patient p")
        text = cursor.fetchone()[0]
    assert not [secret for secret in (NAME, NUMBER, PHONE, BORN.isoformat()) if secret in text]
    rows = {row.pseudonym: row for row in Patient.objects.all()}
    assert (rows["P1"].name, rows["P1"].phone, rows["P1"].birth_date) == (NAME, PHONE, BORN)
    assert rows["P2"].phone == ""
    assert Patient.objects.get(index_matches(Patient, "phone", PHONE)).pseudonym == "P1"
