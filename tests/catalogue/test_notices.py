"""Notices to programs: signed, the address checked each time, and tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from django.conf import LazySettings

from apps.catalogue.models import ApiClient, Notice
from apps.catalogue.services.clients import MACHINE, client_create
from apps.catalogue.services.granting import request_approve, request_recall
from apps.catalogue.services.notices import notices_deliver, signing_key
from tests.alerts.receiver import receiving
from tests.catalogue.builders import asked, entry, viewer

pytestmark = pytest.mark.django_db


def recalled(url: str) -> Notice:
    """A recall that a program with this address should hear of."""
    owner, approver = viewer("owner", "city-viewer"), viewer("sun", "city-approver")
    client, _secret = client_create(name="app", flow=MACHINE, viewer=owner)
    ApiClient.objects.update(webhook_url=url)
    row = request_approve(asked(owner, entry(), client=client.pk), viewer=approver)
    request_recall(row, reason="wrong data", viewer=approver)
    return Notice.objects.get()


def test_a_recall_is_pushed_once_and_signed(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiving() as inbox:
        notice = recalled(inbox.url)
        assert [notices_deliver(), notices_deliver()] == [1, 0]
    (headers, body), client = inbox.got[0], ApiClient.objects.get()
    said = json.loads(body)
    assert (said["type"], said["data"]["dataset"], said["data"]["id"]) == (
        "dataset.recall",
        "city.RoadSegment",
        notice.pk,
    )
    key = base64.b64decode(signing_key(client).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert Notice.objects.get().sent_at


def test_an_address_that_has_moved_into_the_own_network_is_never_called(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = []
    with receiving() as inbox:
        recalled(inbox.url)
        notices_deliver()
    notice = Notice.objects.get()
    assert (inbox.got, notice.sent_at, notice.attempts) == ([], None, 1)
    assert notice.next_at
    assert "may not be called" in notice.error


def test_a_receiver_that_fails_hears_again_later(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiving() as inbox:
        inbox.status = 500
        recalled(inbox.url)
        notices_deliver()
        inbox.status = 200
        Notice.objects.update(next_at="2026-01-01T00:00:00Z")
        notices_deliver()
    assert (len(inbox.got), Notice.objects.get().attempts) == (2, 2)
    assert Notice.objects.get().next_at is None
