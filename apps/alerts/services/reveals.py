"""The approvers of a domain hear of each reveal of its fields: that it happened, never what it showed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.data import Capability
from apps.accounts.selectors import viewer_for
from apps.core.domains import domain_get
from apps.core.quantities import full_moment


def reveal_tell(reveal_id: int) -> int:
    """Mail to every approver of the domain but the one who revealed; how many mails went out.

    Raises SMTPException or OSError when the mail server cannot be reached: nobody has been told then.
    """
    reveal = apps.get_model("privacy.Reveal").objects.select_related("user").get(pk=reveal_id)
    mails = [_mail(reveal, user) for user in _approvers(reveal.domain, but=reveal.user_id)]
    return get_connection().send_messages(mails) or 0


def _approvers(domain: str, *, but: int) -> Iterator[Any]:
    users = apps.get_model("accounts.User").objects.filter(is_active=True, grants__role__domain=domain)
    for user in users.exclude(email="").exclude(pk=but).distinct().order_by("pk"):
        viewer = viewer_for(user)
        if not viewer.vendor and viewer.may(domain, Capability.APPROVE):
            yield user


def _mail(reveal: Any, user: Any) -> EmailMessage:
    with translation.override(user.speaks or settings.LANGUAGE_CODE):
        words = _(
            "%(who)s revealed one field of a record of the domain %(domain)s at %(at)s.\n"
            "Trace code: %(code)s.\n\nTake note of it here: %(address)s"
        )
        at = full_moment(reveal.opened_at)
        values = {
            "who": str(reveal.user),
            "domain": domain_get(reveal.domain).title,
            "at": at,
            "code": reveal.code,
            "address": f"{settings.SITE_URL}/portal/reveals/",
        }
        return EmailMessage(
            subject=_("A field of your department's data was revealed"),
            body=words % values,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
