"""Anchors: the end of the chain once an hour, authenticated by a key that the database does not hold.

Each also goes to a file outside the database (AUDIT_ANCHORS), so that even somebody who owns the database and
makes the whole chain anew is found out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit.models import AccessAnchor, AccessLink
from apps.audit.selectors.anchors import anchor_mac
from apps.audit.services.sealing import entries_seal


def anchor_make() -> AccessAnchor | None:
    """Seal what waits, a day back, and anchor the end of the chain; None while there is no chain."""
    entries_seal(far=True)
    last = AccessLink.objects.order_by("-position").first()
    newest = AccessAnchor.objects.order_by("-id").first()
    if last is None or (newest is not None and newest.position == last.position):
        return newest
    purged = (newest.purged_short, newest.purged_long) if newest else (0, 0)
    return anchor_add(last, purged=purged)


@transaction.atomic
def anchor_add(link: AccessLink, *, purged: tuple[int, int]) -> AccessAnchor:
    """An anchor at this link; it goes to the file when it is safe."""
    anchor = AccessAnchor(at=timezone.now(), position=link.position, digest=bytes(link.digest))
    anchor.purged_short, anchor.purged_long = purged
    anchor.mac = anchor_mac(anchor)
    anchor.save(force_insert=True)
    transaction.on_commit(lambda: _file_add(anchor))
    return anchor


def _file_add(anchor: AccessAnchor) -> None:
    path = Path(settings.AUDIT_ANCHORS)
    path.parent.mkdir(parents=True, exist_ok=True)
    line: dict[str, Any] = {
        "at": anchor.at.isoformat(),
        "position": anchor.position,
        "digest": bytes(anchor.digest).hex(),
        "purged_short": anchor.purged_short,
        "purged_long": anchor.purged_long,
        "mac": anchor.mac,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
