"""Who is to be told of an event: rows of the outbox, written with the event."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from apps.alerts.models import AlarmAct, AlarmEvent, AlarmState, Channel, Notification, Webhook

MAILED = {AlarmAct.RAISED, AlarmAct.AGAIN}  # people get mail when something begins, programs get every act
UNTOLD = {AlarmAct.GROUPED}


def notifications_queue(event_ids: Collection[int]) -> set[str]:
    """Queue the messages of these events; returns the channels that have some.

    Nothing is queued for an alarm on the shelf, or for one that its group speaks for.
    """
    events = AlarmEvent.objects.filter(
        pk__in=event_ids, alarm__shelved_until=None, alarm__group=None
    ).exclude(act__in=UNTOLD)
    rows = [
        row
        for rule_id, own in _by_rule(events.select_related("alarm")).items()
        for row in [*_mails(rule_id, own), *_hooks(rule_id, own)]
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.channel for row in rows}


def _by_rule(events: Iterable[AlarmEvent]) -> dict[int, list[AlarmEvent]]:
    found: dict[int, list[AlarmEvent]] = {}
    for event in events:
        found.setdefault(event.alarm.rule_id, []).append(event)
    return found


def _mails(rule_id: int, events: list[AlarmEvent]) -> list[Notification]:
    begun = [event for event in events if _begins(event)]
    people = _people(rule_id) if begun else []
    now = timezone.now()
    return [
        Notification(event=event, channel=Channel.MAIL, user_id=person, next_at=now)
        for event in begun
        for person in people
    ]


def _begins(event: AlarmEvent) -> bool:
    back = event.act == AlarmAct.UNSHELVED and event.alarm.state == AlarmState.RAISED
    return back or event.act in MAILED


def _people(rule_id: int) -> list[int]:
    """The rule's users, and everybody who holds one of its roles now."""
    now = timezone.now()
    unended = Q(grants__valid_until=None) | Q(grants__valid_until__gt=now)
    by_role = unended & Q(grants__role__alert_rules=rule_id, grants__valid_from__lte=now)
    users = get_user_model().objects.filter(Q(alert_rules=rule_id) | by_role, is_active=True)
    return sorted(set(users.exclude(email="").values_list("pk", flat=True)))


def _hooks(rule_id: int, events: list[AlarmEvent]) -> list[Notification]:
    now = timezone.now()
    hooks = list(Webhook.objects.filter(rules=rule_id, active=True).values_list("pk", flat=True))
    return [
        Notification(event=event, channel=Channel.WEBHOOK, webhook_id=hook, next_at=now)
        for event in events
        for hook in hooks
    ]
