"""Notifications: queued with the alarm, delivered once, signed, never more than the recipient may read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as configured
from django.core import mail
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.alerts.models import Alarm, AlarmAct, AlertRule, Delivery, Notification, Webhook
from apps.alerts.services import (
    alarm_acknowledge,
    delivering,
    notification_retry,
    notifications_deliver,
    rule_change,
    rules_evaluate,
    webhook_create,
    webhook_rotate,
)
from apps.alerts.services.delivering import MOST_ATTEMPTS
from apps.alerts.services.sending import webhook_key
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from tests.alerts.builders import NOON, looked, reads, rule, stream
from tests.alerts.receiver import Inbox, receiving
from tests.people import business_role, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiving() as opened:
        yield opened


def addressed(username: str, *roles: str, clearance: Grade = Grade.L2, division_code: str = "") -> User:
    user = person(username, roles=roles, clearance=clearance, division_code=division_code)
    user.email, user.language = f"{username}@example.org", "en"
    user.save()
    return user


def hooked(inbox: Inbox, watching: AlertRule) -> Webhook:
    owner = person("owner", roles=["city-approver"])
    viewer = viewer_for(owner, strong=True)
    hook, _key = webhook_create(domain="city", name="Desk", url=inbox.url, viewer=viewer)
    watching.webhooks.add(hook)
    return hook


def due_now() -> None:
    Notification.objects.update(next_at=timezone.now())


def test_a_user_of_the_rule_gets_a_mail() -> None:
    watching = rule(name_en="Too fast", message_en="Send a patrol.")
    watching.users.add(addressed("bo", "city-viewer"))
    looked(stream(), 90, second=0)
    notifications_deliver(channel="mail")
    assert [sent.to for sent in mail.outbox] == [["bo@example.org"]]
    assert mail.outbox[0].subject == "[Medium] Too fast T1"
    assert "Send a patrol." in mail.outbox[0].body


def test_everybody_with_a_role_of_the_rule_gets_a_mail() -> None:
    rule().roles.add(business_role("city", "operator"))
    addressed("ana", "city-operator")
    addressed("bo", "city-viewer")
    looked(stream(), 90, second=0)
    notifications_deliver(channel="mail")
    assert [sent.to for sent in mail.outbox] == [["ana@example.org"]]


def test_nobody_gets_a_mail_twice() -> None:
    watching, ana = rule(), addressed("ana", "city-operator")
    watching.users.add(ana)
    watching.roles.add(business_role("city", "operator"))
    looked(stream(), 90, second=0)
    assert [notifications_deliver(channel="mail") for _turn in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("role", "clearance", "division"),
    [("farm-viewer", Grade.L2, ""), ("city-viewer", Grade.L1, ""), ("city-viewer", Grade.L2, "359903")],
)
def test_who_may_not_know_of_the_alarm_is_told_nothing(role: str, clearance: Grade, division: str) -> None:
    user = addressed("bo", role, clearance=clearance, division_code=division)
    rule().users.add(user)
    looked(stream(division="359902"), 90, second=0)
    notifications_deliver(channel="mail")
    assert (Notification.objects.get().state, mail.outbox) == (Delivery.DROPPED, [])


def test_rights_that_ended_since_the_alarm_count() -> None:
    user = addressed("bo", "city-viewer")
    rule().users.add(user)
    looked(stream(), 90, second=0)
    user.grants.all().delete()
    notifications_deliver(channel="mail")
    assert mail.outbox == []


def test_a_mail_can_be_a_file(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    rule().users.add(addressed("bo", "city-viewer"))
    looked(stream(), 90, second=0)
    notifications_deliver(channel="mail")
    assert "bo@example.org" in next(tmp_path.iterdir()).read_text()


def test_a_flood_is_told_as_one() -> None:
    rule(flood_after=2).users.add(addressed("bo", "city-viewer"))
    for number in range(5):
        reads(stream(f"F{number}"), 90)
    rules_evaluate(now=NOON)
    notifications_deliver(channel="mail")
    assert "Alarms in the group: 5" in mail.outbox[0].body
    assert len(mail.outbox) == 1


def test_a_webhook_is_signed_as_the_standard_has_it(inbox: Inbox) -> None:
    hook = hooked(inbox, rule())
    looked(stream(), 90, second=0)
    notifications_deliver(channel="webhook")
    headers, body = inbox.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook_key(hook).removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"]["datastream"] == "city.T1.speed"


def test_a_new_key_signs_otherwise(inbox: Inbox) -> None:
    hook = hooked(inbox, rule())
    before = webhook_key(hook)
    assert webhook_rotate(hook, viewer=viewer_for(hook.owner, strong=True)) != before


def test_a_webhook_hears_of_every_act(inbox: Inbox) -> None:
    hooked(inbox, rule())
    looked(stream(), 90, second=0)
    operator = viewer_for(person("ana", roles=["city-operator"]))
    alarm_acknowledge(Alarm.objects.get(), viewer=operator)
    looked(stream(), 50, second=60)
    notifications_deliver(channel="webhook")
    told = [json.loads(body)["type"] for _headers, body in inbox.got]
    assert told == ["alarm.raised", "alarm.acknowledged", "alarm.closed"]


def test_a_failed_webhook_is_tried_again_under_the_same_id(inbox: Inbox) -> None:
    hooked(inbox, rule())
    looked(stream(), 90, second=0)
    inbox.status = 503
    notifications_deliver(channel="webhook")
    row = Notification.objects.get()
    assert (row.state, row.attempts) == (Delivery.WAITING, 1)
    assert row.next_at > timezone.now() + timedelta(seconds=20)
    inbox.status = 204
    due_now()
    notifications_deliver(channel="webhook")
    assert len({headers["webhook-id"] for headers, _body in inbox.got}) == 1
    assert Notification.objects.get().state == Delivery.SENT


def test_what_fails_for_days_is_given_up_and_can_be_sent_by_hand(inbox: Inbox) -> None:
    hooked(inbox, rule())
    looked(stream(), 90, second=0)
    inbox.status = 500
    for _turn in range(MOST_ATTEMPTS):
        due_now()
        notifications_deliver(channel="webhook")
    row = Notification.objects.get()
    assert row.state == Delivery.DEAD
    assert "500" in row.error
    inbox.status = 200
    notification_retry(row, viewer=viewer_for(person("ana", roles=["city-operator"])))
    notifications_deliver(channel="webhook")
    assert Notification.objects.get().state == Delivery.SENT


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/hook",
        "http://[::1]/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.5/hook",
        "http://[::ffff:10.0.0.5]/hook",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://user:secret@1.1.1.1/",
    ],
)
def test_a_webhook_into_the_house_is_refused(url: str) -> None:
    owner = viewer_for(person("owner", roles=["city-approver"]), strong=True)
    with pytest.raises(ProblemError) as refused:
        webhook_create(domain="city", name="Desk", url=url, viewer=owner)
    assert refused.value.field == "url"


def test_an_address_that_moved_into_the_house_is_not_called(inbox: Inbox, settings: Any) -> None:
    hooked(inbox, rule())
    settings.WEBHOOK_NETWORKS = []
    looked(stream(), 90, second=0)
    notifications_deliver(channel="webhook")
    assert inbox.got == []
    assert "127.0.0.1" in Notification.objects.get().error


def test_only_who_approves_makes_webhooks() -> None:
    operator = viewer_for(person("ana", roles=["city-operator"]))
    with pytest.raises(ProblemError) as refused:
        webhook_create(domain="city", name="Desk", url="http://1.1.1.1/", viewer=operator)
    assert refused.value.status == 403


class LostError(Exception):
    """The process dies before it commits."""


@transaction.atomic
def die_after_a_look() -> None:
    rules_evaluate(now=NOON)
    raise LostError


def test_an_alarm_that_is_not_committed_tells_nobody() -> None:
    rule().users.add(addressed("bo", "city-viewer"))
    reads(stream(), 90)
    with pytest.raises(LostError):
        die_after_a_look()
    assert not Notification.objects.exists()
    rules_evaluate(now=NOON)
    assert notifications_deliver(channel="mail") == 1


KILLED = """
import os, signal, django
django.setup()
from django.core import mail
mail.EmailMessage.send = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from apps.alerts.services import notifications_deliver, rules_evaluate
rules_evaluate()
notifications_deliver(channel="mail")
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_alarm_and_mail_loses_nothing() -> None:
    rule().users.add(addressed("bo", "city-viewer"))
    reads(stream(), 90)
    name = configured.DATABASES["default"]["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    broker = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/14"))  # no worker delivers first
    environment = os.environ | {"DATABASE_URL": url, "REDIS_URL": broker}
    ended = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert Notification.objects.get().state == Delivery.WAITING
    rules_evaluate()
    assert [notifications_deliver(channel="mail") for _turn in range(2)] == [1, 0]
    assert len(mail.outbox) == Alarm.objects.count() == 1


