"""A move to another department or division takes two people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Transfer, User
from apps.accounts.selectors import viewer_for
from apps.accounts.services.transfers import transfer_ask, transfer_decide
from apps.core.errors import ProblemError
from tests.people import department, division, person

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def moved(system: Client, who: User) -> None:
    """The form of a person with another department and division."""
    values = {"username": who.username, "display_name": "", "is_active": "on"}
    values |= {"department": str(department("health").pk), "division": str(division("359902").pk)}
    assert system.post(reverse("admin:accounts_user_change", args=[who.pk]), values).status_code == 302


def test_a_move_takes_effect_when_a_security_administrator_approves_it() -> None:
    who = person("ana", roles=["city-viewer"])
    moved(logged_in(person("sys", office="system")), who)
    stays = viewer_for(User.objects.get(pk=who.pk))
    assert (stays.department, stays.division) == ("transport", "")
    chosen = {"action": "approve", "_selected_action": Transfer.objects.get().pk}
    url = reverse("admin:accounts_transfer_changelist")
    logged_in(person("aud", office="auditor")).post(url, chosen)
    logged_in(User.objects.get(username="sys")).post(url, chosen)
    assert viewer_for(User.objects.get(pk=who.pk)).department == "transport"
    logged_in(person("sec", office="security")).post(url, chosen)
    now = viewer_for(User.objects.get(pk=who.pk))
    assert (now.department, now.division) == ("health", "359902")


def test_a_refused_move_changes_nothing_and_is_decided_once() -> None:
    who = person("ana", roles=["city-viewer"])
    system, security = (viewer_for(person(name, office=name), strong=True) for name in ("system", "security"))
    row = transfer_ask(who, department=department("health"), division=None, viewer=system)
    transfer_decide(row, approve=False, viewer=security)
    assert User.objects.get(pk=who.pk).department == department()
    with pytest.raises(ProblemError):
        transfer_decide(row, approve=True, viewer=security)


def test_nobody_moves_themselves_and_a_password_alone_decides_nothing() -> None:
    system = person("system", office="system")
    with pytest.raises(ProblemError):
        transfer_ask(system, department=None, division=None, viewer=viewer_for(system, strong=True))
    row = transfer_ask(person("ana"), department=None, division=None, viewer=viewer_for(system, strong=True))
    with pytest.raises(ProblemError) as weak:
        transfer_decide(row, approve=True, viewer=viewer_for(person("sec", office="security")))
    assert weak.value.code == "second_factor"


def test_the_code_of_a_department_is_chosen_once() -> None:
    row = department("health")
    client = logged_in(person("sys", office="system"))
    values = {"code": "education", "name_zh": "卫", "name_en": "Health"}
    client.post(reverse("admin:accounts_department_change", args=[row.pk]), values)
    row.refresh_from_db()
    assert (row.code, row.name_en) == ("health", "Health")
