"""Whether anchors are ours and fit the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from hmac import compare_digest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from apps.audit.data import Fault, FaultKind
from apps.audit.models import AccessAnchor, AccessLink
from apps.core.keys import mac_key

USE = "audit-anchor"
LINES = 100_000  # eleven years of hours


def anchor_mac(anchor: AccessAnchor) -> str:
    """HMAC-SM3 over everything that the anchor says."""
    moment = anchor.at.astimezone(UTC).isoformat()
    words = [moment, anchor.position, bytes(anchor.digest).hex(), anchor.purged_short, anchor.purged_long]
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
    """Anchors of the file outside the database that the chain does not know; none without a file."""
    path = Path(settings.AUDIT_ANCHORS)
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file][-LINES:]
    kept = [line for line in lines if purge is None or line["position"] > purge.purged_long]
    for some in _chunks(iter(kept)):
        digests = _digests([line["position"] for line in some])
        for line in some:
            if digests.get(line["position"]) != line["digest"]:
                yield Fault(FaultKind.ANCHOR, 0, line["position"])


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