def test_a_look_costs_the_same_for_many_datastreams(
    django_assert_max_num_queries: Any,
) -> None:
    rule(flood_after=1000)
    for number in range(60):
        reads(stream(f"S{number}"), 90)
    with django_assert_max_num_queries(30):
        assert rules_evaluate(now=NOON).raised == 60
    assert Alarm.objects.filter(events__act=AlarmAct.RAISED).count() == 60


@pytest.mark.parametrize(
    "name", ["Pump\r1", "Pump\n1", "Pump\r\nBcc: x@example.org", "Pump\x0b1", "Pump\u2028 1"]
)
def test_a_name_with_a_line_break_is_mailed_on_one_line(name: str) -> None:
    rule(name_en="Too fast").users.add(addressed("bo", "city-viewer"))
    series = stream()
    series.thing.name = name
    series.thing.save()
    looked(series, 90, second=0)
    notifications_deliver(channel="mail")
    assert [sent.subject.splitlines() for sent in mail.outbox] == [[mail.outbox[0].subject]]
    assert mail.outbox[0].subject.startswith("[Medium] Too fast Pump")
    assert mail.outbox[0].to == ["bo@example.org"]


@pytest.mark.parametrize("address", ["bo@example.org\nBcc: x@example.org", "no address", "bo@", "@"])
def test_a_message_that_cannot_be_sent_stops_no_other(address: str) -> None:
    watching = rule()
    first, second = addressed("ana", "city-viewer"), addressed("bo", "city-viewer")
    watching.users.add(first, second)
    looked(stream(), 90, second=0)
    User.objects.filter(pk=first.pk).update(email=address)
    assert notifications_deliver(channel="mail") == 2
    assert [sent.to for sent in mail.outbox] == [["bo@example.org"]]
    failed = Notification.objects.get(user=first)
    assert (failed.state, failed.attempts) == (Delivery.WAITING, 1)
    assert "@" not in failed.error


