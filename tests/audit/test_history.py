"""The database itself writes down every change of a tracked row, whoever made it and by whatever way."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import ProgrammingError, connection, transaction
from structlog.contextvars import bind_contextvars, clear_contextvars

from apps.accounts.data import Viewer, acting_as
from apps.accounts.models import ApiKey
from apps.accounts.services.keys import api_key_create
from apps.audit.models import Change
from apps.audit.tracking import tracked_models, triggers_install
from apps.core.domains import all_domains
from apps.domains.hospital.models import Hospital
from apps.sensing.models import Observation
from tests.people import person

pytestmark = pytest.mark.django_db


def hospital(name: str) -> Hospital:
    return Hospital(name=name, code=name, division="350200", geometry=Point(118.0, 24.4, srid=4326))


def changes(object_type: str = "hospital.Hospital") -> list[tuple[str, Any]]:
    found = Change.objects.filter(object_type=object_type).order_by("pk")
    return [(one.operation, one.changed.get("name")) for one in found]


def test_update_and_bulk_create_and_raw_sql_each_leave_their_history() -> None:
    Hospital.objects.bulk_create([hospital("One"), hospital("Two")])
    Hospital.objects.filter(name="One").update(name="First")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hospital_hospital SET name = 'Zweites' WHERE name = %s", ["Two"])
        cursor.execute("DELETE FROM hospital_hospital WHERE name = 'First'")
    assert changes() == [
        ("insert", [None, "One"]),
        ("insert", [None, "Two"]),
        ("update", ["One", "First"]),
        ("update", ["Two", "Zweites"]),
        ("delete", ["First", None]),
    ]


def test_a_change_names_who_and_for_which_request() -> None:
    bind_contextvars(request_id="a-request-of-mine")
    with acting_as(Viewer(user_id=77)):
        made = hospital("One")
        made.save()
    clear_contextvars()
    with acting_as(Viewer(system="apps.some.task")):
        Hospital.objects.filter(pk=made.pk).update(name="Uno")
    first, second = Change.objects.filter(object_type="hospital.Hospital").order_by("pk")
    assert (first.user_id, first.actor, first.request_id) == (77, "", "a-request-of-mine")
    assert (second.user_id, second.actor, second.object_id) == (None, "apps.some.task", str(made.pk))
    assert set(second.changed) == {"name"}


def test_an_update_that_changes_nothing_leaves_nothing() -> None:
    made = hospital("One")
    made.save()
    made.save()
    assert len(changes()) == 1


def test_of_a_credential_only_the_fact_is_kept() -> None:
    key, _text = api_key_create(person("device"), name="pole", domain="city", scopes=("ingest",))
    made = Change.objects.get(object_type="accounts.ApiKey")
    assert made.changed["digest"] == []
    assert key.digest not in str(made.changed)
    ApiKey.objects.update(last_used_at="2026-11-01T00:00:00Z")
    assert Change.objects.filter(object_type="accounts.ApiKey").count() == 1


def test_every_table_of_every_domain_is_tracked_and_no_reading_is() -> None:
    labels = {model._meta.app_label for model in tracked_models()}
    assert {domain.slug for domain in all_domains()} | {"accounts", "privacy"} <= labels
    assert Observation not in tracked_models()
    assert triggers_install() == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_history_takes_new_rows_only(change: str) -> None:
    hospital("One").save()
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        Change.objects.update(user_id=1) if change == "update" else Change.objects.all().delete()
