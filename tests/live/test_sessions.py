"""A socket ends with the session that opened it: idle, old, or without the second factor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.live.data import Credential, Proof
from apps.live.selectors import credential_viewer
from tests.people import person
from tests.portal.builders import logged_in

pytestmark = pytest.mark.django_db


def credential(client: Client, **marks: str) -> Credential:
    client.get("/portal/")
    session = client.session
    session.update(marks)
    session.save()
    return Credential(Proof.SESSION, session.session_key)


def test_a_session_in_use_keeps_its_socket() -> None:
    assert credential_viewer(credential(logged_in(person("ana", roles=["city-viewer"])))) is not None


@pytest.mark.parametrize(("mark", "minutes"), [("session_seen", 31), ("session_started", 721)])
def test_an_idle_or_old_session_ends_its_socket(mark: str, minutes: int) -> None:
    moment = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    client = logged_in(person("ana", roles=["city-viewer"]))
    assert credential_viewer(credential(client, **{mark: moment})) is None


@pytest.mark.usefixtures("weak_logins")
def test_without_the_second_factor_no_socket_opens_to_the_privileged() -> None:
    user = person("ana", roles=["city-viewer"])
    opened = credential(logged_in(user))
    assert credential_viewer(opened) is not None
    User.objects.filter(pk=user.pk).update(clearance=3)
    assert credential_viewer(opened) is None
