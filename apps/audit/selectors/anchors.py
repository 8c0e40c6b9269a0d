"""Whether anchors are ours and fit the chain."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.utils import timezone

from apps.audit.data import Fault, FaultKind
from apps.audit.models import AccessAnchor, AccessLink
from apps.core.keys import mac_key

USE = "audit-anchor"
LARGEST = 2**63
LINES = 100_000  # eleven years of hours


def anchor_mac(anchor: AccessAnchor) -> str:
    """HMAC-SM3 over everything that the anchor says."""
    moment = anchor.at.astimezone(UTC).isoformat()
    return _mac(
        [moment, anchor.position, bytes(anchor.digest).hex(), anchor.purged_short, anchor.purged_long]
    )


def _mac(words: list[Any]) -> str:
    code = HMAC(mac_key(USE), SM3())
    code.update(json.dumps(words).encode())
    return code.finalize().hex()


def anchor_is_ours(anchor: AccessAnchor) -> bool:
    """Whether the code is one that only the keeper of the key can make."""
    return compare_digest(anchor.mac, anchor_mac(anchor))


def purge_newest() -> AccessAnchor | None:
    """The newest anchor of ours that tells of a purge."""
    found = AccessAnchor.objects.exclude(purged_short=0).order_by("-id")
    return next((anchor for anchor in found.iterator() if anchor_is_ours(anchor)), None)


def anchor_faults(purge: AccessAnchor | None) -> Iterator[Fault]:
    """Anchors that are not ours, or whose place in the chain has another digest now."""
    anchors = AccessAnchor.objects.order_by("id")
    for some in _chunks(anchors.iterator(chunk_size=1000)):
        digests = _digests([anchor.position for anchor in some])
        for anchor in some:
            is_gone = purge is not None and anchor.position <= purge.purged_long
            fits = is_gone or digests.get(anchor.position) == bytes(anchor.digest).hex()
            if not fits or not anchor_is_ours(anchor):
                yield Fault(FaultKind.ANCHOR, 0, anchor.position)


def file_faults(purge: AccessAnchor | None) -> Iterator[Fault]:
    """Anchors of the file outside the database that are not ours or that the chain does not know.

    A line that cannot be read is a fault at position 0: somebody wrote into the file. None without a file.
    """
    path = Path(settings.AUDIT_ANCHORS)
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        lines = [_line(line) for line in deque(file, maxlen=LINES)]
    yield from (Fault(FaultKind.ANCHOR, 0, 0) for line in lines if line is None)
    kept = [line for line in lines if line is not None and _is_kept(line, purge)]
    for some in _chunks(iter(kept)):
        digests = _digests([line["position"] for line in some])
        for line in some:
            if digests.get(line["position"]) != line["digest"] or not _line_is_ours(line):
                yield Fault(FaultKind.ANCHOR, 0, line["position"])


def _line(text: str) -> dict[str, Any] | None:
    """A line of the file; None when it is none of the platform's."""
    try:
        line = json.loads(text)
        datetime.fromisoformat(line["at"])
        is_whole = 0 < line["position"] < LARGEST and isinstance(line["digest"] + line["mac"], str)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return line if is_whole else None


def _is_kept(line: dict[str, Any], purge: AccessAnchor | None) -> bool:
    return purge is None or bool(line["position"] > purge.purged_long)


def _line_is_ours(line: dict[str, Any]) -> bool:
    """Whether the code of a line fits what it says: who makes the chain anew cannot make the lines anew.

    Lines that were written before they named the purge are ours when the database has their anchor.
    """
    moment = datetime.fromisoformat(line["at"]).astimezone(UTC).isoformat()
    purged = [line.get(name, 0) for name in ("purged_short", "purged_long")]
    if compare_digest(
        line["mac"].encode(), _mac([moment, line["position"], line["digest"], *purged]).encode()
    ):
        return True
    known = AccessAnchor.objects.filter(mac=line["mac"], position=line["position"])
    return any(anchor_is_ours(anchor) and bytes(anchor.digest).hex() == line["digest"] for anchor in known)


def uncovered_faults() -> Iterator[Fault]:
    """The end of the chain where no anchor of ours has bound it for more than a day.

    Anchors are made each hour; where the database and the file have none, somebody has removed them.
    """
    newest = AccessAnchor.objects.order_by("-position", "-id").iterator()
    covered = next((anchor.position for anchor in newest if anchor_is_ours(anchor)), 0)
    since = timezone.now() - timedelta(hours=25)
    bare = AccessLink.objects.filter(position__gt=covered, sealed_at__lt=since).order_by("position").first()
    if bare is not None:
        yield Fault(FaultKind.ANCHOR, bare.entry_id, bare.position)


def _digests(positions: list[int]) -> dict[int, str]:
    found = AccessLink.objects.filter(position__in=positions).values_list("position", "digest")
    return {position: bytes(digest).hex() for position, digest in found}


def _chunks(items: Iterator[Any], size: int = 1000) -> Iterator[list[Any]]:
    some: list[Any] = []
    for item in items:
        some.append(item)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
