"""Three administrators, each apart: by the service, by the form, and by the database itself."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.data import NOBODY
from apps.accounts.models import Role, RoleGrant, User
from apps.accounts.selectors import viewer_for
from apps.accounts.services import role_grant
from apps.core.errors import ProblemError
from tests.exits.planting import public_of
from tests.exits.test_every_exit import MARK, addresses, body
from tests.people import OFFICES, business_role, office_role, person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db
ROLES = (*OFFICES, "city-viewer", "city-approver", "school-operator")


def role(name: str) -> Role:
    return office_role(name) if name in OFFICES else business_role(*name.split("-"))


def raw_grant(user: User, given_role: Role) -> None:
    """A grant past the application: as somebody with the database's password would write it."""
    with transaction.atomic(), connection.cursor() as cursor:
        statement = (
            "INSERT INTO accounts_rolegrant (user_id, role_id, valid_from, seal) VALUES (%s, %s, now(), '')"
        )
        cursor.execute(statement, [user.pk, given_role.pk])


PAIRS = [pair for pair in permutations(ROLES, 2) if set(pair) & set(OFFICES)]


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_no_path_joins_an_office_with_another_role(pair: tuple[str, str]) -> None:
    first, second = pair
    user, security = person("ana"), person("sec", office="security")
    role_grant(user, role=role(first), by=None)
    with pytest.raises(ProblemError):
        role_grant(user, role=role(second), by=None)
    form = {"user": user.pk, "role": role(second).pk}
    assert logged_in(security).post(reverse("admin:accounts_rolegrant_add"), form).status_code == 200
    with pytest.raises(IntegrityError):
        raw_grant(user, role(second))
    assert user.grants.count() == 1


class AnyOrderOfGrants(TestCase):
    """Whatever is granted in whatever order, an office stays alone and nobody grants to himself."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(ROLES), st.booleans()), max_size=6))
    def test_an_office_stays_alone(self, wishes: list[tuple[str, bool]]) -> None:
        user = User.objects.create(username="ana")
        for name, to_himself in wishes:
            try:
                role_grant(user, role=role(name), by=user if to_himself else None)
            except ProblemError:
                continue
        held = [grant.role for grant in RoleGrant.objects.filter(user=user)]
        assert len(held) == 1 or not any(item.office for item in held)
        assert not RoleGrant.objects.filter(user=user, granted_by=user).exists()


def test_the_database_takes_no_grant_to_oneself() -> None:
    user = person("ana", roles=["city-viewer"])
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(user=user).update(granted_by=user)


def test_a_raw_grant_without_a_seal_makes_nobody_of_its_holder() -> None:
    user = person("ana", roles=["city-viewer"])
    raw_grant(user, business_role("city", "approver"))
    assert viewer_for(user) == NOBODY


def test_the_system_administrator_finds_no_data_at_any_data_address() -> None:
    paths = [path for path in addresses() if not path.startswith(("/portal/", "/api/v1/archive/"))]
    client = logged_in(person("sys", office="system"))
    client.raise_request_exception = False
    assert not [path for path in paths if MARK in body(client, path)[1] and not public_of(path)]


def test_the_auditor_writes_nowhere() -> None:
    client = logged_in(person("aud", office="auditor"))
    client.raise_request_exception = False
    allowed = {"/api/v1/accounts/confirm/"}
    answers = {
        (method, path): getattr(client, method)(path, {}, content_type="application/json").status_code
        for path in addresses()
        if path.startswith("/api/v1/") and "?" not in path and path not in allowed
        for method in ("post", "put", "delete")
    }
    assert not {asked: code for asked, code in answers.items() if code not in {400, 403, 404, 405, 409, 415}}


def test_a_fresh_installation_has_no_superuser() -> None:
    from_seed = person("ana", roles=["city-operator"])
    assert not User.objects.filter(is_superuser=True).exists()
    assert not from_seed.has_perm("accounts.delete_user")
