"""Row security: what PostgreSQL gives to somebody, whatever the query forgot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from apps.accounts.data import NOBODY, AccessGrant, Capability, Office, Viewer, acting_as
from apps.accounts.models import User
from apps.domains.city.models import ReplyKind, RequestReply
from apps.domains.hospital.models import Encounter, Hospital, Patient, StaffMember, Ward
from apps.domains.school.models import Answer, Exercise, School, SchoolClass, Student, Teacher
from apps.privacy.floor.tables import personal_models
from apps.privacy.services import visible_rows
from tests.city.builders import service_request

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-02T08:00:00Z")
PLACES = ("359901", "359902", "360001", "")


def viewer(*domains: str, **values: Any) -> Viewer:
    return Viewer(rights=frozenset((slug, Capability.VIEW) for slug in domains), **values)


def raw(model: type[Model]) -> set[int]:
    """What a query gets that asks nobody."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {model._meta.db_table}")
        return {row[0] for row in cursor.fetchall()}


def place_rows(number: int, division: str) -> None:
    """A row of every personal model in one division."""
    values = {"name": "x", "division": division, "geometry": Point(118, 24, srid=4326)}
    hospital = Hospital.objects.create(code=f"H{number}", **values)
    ward = Ward.objects.create(code=f"W{number}", name="w", specialty="s", hospital=hospital)
    StaffMember.objects.create(ward=ward, number=f"N{number}", name="n", phone="1", skill="s")
    patient = Patient.objects.create(hospital=hospital, pseudonym=f"P{number}", name="n")
    Encounter.objects.create(patient=patient, ward=ward, kind="emergency", arrived_at=NOW)
    school = School.objects.create(code=f"S{number}", **values)
    Teacher.objects.create(school=school, number=f"T{number}", name="t")
    group = SchoolClass.objects.create(code=f"C{number}", name="c", school=school, size=1)
    student = Student.objects.create(school_class=group, pseudonym=f"S{number}", name="s")
    exercise = Exercise.objects.get_or_create(code="E", defaults={"name": "e", "skill": "s"})[0]
    Answer.objects.create(student=student, exercise=exercise, answered_at=NOW, correct=True)
    request = service_request(f"R{number}")
    type(request).objects.filter(pk=request.pk).update(division=division)
    writer = User.objects.get_or_create(username="clerk")[0]
    RequestReply.objects.create(request=request, kind=ReplyKind.NOTE, text="t", written_by=writer)


@pytest.fixture
def rows() -> None:
    for number, division in enumerate(PLACES):
        place_rows(number, division)


def test_every_model_that_calls_itself_personal_has_forced_row_security() -> None:
    labels = {model._meta.label for model in personal_models()}
    hospital = {"hospital.Patient", "hospital.Encounter", "hospital.StaffMember"}
    assert labels >= hospital | {"school.Student", "school.Answer", "school.Teacher", "city.ServiceRequest"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        guarded = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert not cursor.fetchone()[0]
    assert {model._meta.db_table for model in personal_models()} <= guarded


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", personal_models(), ids=lambda model: model._meta.label)
def test_a_query_that_names_nobody_gets_nothing(model: type[Model]) -> None:
    assert len(raw(model)) == len(PLACES)
    with acting_as(NOBODY):
        assert raw(model) == set()
        assert model._default_manager.count() == 0


@pytest.mark.usefixtures("rows")
def test_nobody_can_write_either() -> None:
    hospital = Hospital.objects.first()
    with acting_as(NOBODY):
        assert Patient.objects.update(sex="x") == 0
        assert Patient.objects.all().delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Patient.objects.create(hospital=hospital, pseudonym="new", name="n")


@pytest.mark.usefixtures("rows")
def test_a_row_cannot_be_moved_out_of_the_viewers_place() -> None:
    elsewhere = Hospital.objects.get(code="H2")
    with acting_as(viewer("hospital", division="359901")):
        row = Patient.objects.get(pseudonym="P0")
        row.hospital = elsewhere
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            row.save()


def test_a_raw_connection_that_says_nothing_gets_nothing(transactional_db: None) -> None:
    place_rows(0, "359901")
    with psycopg.connect(settings_url(), autocommit=True) as other:
        assert other.execute("SELECT count(*) FROM hospital_patient").fetchone() == (0,)
    assert Patient.objects.count() == 1


def settings_url() -> str:
    database = settings.DATABASES["default"]
    user = f"{database['USER']}:{database['PASSWORD']}"
    return f"postgresql://{user}@{database['HOST']}:{database['PORT']}/{connection.settings_dict['NAME']}"


def test_outside_a_transaction_the_name_lasts_for_one_statement(transactional_db: None) -> None:
    place_rows(0, "359901")
    assert Patient.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.viewer', true)")
        assert cursor.fetchone()[0] in {None, ""}


def test_in_one_transaction_each_statement_has_its_own_name(rows: None) -> None:
    with transaction.atomic():
        assert len(raw(Patient)) == len(PLACES)
        with acting_as(viewer("hospital", division="359901")):
            assert len(raw(Patient)) == 2
            with acting_as(NOBODY):
                assert raw(Patient) == set()
            assert len(list(Patient.objects.iterator())) == 2


def test_a_server_side_cursor_outside_a_transaction_has_the_name_too(transactional_db: None) -> None:
    place_rows(0, "359901")
    assert len(list(Patient.objects.iterator(chunk_size=1))) == 1
    with acting_as(NOBODY):
        assert list(Patient.objects.iterator(chunk_size=1)) == []


def test_percent_signs_and_many_rows_pass(rows: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hospital_patient WHERE pseudonym LIKE 'P%'")
        assert cursor.fetchone()[0] == len(PLACES)
        cursor.execute("SELECT count(*) FROM hospital_patient WHERE pseudonym LIKE 'P%%' AND sex = %s", [""])
        assert cursor.fetchone()[0] == len(PLACES)
        cursor.executemany(
            "UPDATE hospital_patient SET sex = %s WHERE pseudonym = %s", [("f", "P0"), ("m", "P1")]
        )
    assert sorted(Patient.objects.exclude(sex="").values_list("sex", flat=True)) == ["f", "m"]


GRANTS = st.builds(
    lambda label, place, objects: AccessGrant(1, label, "care", place=place, objects=frozenset(objects)),
    st.sampled_from([model._meta.label for model in personal_models()]),
    st.sampled_from(["", "359901", "360000"]),
    st.sets(st.integers(1, 3000).map(str), max_size=2),
)
VIEWERS = st.builds(
    lambda domains, division, office, grants: viewer(
        *domains, division=division, office=office, grants=frozenset(grants)
    ),
    st.sets(st.sampled_from(["city", "hospital", "school", "plant"])),
    st.sampled_from(["", "350000", "359900", "359901", "359902", "360000"]),
    st.sampled_from([None, None, None, *Office]),
    st.lists(GRANTS, max_size=2),
)


@pytest.fixture
def everywhere(rows: None) -> Iterator[dict[type[Model], set[int]]]:
    return {model: raw(model) for model in personal_models()}


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=VIEWERS)
def test_the_floor_gives_a_viewer_the_rows_that_the_kernel_gives_him(everywhere: Any, who: Viewer) -> None:
    for model, every in everywhere.items():
        by_kernel = set(visible_rows(who, model._default_manager.all()).values_list("pk", flat=True))
        with acting_as(who):
            by_floor = raw(model)
        assert by_kernel <= by_floor <= every
        if not who.grants:
            assert by_kernel == by_floor
