"""Asking a source: its secret, its limits, and what its refusals mean in words."""

from __future__ import annotations

import base64
import os
import re
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from apps.core.egress import Answer, Limits, fetch
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import Mapped
from apps.pulls.models import Source

SECRET_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def secret_read(source: Source) -> str:
    """The secret that a source names; "" when it names none. Only secrets of its own domain can be named.

    The name ``weather`` of domain ``city`` is the file ``<PULL_SECRETS_DIR>/city/weather``, or else the
    variable ``PULL_SECRET_CITY_WEATHER``.
    """
    if not source.secret:
        return ""
    if not SECRET_NAME.fullmatch(source.secret):
        raise ProblemError(_("Name the secret by small letters, digits and _."), "secret", code="name")
    file = Path(settings.PULL_SECRETS_DIR) / source.domain / source.secret
    if settings.PULL_SECRETS_DIR and file.is_file():
        return file.read_text(encoding="utf-8").strip()
    found = os.environ.get(f"PULL_SECRET_{source.domain}_{source.secret}".upper())
    if not found:
        detail = _("The secret %(name)s has not been set; ask the system administrator.")
        raise ProblemError(detail % {"name": source.secret}, "secret", code="missing")
    return found


def source_fetch(source: Source, mapping: Mapped, *, url: str = "", accept: str = "*/*") -> Answer | None:
    """The answer of a source, None when it has not changed; ProblemError says in words why there is none.

    Without ``url`` the source's own address is asked, and only for what changed since the last answer.
    """
    headers = {"Accept": accept, "User-Agent": "cityplatform", **_authorization(source, mapping)}
    if not url:
        headers |= _conditions(source)
    limits = Limits(seconds=settings.PULL_SECONDS, size=settings.PULL_MAX_BYTES)
    answer = fetch(
        url or source.address, allowed=settings.PULL_ALLOWED_NETWORKS, headers=headers, limits=limits
    )
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return None
    if answer.status != HTTPStatus.OK:
        raise _refusal(answer.status)
    return answer


def _conditions(source: Source) -> dict[str, str]:
    wanted = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    return {name: value for name, value in wanted.items() if value}


def _authorization(source: Source, mapping: Mapped) -> dict[str, str]:
    secret = secret_read(source)
    if not secret:
        return {}
    if mapping.auth.startswith("header:"):
        return {mapping.auth.removeprefix("header:"): secret}
    if mapping.auth == "basic":
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return {"Authorization": f"Bearer {secret}"}


def _refusal(status: int) -> ProblemError:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        detail = _("The other side refuses our secret (%(status)d); ask its operator for a valid one.")
    elif status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        detail = _("There is nothing at this address (%(status)d); check it with the operator.")
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        detail = _("The other side wants to be asked less often (%(status)d).")
    else:
        detail = _("The other side answers with error %(status)d; its operator must look into it.")
    return ProblemError(detail % {"status": status}, "address", 502, "status")
