"""Webhooks: where data leaves the house, so the role that approves makes them; the key is shown once."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.services.sessions import privileged_require
from apps.alerts.models import Webhook
from apps.alerts.services.acting import handler_require
from apps.alerts.services.sending import webhook_key
from apps.audit.services import Act, access_record
from apps.core.egress import address_check
from apps.core.errors import ProblemError


@transaction.atomic
def webhook_create(*, domain: str, name: str, url: str, viewer: Viewer) -> tuple[Webhook, str]:
    """A new webhook and its key; ProblemError when the address may not be called."""
    _approver_require(viewer, domain)
    try:
        address_check(url, allowed=settings.WEBHOOK_NETWORKS)
    except ProblemError as error:
        raise ProblemError(error.detail, "url", error.status, error.code) from error
    try:
        with transaction.atomic():
            made = Webhook.objects.create(domain=domain, name=name, url=url, owner_id=viewer.user_id or 0)
    except IntegrityError as error:
        raise ProblemError(_("A webhook of this name exists."), "name", 409, "repeated") from error
    access_record(Act("webhook_create", viewer.user_id, "alerts.Webhook", str(made.pk)))
    return made, webhook_key(made)


@transaction.atomic
def webhook_rotate(webhook: Webhook, *, viewer: Viewer) -> str:
    """A new key; the old one signs nothing more."""
    _approver_require(viewer, webhook.domain)
    webhook.generation += 1
    webhook.save(update_fields=["generation"])
    access_record(Act("webhook_rotate", viewer.user_id, "alerts.Webhook", str(webhook.pk)))
    return webhook_key(webhook)


@transaction.atomic
def webhook_end(webhook: Webhook, *, viewer: Viewer) -> Webhook:
    """Send nothing more to it."""
    _approver_require(viewer, webhook.domain)
    webhook.active = False
    webhook.save(update_fields=["active"])
    access_record(Act("webhook_end", viewer.user_id, "alerts.Webhook", str(webhook.pk)))
    return webhook


def _approver_require(viewer: Viewer, domain: str) -> None:
    handler_require(viewer, domain, Capability.APPROVE)
    privileged_require(viewer)
