"""The end of an entry's life: 180 days at the earliest, three years for records of giving data.

The floors stand in the database's own function and triggers; no setting and no argument goes below them. The
chain stays whole: the anchor of the purge says up to which place entries may be missing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.data import KEPT, KEPT_DAYS, KEPT_LASTING, LASTING_YEARS, Act
from apps.audit.models import AccessLink
from apps.audit.services.anchoring import anchor_add, anchor_make
from apps.audit.services.recording import access_record
from apps.core.errors import ProblemError


@transaction.atomic
def access_log_purge(*, before: datetime, lasting_before: datetime, by: int | None = None) -> int:
    """Remove ordinary entries sealed before ``before`` and lasting ones before ``lasting_before``.

    Returns how many; 409 where a moment lies within the time that the law sets.
    """
    now = timezone.now()
    if before > now - KEPT:
        detail = _("The access log is kept for at least %(days)d days.") % {"days": KEPT_DAYS}
        raise ProblemError(detail, "before", 409)
    if lasting_before > min(before, now - KEPT_LASTING):
        detail = _("Records of giving data are kept for at least %(years)d years.") % {"years": LASTING_YEARS}
        raise ProblemError(detail, "lasting_before", 409)
    newest = anchor_make()
    short, long = _end(before), _end(lasting_before)
    if newest is None or short is None:
        return 0
    if long is not None:
        anchor_add(
            long, purged=(newest.purged_short, newest.purged_long)
        )  # where the chain begins from now on
    purged = (short.position, long.position if long else newest.purged_long)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_purge(%s, %s)", purged)
        gone = int(cursor.fetchone()[0])
    anchor_add(AccessLink.objects.latest("position"), purged=purged)
    access_record(Act("purge", by, "audit.AccessEntry", f"{purged[0]}:{purged[1]}", rows=gone))
    return gone


def _end(moment: datetime) -> AccessLink | None:
    """The last link that was sealed before the moment, with everything before it."""
    later = AccessLink.objects.filter(sealed_at__gte=moment).order_by("position").first()
    links = AccessLink.objects.order_by("-position")
    return links.filter(position__lt=later.position).first() if later else links.first()
