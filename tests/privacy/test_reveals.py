"""Reveals: one field, for a purpose and a ticket, after a confirmation, for five minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.services import access_grant_give
from apps.alerts.receivers import tell_reveal
from apps.alerts.services import reveal_tell
from apps.audit.models import AccessEntry
from apps.core.grades import Grade
from apps.privacy.models import Reveal
from apps.privacy.signals import field_revealed
from tests.people import person
from tests.portal.builders import logged_in
from tests.privacy.school import NAME, pupil

pytestmark = pytest.mark.django_db
URL = "/api/v1/privacy/reveals/"


def reader(clearance: Grade = Grade.L4) -> User:
    """Somebody with the purpose of teaching and an approval for the pupils' names."""
    user = person("tang", roles=["school-operator"], clearance=clearance)
    Role.objects.filter(key="school-operator").update(purposes=["teaching"])
    until = timezone.now() + timedelta(days=1)
    grant = {"object_type": "school.Student", "purpose": "teaching", "basis": "test", "fields": ["name"]}
    access_grant_give(user, by=person("sun", roles=["school-approver"]), until=until, **grant)  # type: ignore[arg-type]
    return user


def wanted(pk: int, **changes: str) -> dict[str, str]:
    wish = {"object_type": "school.Student", "object_id": str(pk), "field": "name"}
    return {**wish, "purpose": "teaching", "ticket": "T-1", **changes}


def opened(client: Client, pk: int, **changes: str) -> object:
    return client.post(URL, wanted(pk, **changes), content_type="application/json")


def later(client: Client) -> None:
    session = client.session
    session["session_confirmed"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()


def test_a_reveal_shows_the_value_records_it_and_ends_after_five_minutes() -> None:
    student, user = pupil(), reader()
    client = logged_in(user)
    code = opened(client, student.pk).json()["code"]  # type: ignore[attr-defined]
    answer = client.get(f"{URL}{code}/")
    assert answer.json()["value"] == NAME
    assert "no-store" in answer.headers["Cache-Control"]
    entry = AccessEntry.objects.get(action="reveal")
    assert (entry.user_id, entry.object_type, entry.rows) == (user.pk, "school.Student", 1)
    Reveal.objects.update(until=timezone.now())
    assert client.get(f"{URL}{code}/").status_code == 403


def test_the_page_has_the_watermark_and_no_copy_in_any_cache() -> None:
    student, client = pupil(), logged_in(reader())
    form = {
        "object": "school.Student",
        "pk": student.pk,
        "field": "name",
        "purpose": "teaching",
        "ticket": "T-1",
    }
    address = client.post("/portal/reveals/new/", form).headers["Location"]
    page = client.get(address)
    text, row = page.content.decode(), Reveal.objects.get()
    assert all(part in text for part in (NAME, 'class="watermark"', "tang"))
    assert text.count(row.code) >= 2
    assert "no-store" in page.headers["Cache-Control"]
    Reveal.objects.update(until=timezone.now())
    over = client.get(address)
    assert over.status_code == 403
    assert NAME not in over.content.decode()


def test_without_a_fresh_confirmation_nothing_is_revealed() -> None:
    student, client = pupil(), logged_in(reader())
    later(client)
    assert opened(client, student.pk).status_code == 403  # type: ignore[attr-defined]
    form = {
        "object": "school.Student",
        "pk": student.pk,
        "field": "name",
        "purpose": "teaching",
        "ticket": "T-1",
    }
    assert client.post("/portal/reveals/new/", {**form, "password": "wrong"}).status_code == 200
    assert not Reveal.objects.exists()
    assert (
        client.post("/portal/reveals/new/", {**form, "password": "Correct-horse-7-battery"}).status_code
        == 302
    )


def test_a_clearance_below_the_grade_reveals_nothing_whatever_was_approved() -> None:
    student, client = pupil(), logged_in(reader(Grade.L3))
    assert opened(client, student.pk).status_code == 403  # type: ignore[attr-defined]
    assert AccessEntry.objects.filter(action="reveal", result="refused").exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"field": "guardian_phone"}, 403),  # not approved
        ({"field": "nothing"}, 400),
        ({"purpose": "treatment"}, 403),
        ({"ticket": "  "}, 400),
        ({"object_id": "99999"}, 404),
        ({"object_id": "1 OR 1=1"}, 404),
        ({"object_type": "accounts.User", "field": "password"}, 403),
        ({"object_type": "school.Nothing"}, 404),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, str], status: int) -> None:
    student, client = pupil(), logged_in(reader())
    assert opened(client, student.pk, **changes).status_code == status  # type: ignore[attr-defined]


