"""The outbox worked off: at least once, one row a transaction, given up after some days.

A worker that dies while it sends leaves its row waiting. The message then goes a second time under the same
id, by which the receiver knows it again; only the moment from the last byte to the commit can cause it.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import OperationalError, transaction
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.functional import Promise

from apps.accounts.data import NOBODY, Capability, Viewer
from apps.accounts.selectors import user_get, viewer_for
from apps.alerts.models import Delivery, Notification
from apps.alerts.services.acting import handler_require
from apps.alerts.services.sending import UndeliveredError, message_send
from apps.core.sentences import sentence_of

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_ATTEMPTS = 12  # about a day and a half
MOST = 200  # messages a round
log = structlog.get_logger("alerts")


def notifications_deliver(*, channel: str, most: int = MOST) -> int:
    """Send what is due by this channel; returns how many rows were handled. Workers share the rows."""
    count = 0
    while count < most and _deliver_next(channel):
        count += 1
    return count


@transaction.atomic
def _deliver_next(channel: str) -> bool:
    """Send one message; whatever is wrong with it is its own fault, and the next one goes all the same."""
    due = Notification.objects.filter(
        channel=channel, state=Delivery.WAITING, next_at__lte=timezone.now()
    ).order_by("next_at", "pk")
    message = due.select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return False
    message.attempts += 1
    try:
        with transaction.atomic():
            _send(message)
    except UndeliveredError as error:
        _failed(message, sentence_of(error))
    except OperationalError:
        raise  # the database is away: nothing is wrong with the message
    except Exception as error:
        log.exception("notification_fault", key=message.key, channel=message.channel)
        _failed(message, type(error).__name__)
    message.save(update_fields=["state", "attempts", "next_at", "sent_at", "error"])
    return True


def _send(message: Notification) -> None:
    viewer, language = _recipient(message)
    ended = message.webhook is not None and not message.webhook.active
    if not ended and message_send(message, viewer=viewer, language=language):
        message.state, message.sent_at, message.error = Delivery.SENT, timezone.now(), ""
    else:
        message.state = Delivery.DROPPED


def _recipient(message: Notification) -> tuple[Viewer, str]:
    """The rights and the language of whoever is told, as they are now."""
    person = message.webhook.owner_id if message.webhook else message.user_id
    user = user_get(person) if person else None
    return (viewer_for(user), user.speaks) if user else (NOBODY, "")


def _failed(message: Notification, reason: str | Promise) -> None:
    """Try again later, ever later; what else waits for the same webhook waits as well."""
    message.error = reason
    if message.attempts >= MOST_ATTEMPTS:
        message.state = Delivery.DEAD
        log.warning("notification_dead", key=message.key, channel=message.channel)
        return
    message.next_at = timezone.now() + min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
    others = Notification.objects.filter(state=Delivery.WAITING).exclude(pk=message.pk)
    if message.webhook_id:
        others = others.filter(webhook=message.webhook_id, next_at__lt=message.next_at)
        others.filter(pk__in=others.select_for_update(skip_locked=True)).update(
            next_at=Greatest("next_at", message.next_at)
        )


@transaction.atomic
def notification_retry(message: Notification, *, viewer: Viewer) -> Notification:
    """Put a message that was given up back into the queue."""
    handler_require(viewer, message.event.alarm.domain, Capability.HANDLE)
    Notification.objects.filter(pk=message.pk, state=Delivery.DEAD).update(
        state=Delivery.WAITING, attempts=0, next_at=timezone.now(), error=""
    )
    message.refresh_from_db()
    return message
