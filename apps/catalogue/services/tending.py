"""Clocks looked at regularly: reminders at half and four fifths, then the data bureau hears of it."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.selectors import approvers_of
from apps.catalogue.data import RequestState
from apps.catalogue.models import AccessRequest
from apps.catalogue.selectors.people import bureau_people
from apps.catalogue.selectors.requests import clock_of
from apps.catalogue.services.granting import requests_expire
from apps.catalogue.services.requests import request_note
from apps.core.quantities import day

REMIND_AT = (80, 50)
log = structlog.get_logger("catalogue")


def requests_tend() -> dict[str, int]:
    """Expire, remind, escalate; returns how many of each. Safe to repeat."""
    waiting = list(AccessRequest.objects.filter(state=RequestState.SUBMITTED).values_list("pk", flat=True))
    done = [_tend(pk) for pk in waiting]
    return {
        "expired": requests_expire(),
        "reminded": done.count("reminded"),
        "escalated": done.count("escalated"),
    }


@transaction.atomic
def _tend(pk: int) -> str:
    rows = AccessRequest.objects.select_for_update(of=("self",)).select_related("dataset")
    row = rows.filter(pk=pk, state=RequestState.SUBMITTED).first()
    if row is None:
        return ""
    clock = clock_of(row)
    if clock.left is not None and clock.left < 0 and row.escalated_at is None:
        row.escalated_at = timezone.now()
        return _tell(row, "escalated")
    level = next((level for level in REMIND_AT if clock.percent >= level), 0)
    if level > row.reminded:
        row.reminded = level
        return _tell(row, "reminded")
    return ""


def _tell(row: AccessRequest, act: str) -> str:
    row.save(update_fields=["escalated_at", "reminded"])
    request_note(row, act, None, f"{row.reminded} %" if act == "reminded" else "")
    people = bureau_people() if act == "escalated" else approvers_of(row.dataset.domain)
    addresses = [person.email for person in people if person.email]
    if addresses:
        transaction.on_commit(lambda: _mail(row, addresses))
    return act


def _mail(row: AccessRequest, addresses: list[str]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        mail = EmailMessage(
            subject=_("Data request %(number)d is due on %(day)s")
            % {"number": row.pk, "day": day(row.due_on)},
            body=f"{settings.SITE_URL.rstrip('/')}/portal/requests/{row.pk}/",
            bcc=addresses,
        )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        log.warning("reminder_not_sent", request=row.pk, kind=type(error).__name__)
