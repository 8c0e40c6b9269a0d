"""One message by mail, or by webhook as Standard Webhooks (standardwebhooks.com) has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from smtplib import SMTPException
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from apps.accounts.data import Viewer
from apps.alerts.models import Alarm, Notification, Webhook
from apps.alerts.selectors import alarm_body
from apps.core import quantities
from apps.core.egress import EgressError, Limits, post
from apps.core.sentences import sentence as _
from apps.core.sentences import sentence_of

SALT = "apps.alerts.webhook"
LIMITS = Limits(seconds=10.0, size=1 << 16)
SUCCESS = range(200, 300)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # what no header may hold


class UndeliveredError(Exception):
    """The message has not arrived; the text says why, without any of its content."""


def webhook_key(webhook: Webhook) -> str:
    """The signing key as its owner keeps it: ``whsec_`` and base64; derived, so that none is stored."""
    return "whsec_" + base64.b64encode(_key(webhook)).decode()


def _key(webhook: Webhook) -> bytes:
    return salted_hmac(SALT, f"{webhook.pk}:{webhook.generation}", algorithm="sha256").digest()


def signature(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``."""
    text = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def message_send(message: Notification, *, viewer: Viewer, language: str) -> bool:
    """Send what ``viewer`` may read; False when he may not know of the alarm. UndeliveredError on a fault."""
    with translation.override(language or settings.LANGUAGE_CODE):
        body = alarm_body(message.event.alarm, viewer=viewer)
        if not body:
            return False
        if message.webhook is not None:
            _hook(message, message.webhook, body)
        else:
            _mail(message, body)
    return True


def _hook(message: Notification, webhook: Webhook, body: dict[str, Any]) -> None:
    now, event = timezone.now(), message.event
    content = {"type": f"alarm.{event.act}", "timestamp": event.at.isoformat(), "data": body}
    payload, stamp = orjson.dumps(content), int(now.timestamp())
    signed = signature(_key(webhook), message_id=message.key, timestamp=stamp, body=payload)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "CityPlatform",
        "webhook-id": message.key,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signed,
    }
    try:
        answer = post(webhook.url, payload, allowed=settings.WEBHOOK_NETWORKS, headers=headers, limits=LIMITS)
    except EgressError as error:
        raise UndeliveredError(sentence_of(error)) from error
    if answer.status not in SUCCESS:
        raise UndeliveredError(_("The receiver answered %(status)d.") % {"status": answer.status})


def _mail(message: Notification, body: dict[str, Any]) -> None:
    alarm = message.event.alarm
    address = message.user.email if message.user else ""
    try:
        validate_email(address)
        mail = EmailMessage(
            subject=_subject(alarm, body),
            body=_text(alarm, body),
            to=[address],
            headers={"Message-ID": f"<{message.key}@cityplatform>", "Auto-Submitted": "auto-generated"},
        )
        mail.send()
    except (SMTPException, OSError, ValueError, ValidationError) as error:
        raise UndeliveredError(type(error).__name__) from error


def _subject(alarm: Alarm, body: dict[str, Any]) -> str:
    what, where = body.get("rule", ""), body.get("thing", body.get("division", ""))
    return " ".join(UNPRINTABLE.sub(" ", f"[{alarm.get_priority_display()}] {what} {where}").split())


def _text(alarm: Alarm, body: dict[str, Any]) -> str:
    names = {
        "rule": _("Rule"),
        "thing": _("Thing"),
        "datastream": _("Datastream"),
        "value": _("Value"),
        "members": _("Alarms in the group"),
        "raised_at": _("Raised"),
        "advice": _("What to do"),
    }
    shown = {**body, "raised_at": quantities.full_moment(alarm.last_raised_at)}
    if body.get("value") is not None:
        shown["value"] = alarm.figure if "unit" in body else quantities.quantity(body["value"])
    lines = [quantities.titled(title, shown[name]) for name, title in names.items() if shown.get(name)]
    return "\n".join([*lines, "", f"{settings.SITE_URL.rstrip('/')}/portal/alarms/{alarm.pk}/"])
