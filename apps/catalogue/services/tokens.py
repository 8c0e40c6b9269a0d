"""A program at the door: its token is looked up, its quota taken, its use written down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.catalogue.data import TokenFacts
from apps.catalogue.models import AccessRequest, ApiClient
from apps.catalogue.selectors.tokens import KEY_PREFIX, token_facts
from apps.core.errors import ProblemError
from apps.privacy.services.asking import request_viewer_set

FACTS_KEY = "cityplatform.token"
COUNT = """
    INSERT INTO catalogue_clientuse (client_id, day, requests, rows, errors) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (client_id, day) DO UPDATE SET requests = catalogue_clientuse.requests + EXCLUDED.requests,
       rows = catalogue_clientuse.rows + EXCLUDED.rows, errors = catalogue_clientuse.errors + EXCLUDED.errors
    RETURNING requests
"""
PROVIDE = """
    INSERT INTO catalogue_provision (request_id, day, fields, answers, rows, legal_basis)
    VALUES (%s, %s, %s, 1, %s, %s)
    ON CONFLICT (request_id, day) DO UPDATE SET answers = catalogue_provision.answers + 1,
       rows = catalogue_provision.rows + EXCLUDED.rows
"""


class UnknownTokenError(Exception):
    """The token is unknown, expired or revoked, or its program has ended."""


class QuotaError(ProblemError):
    """The program has used up its day; ``seconds`` until the next one begins."""

    seconds: int = 0


def bearer_token(header: str) -> str:
    """The token of an Authorization header; "" where it carries none (API keys are no tokens)."""
    scheme, _space, text = header.partition(" ")
    is_token = scheme.lower() == "bearer" and not text.strip().startswith(KEY_PREFIX)
    return text.strip() if is_token else ""


def token_admit(request: Any, text: str, *, scoped: bool = True) -> tuple[TokenFacts, Viewer]:
    """Admit one request of a program; its viewer is then the narrowed one for every exit.

    ``scoped`` is false only where notices are read. UnknownTokenError for a bad token; ProblemError 403 where
    no scope of it holds any more, 429 (QuotaError)
    where the day's requests are used up.
    """
    facts = token_facts(text)
    if facts is None:
        raise UnknownTokenError
    http: HttpRequest = getattr(request, "_request", request)
    http.META[FACTS_KEY] = facts
    quota_take(facts.client_id)
    if scoped and not facts.request_ids:
        detail = _("None of this token's scopes holds any more: the access was recalled or has ended.")
        raise ProblemError(detail, "scope", 403, "scope")
    request_viewer_set(request, facts.user_id, facts.viewer)
    return facts, facts.viewer


def quota_take(client_id: int) -> int:
    """Count one request of today; QuotaError when it is one too many. Returns how many are left."""
    used = _count(client_id, requests=1)
    left = ApiClient.objects.values_list("quota", flat=True).get(pk=client_id) - used
    if left < 0:
        error = QuotaError(
            _("The program has used its requests of today; the next day begins at %(moment)s.")
            % {"moment": _tomorrow().isoformat()},
            "",
            429,
            "quota",
        )
        error.seconds = max(1, round((_tomorrow() - timezone.now()).total_seconds()))
        raise error
    return left


def _tomorrow() -> datetime:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _count(client_id: int, *, requests: int = 0, rows: int = 0, errors: int = 0) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [client_id, timezone.localdate(), requests, rows, errors])
        return int(cursor.fetchone()[0])


@transaction.atomic
def use_record(facts: TokenFacts, *, status: int, rows: int, types: Collection[str] = ()) -> None:
    """Write down what an answer gave: the program's day, and the ledger of what was provided to whom."""
    failed = status >= HTTPStatus.BAD_REQUEST
    if rows or failed:
        _count(facts.client_id, rows=rows, errors=int(failed))
    if failed or not rows:
        return
    for request in _answered(facts.request_ids, types):
        with connection.cursor() as cursor:
            values: list[Any] = [
                request.pk,
                timezone.localdate(),
                list(request.fields),
                rows,
                request.legal_basis,
            ]
            cursor.execute(PROVIDE, values)


def _answered(ids: Sequence[int], types: Collection[str]) -> list[AccessRequest]:
    """The requests on whose strength the answer was given: of its object type where that is known."""
    found = list(AccessRequest.objects.filter(pk__in=ids).select_related("dataset"))
    chosen = [request for request in found if request.dataset.object_type in types]
    return chosen or found
