"""Accounts of devices and readers: made, given a new password, ended. The password is shown once."""

from __future__ import annotations

import re
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.privacy.services import visible_fields, visible_rows
from apps.sensing.models import Device, Observation, Thing
from apps.sensing.mqtt.accounts import account_end, account_put
from apps.sensing.mqtt.topics import READERS, rights_of

PASSWORD_BYTES = 24
READER = re.compile(r"[\w.-]+", re.ASCII)  # the code of a reader names nothing but the account


@transaction.atomic
def device_create(*, domain: str, code: str, kind: str, viewer: Viewer) -> tuple[Device, str]:
    """A new account and its password; ProblemError names what does not fit."""
    _require(viewer, domain)
    _reach_require(viewer, domain, code, kind)
    if any(sign in code for sign in "/+#"):
        raise ProblemError(_("A code with / + or # cannot be part of a topic."), "code")
    if kind == "reader" and not READER.fullmatch(code):
        raise ProblemError(_("Use letters a to z, digits, points, hyphens and underscores."), "code")
    if kind == "device" and code == READERS:
        raise ProblemError(_("This code names the topic of the readers; give the thing another one."), "code")
    if Device.objects.filter(domain=domain, code=code, kind=kind, active=True).exists():
        raise ProblemError(_("This account exists; give it a new password instead."), "code", 409, "repeated")
    device, _made = Device.objects.update_or_create(
        domain=domain, code=code, kind=kind, defaults={"active": True, "created_by_id": viewer.user_id or 0}
    )
    return device, _password_set(device, viewer, "device_create")


@transaction.atomic
def device_rotate(device: Device, *, viewer: Viewer) -> str:
    """A new password; the old one ends at once."""
    _require(viewer, device.domain)
    _reach_require(viewer, device.domain, device.code, device.kind)
    if not device.active:
        raise ProblemError(_("This account has been ended; make it again."), "active", 409, "ended")
    return _password_set(device, viewer, "device_rotate")


@transaction.atomic
def device_end(device: Device, *, viewer: Viewer) -> Device:
    """End the account: the broker closes its connection and knows it no more."""
    _require(viewer, device.domain)
    _reach_require(viewer, device.domain, device.code, device.kind)
    device.active = device.online = False
    device.save(update_fields=["active", "online"])
    access_record(Act("device_end", viewer.user_id, "sensing.Device", str(device.pk)))
    account_end(device.username)
    return device


def _password_set(device: Device, viewer: Viewer, act: str) -> str:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    access_record(Act(act, viewer.user_id, "sensing.Device", str(device.pk)))
    account_put(device.username, password, acls=_rights(device))
    return password


def _rights(device: Device) -> list[tuple[str, str]]:
    topics = rights_of(device.kind, device.domain, device.code)
    published = [("publishClientSend", topic) for topic in topics["publish"]]
    return [*published, *(("subscribePattern", topic) for topic in topics["subscribe"])]


def _reach_require(viewer: Viewer, domain: str, code: str, kind: str) -> None:
    """An account reaches no further than its maker: things of the own division, readings shown clear."""
    if kind == "device":
        if not visible_rows(viewer, Thing.objects.filter(domain=domain, code=code)).exists():
            raise ProblemError(_("There is no thing with this code in the domain."), "code", code="unknown")
    elif viewer.division or not visible_fields(viewer, Observation)["result"].is_clear:
        detail = _("A reader follows all readings of the domain, more than you may see yourself.")
        raise ProblemError(detail, "kind", 403, "reach")


def _require(viewer: Viewer, domain: str) -> None:
    if not viewer.may(domain, Capability.UPLOAD):
        raise ProblemError(_("Your role may not manage devices of this domain."), "domain", 403, "role")
