"""Each request to an exit of data leaves exactly one entry, whatever the answer was."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.audit.middleware import is_exit
from apps.audit.models import AccessEntry
from apps.audit.services import Act
from apps.audit.services.recording import entry_of
from apps.audit.services.waiting import Waiting
from apps.core.grades import Grade
from apps.domains.hospital.models import Patient
from tests.exits.planting import plant_all
from tests.exits.test_every_exit import addresses, body
from tests.people import person

pytestmark = pytest.mark.django_db


def entries_of(client: Client, path: str) -> list[AccessEntry]:
    last = AccessEntry.objects.values_list("pk", flat=True).first() or 0
    body(client, path)
    return list(AccessEntry.objects.filter(pk__gt=last))


def logged_in(*roles: str, office: str = "", clearance: Grade = Grade.L4) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person("reader", roles=roles, office=office, clearance=clearance))
    cache.clear()
    return client


def test_every_address_writes_exactly_one_entry() -> None:
    paths = list(addresses())
    client, faults = logged_in("city-viewer", "hospital-viewer"), []
    for path in paths:
        found = entries_of(client, path)
        if len(found) != is_exit(path.partition("?")[0]) or any(entry.user_id is None for entry in found):
            faults.append(f"{path}: {[str(entry) for entry in found]}")
    assert not faults, "\n".join(faults[:40])
    assert len(paths) > 100


def test_a_list_of_people_names_everybody_on_it() -> None:
    patient = plant_all()[Patient]
    [entry] = entries_of(logged_in("hospital-viewer"), "/api/v1/hospital/patients/")
    assert (entry.action, entry.object_type, entry.rows) == ("read", "hospital.Patient", 1)
    assert entry.objects_seen == [f"hospital.Patient:{patient.pk}"]
    assert "name" in entry.fields
    assert (entry.role, entry.address, entry.result) == ("hospital-viewer", "127.0.0.1", "done")
    assert len(entry.request_id) == 32


def test_a_page_of_the_portal_names_the_person_on_it() -> None:
    patient = plant_all()[Patient]
    client = logged_in("hospital-viewer")
    for name, args in (("changelist", []), ("change", [patient.pk])):
        [entry] = entries_of(client, reverse(f"admin:hospital_patient_{name}", args=args))
        assert entry.objects_seen == [f"hospital.Patient:{patient.pk}"]


def test_a_refusal_is_an_entry_too() -> None:
    patient = plant_all()[Patient]
    for client in (logged_in("city-viewer"), Client()):
        [entry] = entries_of(client, f"/api/v1/hospital/patients/{patient.pk}/")
        assert (entry.action, entry.result, entry.object_id) == ("refuse", "refused", str(patient.pk))
        assert (entry.rows, entry.objects_seen) == (0, [])


def test_a_stranger_who_is_led_to_the_login_was_refused() -> None:
    [entry] = entries_of(Client(), reverse("admin:streams"))
    assert (entry.action, entry.result, entry.user_id) == ("refuse", "refused", None)


def test_a_file_is_an_export_and_is_kept_for_three_years() -> None:
    plant_all()
    [entry] = entries_of(logged_in("city-viewer"), "/api/v1/sensing/export/?domain=city")
    assert (entry.action, entry.lasting) == ("export", True)


def test_an_act_that_writes_its_own_entry_is_not_written_twice() -> None:
    client = Client()
    person("someone")
    client.post("/portal/login/", {"username": "someone", "password": "Correct-horse-7-battery"})
    client.post(reverse("admin:logout"))
    assert list(AccessEntry.objects.order_by("pk").values_list("action", flat=True)) == ["login", "logout"]


def test_entries_of_the_short_way_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting()
    monkeypatch.setattr(waiting, "_run", lambda: None)
    for number in range(3):
        waiting.put(entry_of(Act("read", object_type="city.Road", rows=number)))
    assert waiting.flush() == 3
    assert AccessEntry.objects.filter(object_type="city.Road").count() == 3
    assert waiting.flush() == 0
