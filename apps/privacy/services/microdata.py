"""Releases of rows about people: asked for, decided by somebody else, handed out, recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import user_get, viewer_for
from apps.accounts.services.sessions import approval_require
from apps.audit.services import Act, access_record
from apps.core.declarations import PersonalTable
from apps.core.domains import tables_by_id
from apps.core.errors import ProblemError
from apps.core.spreadsheets import cell_safe
from apps.privacy.data import Outcome
from apps.privacy.models import MicroRelease, MicroReleaseState
from apps.privacy.services.anonymising import release_make, wanted
from apps.privacy.services.tables import Asked, columns_get, columns_require, rows_read, table_get

CLEAR_ONLY = frozenset({Outcome.CLEAR})
LABEL = "privacy.MicroRelease"
FILES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True)
class MicroWish:
    """Which rows somebody wants, for what, and for whom."""

    table: str
    columns: Sequence[str]
    purpose: str
    recipient: str


@transaction.atomic
def microrelease_ask(wish: MicroWish, *, viewer: Viewer) -> MicroRelease:
    """Ask for a release; refused when the asker himself may not see a column for this purpose."""
    domain, table = table_get(viewer, wish.table)
    columns = columns_get(table, wish.columns, name="columns")
    for name, words in (("purpose", wish.purpose), ("recipient", wish.recipient)):
        if not words.strip():
            raise ProblemError(_("State the purpose and the recipient of the release."), name)
    columns_require(viewer, table, Asked(columns, wish.purpose.strip(), CLEAR_ONLY, "columns"))
    release = MicroRelease.objects.create(
        domain=domain.slug,
        table=wish.table,
        columns=[column.key for column in columns],
        purpose=wish.purpose.strip(),
        recipient=wish.recipient.strip(),
        asked_by_id=viewer.user_id,
    )
    _record("request", release, viewer)
    return release


@transaction.atomic
def microrelease_decide(
    release: MicroRelease, *, viewer: Viewer, approve: bool, reason: str = ""
) -> MicroRelease:
    """Approve and make a release, or refuse it with a reason; never by the asker himself (four eyes).

    An approved release that cannot be made anonymous enough is blocked, and says why.
    """
    stored = MicroRelease.objects.select_for_update().get(pk=release.pk)
    _deciding_require(stored, viewer)
    if not approve and not reason.strip():
        raise ProblemError(_("Give the reason for the refusal."), "reason")
    stored.decided_by_id, stored.decided_at, stored.reason = viewer.user_id, timezone.now(), reason.strip()
    stored.state = MicroReleaseState.REFUSED
    if approve:
        _make(stored)
    stored.save()
    _record("release" if stored.state == MicroReleaseState.READY else "refuse", stored, viewer)
    return stored


def _deciding_require(release: MicroRelease, viewer: Viewer) -> None:
    if not viewer.may(release.domain, Capability.APPROVE):
        raise ProblemError(_("Your role may not approve releases; ask the approver."), "state", 403)
    if release.asked_by_id == viewer.user_id:
        raise ProblemError(_("Whoever asks for a release may not approve it."), "state", 403)
    if release.state != MicroReleaseState.ASKED:
        raise ProblemError(_("The release has been decided already."), "state", 409)
    approval_require(viewer)


def _make(release: MicroRelease) -> None:
    """Fill in the rows by the rights that the asker has now, or the reason why there are none."""
    asker = viewer_for_id(release.asked_by_id)
    table, asked = _asked_now(release, asker)
    rows = rows_read(asker, table, asked)
    made = release_make(release.table, asked.columns, rows, recipient=release.recipient)
    if made is None:
        release.state = MicroReleaseState.BLOCKED
        words = _(
            "Even the coarsest form has groups of fewer than %(k)d people or too few different values. "
            "Ask for fewer columns or a larger table."
        )
        release.reason = words % {"k": wanted().k}
        return
    release.state, release.content = MicroReleaseState.READY, made.content
    release.levels, release.measures = made.levels, made.measures
    release.rows, release.suppressed = made.rows, made.suppressed


def _asked_now(release: MicroRelease, asker: Viewer) -> tuple[PersonalTable, Asked]:
    """The question behind a release; ProblemError when the asker may no longer have its columns."""
    if release.table not in tables_by_id():
        raise ProblemError(_("The table is no longer declared."), "table", 409)
    _domain, table = table_get(asker, release.table)
    columns = columns_get(table, release.columns, name="columns")
    asked = Asked(columns, release.purpose, CLEAR_ONLY, "columns")
    columns_require(asker, table, asked)
    return table, asked


def viewer_for_id(user_id: int | None) -> Viewer:
    """What the asker may see now; a person who has left sees nothing."""
    user = user_get(user_id) if user_id else None
    return viewer_for(user) if user else Viewer()


def microrelease_file(release: MicroRelease, *, viewer: Viewer, kind: str) -> tuple[bytes, str]:
    """The file of a ready release and its media type, for the asker alone; every hand-out is recorded.

    ProblemError 403 or 404 also when the asker may no longer have these columns.
    """
    if kind not in FILES:
        raise ProblemError(_("Choose one of csv, parquet."), "file")
    if release.asked_by_id != viewer.user_id:
        raise ProblemError(_("Only the person who asked for a release may fetch it."), "id", 403)
    if release.state != MicroReleaseState.READY or release.content is None:
        raise ProblemError(_("The release is not ready."), "state", 409)
    _asked_now(release, viewer)
    _record("export", release, viewer)
    content = bytes(release.content)
    return (content if kind == "parquet" else _csv(content)), FILES[kind]


def _csv(content: bytes) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Chinese; what looks like a formula is quoted."""
    table = pq.read_table(io.BytesIO(content))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([cell_safe(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _record(action: str, release: MicroRelease, viewer: Viewer) -> None:
    access_record(
        Act(
            action,
            user_id=viewer.user_id,
            object_type=LABEL,
            object_id=str(release.pk),
            purpose=release.purpose,
            rows=release.rows,
            result=release.state,
            fields=tuple(release.columns),
            role=viewer.acting_roles,
        )
    )