def test_somebody_else_has_no_use_of_the_code() -> None:
    student = pupil()
    code = opened(logged_in(reader()), student.pk).json()["code"]  # type: ignore[attr-defined]
    other = person("bo", roles=["school-operator"], clearance=Grade.L4)
    assert logged_in(other).get(f"{URL}{code}/").status_code == 404


def test_the_value_closes_with_the_right() -> None:
    student, user = pupil(), reader()
    client = logged_in(user)
    code = opened(client, student.pk).json()["code"]  # type: ignore[attr-defined]
    user.access_grants.update(ended_at=timezone.now())
    assert client.get(f"{URL}{code}/").status_code == 403


def test_offices_and_contractors_reveal_nothing() -> None:
    student, user = pupil(), reader()
    User.objects.filter(pk=user.pk).update(vendor=True)
    assert opened(logged_in(user), student.pk).status_code == 403  # type: ignore[attr-defined]
    for office in ("system", "security", "auditor"):
        client = logged_in(person(office, office=office))
        assert opened(client, student.pk).status_code == 403  # type: ignore[attr-defined]


def test_the_twenty_first_reveal_of_an_hour_waits() -> None:
    student, user = pupil(), reader()
    soon = timezone.now() + timedelta(minutes=5)
    Reveal.objects.bulk_create(
        Reveal(
            code=f"C{number}",
            domain="school",
            user=user,
            object_type="x",
            object_id="1",
            field="y",
            until=soon,
        )
        for number in range(20)
    )
    assert opened(logged_in(user), student.pk).status_code == 429  # type: ignore[attr-defined]


def test_the_owner_department_is_told_and_takes_note() -> None:
    student, user = pupil(), reader()
    opened(logged_in(user), student.pk)
    row = Reveal.objects.get()
    assert logged_in(user).post(f"/portal/reveals/{row.pk}/noted/").status_code == 403
    approver = logged_in(User.objects.get(username="sun"))
    assert b"T-1" in approver.get("/portal/reveals/").content
    approver.post(f"/portal/reveals/{row.pk}/noted/")
    assert Reveal.objects.get().noted_by.username == "sun"  # type: ignore[union-attr]


def test_a_record_with_masked_fields_offers_the_reveal() -> None:
    student, client = pupil(), logged_in(reader())
    page = client.get(f"/portal/school/student/{student.pk}/change/").content.decode()
    assert f"/portal/reveals/new/?object=school.Student&amp;pk={student.pk}" in page
    assert NAME not in page


@pytest.mark.django_db(transaction=True)
def test_the_approvers_of_the_domain_hear_of_a_reveal_and_nobody_else() -> None:
    student, user = pupil(), reader()
    User.objects.update(email=Concat("username", Value("@city.test")), language="en")
    person("far", roles=["city-approver"])
    opened(logged_in(user), student.pk)
    row = Reveal.objects.get()
    assert reveal_tell(row.pk) == 1
    (sent,) = mail.outbox
    assert sent.to == ["sun@city.test"]
    assert row.code in sent.body
    assert NAME not in sent.subject + sent.body


def test_the_news_of_a_reveal_reaches_the_receiver() -> None:
    assert tell_reveal in [entry[1]() for entry in field_revealed.receivers]


def test_after_a_purpose_is_stated_the_page_says_where_the_fields_stand_in_clear() -> None:
    student, client = pupil(), logged_in(reader())
    address = f"/portal/reveals/new/?object=school.Student&pk={student.pk}"
    headers = {"accept-language": "en"}
    assert 'name="ticket"' in client.get(address, headers=headers).content.decode()
    client.post("/portal/purpose/", {"purpose": "teaching"})
    text = client.get(address, headers=headers).content.decode()
    assert "already stand in clear" in text
    assert f"/portal/school/student/{student.pk}/change/" in text
    assert "Your clearance must reach" not in text
