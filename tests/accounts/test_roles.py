"""Roles are data; the three offices exclude each other and everything else."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import RoleGrant
from apps.accounts.selectors import viewer_for
from apps.accounts.services import role_grant
from apps.core.errors import ProblemError
from tests.people import OFFICES, business_role, office_role, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("first", "second"), list(permutations(OFFICES, 2)))
def test_nobody_holds_two_offices(first: str, second: str) -> None:
    user = person("ana", office=first)
    with pytest.raises(ProblemError):
        role_grant(user, role=office_role(second), by=None)


@pytest.mark.parametrize("office", OFFICES)
def test_an_administrator_holds_no_business_role(office: str) -> None:
    with pytest.raises(ProblemError):
        role_grant(person("ana", office=office), role=business_role("city", "viewer"), by=None)


def test_nobody_grants_to_himself() -> None:
    user = person("sec", office="security")
    with pytest.raises(ProblemError) as refused:
        role_grant(user, role=business_role("city", "viewer"), by=user)
    assert refused.value.status == 403


def test_the_database_refuses_a_self_grant_too() -> None:
    user = person("ana")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=business_role("city", "viewer"), granted_by=user)


def test_a_viewer_knows_the_rights_of_all_his_roles() -> None:
    viewer = viewer_for(person("ana", roles=["city-viewer", "farm-planner"]))
    assert viewer.domains == {"city", "farm"}
    assert viewer.may("farm", "publish")
    assert not viewer.may("city", "publish")


def test_an_inactive_user_is_nobody() -> None:
    user = person("ana", roles=["city-viewer"])
    user.is_active = False
    assert not viewer_for(user).rights
