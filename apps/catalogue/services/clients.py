"""Programs: registered by whoever answers for them, given a secret that is shown once, ended at once."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.audit.services import Act, access_record
from apps.catalogue.models import ApiClient
from apps.catalogue.services.entries import role_require
from apps.core.egress import address_check
from apps.core.errors import ProblemError

MACHINE, BROWSER = "client-credentials", "authorization-code"
SECRET_BYTES = 36
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@transaction.atomic
def client_create(
    *, name: str, flow: str, redirect_uris: str = "", webhook_url: str = "", viewer: Viewer
) -> tuple[ApiClient, str]:
    """A new program and its secret, which is shown once; ``flow`` is MACHINE or BROWSER (code and PKCE)."""
    role_require(allowed=bool(viewer.domains) and not (viewer.office or viewer.vendor or viewer.is_program))
    if flow not in {MACHINE, BROWSER}:
        raise ProblemError(_("Choose how the program logs in."), "flow")
    if not name.strip():
        raise ProblemError(_("Give the program a name."), "name", code="required")
    webhook_check(webhook_url)
    if flow == BROWSER:
        redirects_check(redirect_uris)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    application = _application(
        name.strip()[:80], flow, redirect_uris if flow == BROWSER else "", secret, viewer
    )
    try:
        with transaction.atomic():
            client = ApiClient.objects.create(
                application=application,
                owner_id=viewer.user_id or 0,
                name=application.name,
                webhook_url=webhook_url,
            )
    except IntegrityError as error:
        raise ProblemError(_("A program of this name exists."), "name", 409, "repeated") from error
    access_record(Act("client_create", viewer.user_id, "catalogue.ApiClient", str(client.pk)))
    return client, secret


def _application(name: str, flow: str, redirect_uris: str, secret: str, viewer: Viewer) -> Any:
    model = apps.get_model("oauth2_provider", "Application")
    made = model(
        name=name,
        user_id=viewer.user_id,
        client_type="confidential",
        authorization_grant_type=flow,
        redirect_uris=" ".join(redirect_uris.split()),
        client_secret=secret,
    )
    try:
        made.full_clean(exclude=["client_secret"])
    except ValidationError as error:
        raise ProblemError(
            _("Give the address to which the login returns, with scheme and host."), "redirect_uris"
        ) from error
    made.save()
    return made


def redirects_check(redirect_uris: str) -> None:
    """ProblemError for a user name in an address, and for plain http to anywhere but the user's own machine.

    RFC 8252, 7.3 and 8.3.
    """
    for uri in redirect_uris.split():
        try:
            parts = urlsplit(uri)
        except ValueError:
            continue  # the toolkit refuses what is no address
        if "@" in parts.netloc or "\\" in uri:
            detail = _("The address must not name a user (“user@host”): it hides where the login leads.")
            raise ProblemError(detail, "redirect_uris", code="userinfo")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            detail = _("Plain http only leads back to this very machine (127.0.0.1); give an https address.")
            raise ProblemError(detail, "redirect_uris", code="insecure")


def webhook_check(url: str) -> None:
    """ProblemError where notices could not go to this address; an empty one means none."""
    if not url:
        return
    try:
        address_check(url, allowed=settings.WEBHOOK_NETWORKS)
    except ProblemError as error:
        raise ProblemError(error.detail, "webhook_url", error.status, error.code) from error


@transaction.atomic
def client_rotate(client: ApiClient, *, viewer: Viewer) -> str:
    """A new secret; the old one works on for the overlap, so that the program need not stand still."""
    row = _own(client, viewer)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row.former_secret = row.application.client_secret
    row.former_until = timezone.now() + settings.CLIENT_SECRET_OVERLAP
    row.application.client_secret = make_password(secret)
    row.application.save(update_fields=["client_secret"])
    row.save(update_fields=["former_secret", "former_until"])
    access_record(Act("client_rotate", viewer.user_id, "catalogue.ApiClient", str(row.pk)))
    return secret


@transaction.atomic
def client_end(client: ApiClient, *, viewer: Viewer) -> ApiClient:
    """End a program: its tokens mean nothing from now on."""
    row = _own(client, viewer)
    row.active, row.former_secret, row.former_until = False, "", None
    row.save(update_fields=["active", "former_secret", "former_until"])
    access_record(Act("client_end", viewer.user_id, "catalogue.ApiClient", str(row.pk)))
    return row


def _own(client: ApiClient, viewer: Viewer) -> ApiClient:
    rows = ApiClient.objects.select_for_update(of=("self",)).select_related("application")
    row = rows.get(pk=client.pk)
    role_require(allowed=viewer.user_id == row.owner_id and not viewer.is_program)
    return row
