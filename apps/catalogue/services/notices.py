"""Notices to consumers: written with the act, fetched as a feed of changes, pushed to programs by webhook.

The outbox is worked off at least once; a program that misses its webhook still finds the notice in the feed.
Webhooks follow Standard Webhooks (standardwebhooks.com); addresses are checked by ``core.egress`` each time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise

from apps.accounts.data import Viewer
from apps.catalogue.models import AccessRequest, ApiClient, Correction, Notice
from apps.catalogue.selectors.notices import notice_body, notices_visible
from apps.catalogue.signals import notices_queued
from apps.core.egress import EgressError, Limits, post
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of

SALT = "apps.catalogue.notice"
LIMITS = Limits(seconds=10.0, size=1 << 16)
FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS = timedelta(seconds=30), timedelta(hours=6), 12
SUCCESS = range(200, 300)
MOST = 200


def notices_send(
    kind: str, requests: Iterable[AccessRequest], *, text: str, correction: Correction | None = None
) -> int:
    """Tell the consumer behind each request; returns how many notices were written."""
    now = timezone.now()
    rows = [
        Notice(
            kind=kind,
            request=request,
            correction=correction,
            text=text,
            next_at=now if request.client_id and request.client and request.client.webhook_url else None,
        )
        for request in requests
    ]
    Notice.objects.bulk_create(rows)
    transaction.on_commit(partial(notices_queued.send, sender=Notice))
    return len(rows)


@transaction.atomic
def notice_acknowledge(notice: Notice, *, viewer: Viewer) -> Notice:
    """The consumer says that he has read it and acted on it."""
    if not notices_visible(viewer).filter(pk=notice.pk, request__applicant=viewer.user_id).exists():
        raise ProblemError(_("Only the consumer acknowledges a notice."), "", 403, "role")
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by_id = timezone.now(), viewer.user_id
        row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    return row


def signing_key(client: ApiClient) -> str:
    """The key as the owner keeps it: ``whsec_`` and base64; derived, so that none is stored."""
    return "whsec_" + base64.b64encode(_key(client)).decode()


def _key(client: ApiClient) -> bytes:
    return salted_hmac(SALT, f"{client.pk}:{client.generation}", algorithm="sha256").digest()


def notices_deliver(*, most: int = MOST) -> int:
    """Push what is due; returns how many notices were tried. Workers share the rows."""
    count = 0
    while count < most and _deliver_next():
        count += 1
    return count


@transaction.atomic
def _deliver_next() -> bool:
    due = Notice.objects.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")
    notice = due.select_for_update(skip_locked=True, of=("self",)).first()
    if notice is None:
        return False
    notice.attempts += 1
    client = notice.request.client
    fault = _push(notice, client) if client and client.active and client.webhook_url else ""
    if not fault:
        notice.sent_at, notice.next_at, notice.error = timezone.now(), None, ""
    else:
        wait = min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
        notice.next_at = timezone.now() + wait if notice.attempts < MOST_ATTEMPTS else None
        notice.error = fault
    notice.save(update_fields=["attempts", "next_at", "sent_at", "error"])
    return True


def _push(notice: Notice, client: ApiClient) -> str | Promise:
    """Send it; the sentence that says why it did not arrive, or an empty one."""
    message_id, stamp = f"notice-{notice.pk}", int(timezone.now().timestamp())
    body: dict[str, Any] = {"type": f"dataset.{notice.kind}", "timestamp": notice.created_at.isoformat()}
    payload = orjson.dumps({**body, "data": notice_body(notice)}, default=str)
    signed = hmac.new(_key(client), f"{message_id}.{stamp}.".encode() + payload, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "CityPlatform",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }
    try:
        answer = post(
            client.webhook_url, payload, allowed=settings.WEBHOOK_NETWORKS, headers=headers, limits=LIMITS
        )
    except EgressError as error:
        return sentence_of(error)
    ok = answer.status in SUCCESS
    return "" if ok else _("The receiver answered %(status)d.") % {"status": answer.status}
