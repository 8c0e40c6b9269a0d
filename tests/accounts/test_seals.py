"""Rights changed behind the application are worth nothing, and somebody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.data import NOBODY
from apps.accounts.models import RoleGrant, User
from apps.accounts.selectors import viewer_for
from apps.accounts.services import access_grant_give
from apps.audit.models import AccessEntry
from apps.core.grades import Grade
from tests.people import business_role, person

pytestmark = pytest.mark.django_db
PASSWORD = "Correct-horse-7-battery"
TAMPERING = {
    "clearance": "UPDATE accounts_user SET clearance = 4",
    "contractor": "UPDATE accounts_user SET vendor = NOT vendor",
    "division": "UPDATE accounts_user SET division_id = NULL WHERE division_id IS NOT NULL",
    "role": "UPDATE accounts_role SET capabilities = ARRAY['view', 'approve']",
    "grant": "UPDATE accounts_rolegrant SET valid_until = now() + interval '9 years'",
    "moved grant": "UPDATE accounts_rolegrant SET role_id = (SELECT min(id) FROM accounts_role)",
    "no seal": "UPDATE accounts_user SET seal = ''",
}


def logs_in(user: User) -> bool:
    answer = Client().post("/portal/login/", {"username": user.username, "password": PASSWORD})
    return answer.status_code == 302


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_a_tampered_right_refuses_the_login_and_is_recorded(statement: str) -> None:
    business_role("city", "approver")
    user = person("ana", roles=["city-viewer"], division_code="359901")
    assert logs_in(user)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert viewer_for(User.objects.get(pk=user.pk)) == NOBODY  # open sessions and keys too
    assert not logs_in(user)
    assert AccessEntry.objects.filter(action="rights tampered", user_id=user.pk).exists()


def test_a_grant_from_elsewhere_gives_nothing() -> None:
    user, role = person("ana", roles=["city-viewer"]), business_role("city", "approver")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_rolegrant (user_id, role_id, valid_from, seal)"
            " SELECT %s, %s, now(), seal FROM accounts_rolegrant LIMIT 1",
            [user.pk, role.pk],
        )
    assert viewer_for(user) == NOBODY


def test_changes_through_the_application_keep_the_seal() -> None:
    user = person("ana", roles=["city-viewer"])
    User.objects.filter(pk=user.pk).update(clearance=Grade.L3)
    RoleGrant.objects.filter(user=user).update(valid_until=None)
    assert viewer_for(User.objects.get(pk=user.pk)).clearance is Grade.L3


def test_a_prolonged_access_grant_gives_nothing() -> None:
    user, until = person("ana"), timezone.now() + timedelta(hours=1)
    giver = person("sun")
    access_grant_give(
        user, by=giver, until=until, object_type="city.Site", purpose="support", basis="ticket:1"
    )
    assert len(viewer_for(user).grants) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_accessgrant SET valid_until = now() + interval '9 years'")
    assert not viewer_for(user).grants