def test_a_fault_of_ours_in_one_message_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    watching = rule()
    watching.users.add(addressed("ana", "city-viewer"), addressed("bo", "city-viewer"))
    looked(stream(), 90, second=0)
    send, turns = delivering.message_send, iter([True, False])

    def broken(*arguments: Any, **named: Any) -> bool:
        if next(turns):
            raise KeyError("thing")
        return send(*arguments, **named)

    monkeypatch.setattr(delivering, "message_send", broken)
    assert notifications_deliver(channel="mail") == 2
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["users", "roles", "webhooks"])
def test_a_rule_names_recipients_of_its_own_domain_only(name: str, inbox: Inbox) -> None:
    operator = viewer_for(person("operator", roles=["city-operator"]))
    boss = viewer_for(person("boss", roles=["farm-approver"]), strong=True)
    strangers: dict[str, Any] = {
        "users": addressed("far", "farm-viewer"),
        "roles": business_role("farm", "operator"),
        "webhooks": webhook_create(domain="farm", name="Far", url=inbox.url, viewer=boss)[0],
    }
    watching = rule()
    with pytest.raises(ProblemError) as refused:
        rule_change(watching, {"level": 70.0, name: [strangers[name]]}, viewer=operator)
    assert (refused.value.field, refused.value.code) == (name, "domain")
    watching.refresh_from_db()
    assert watching.level == 80
    rule_change(watching, {"users": [addressed("near", "city-viewer")]}, viewer=operator)
