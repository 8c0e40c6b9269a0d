"""API keys and program tokens for walks over the URL map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.test import Client
from django.utils import timezone

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.services.keys import api_key_create
from apps.catalogue.models import CalendarDay
from apps.catalogue.services.clients import MACHINE, client_create
from apps.catalogue.services.granting import request_approve
from tests.catalogue.builders import asked, days_known, entry, viewer

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def bearer(text: str) -> Client:
    """A client that shows a key or token."""
    headers = {"authorization": f"Bearer {text}", "accept-language": "en"}
    return Client(raise_request_exception=False, headers=headers)


def with_key(owner: User, *scopes: str, domain: str, further: tuple[str, ...] = ()) -> Client:
    """A client with a key of these scopes."""
    made = {"name": "walk", "domain": domain, "scopes": scopes, "further_domains": further}
    return bearer(api_key_create(owner, **made)[1])


def with_token(code: str, *, owner: Viewer, fields: list[str]) -> Client:
    """A client with a token for one approved request on the entry ``code``."""
    days = [CalendarDay(**row) for row in days_known()]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    client, _secret = client_create(name=f"walk {code}", flow=MACHINE, viewer=owner)
    approver = viewer(f"approver of {code}", f"{code.partition('.')[0]}-approver")
    row = request_approve(asked(owner, entry(code), client=client.pk, fields=fields), viewer=approver)
    text = f"token-of-{code}"
    model: Any = apps.get_model("oauth2_provider", "AccessToken")
    model.objects.create(
        token=text,
        application=client.application,
        expires=timezone.now() + timedelta(hours=1),
        scope=f"{code}:{row.purpose}",
    )
    return bearer(text)
