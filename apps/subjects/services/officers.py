"""Who may work on the rights of a person, and what the access log keeps of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.accounts.services.sessions import privileged_require
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.subjects.data import PURPOSE
from apps.subjects.selectors import domains_with_people

Row = tuple[str, str]  # object type and id


def approved_domains(viewer: Viewer) -> list[str]:
    """The domains with people in which the viewer may approve; nothing without the highest clearance."""
    is_out = viewer.user_id is None or viewer.office is not None or viewer.vendor
    if is_out or viewer.clearance < Grade.L4:
        return []
    return [slug for slug in domains_with_people() if viewer.may(slug, Capability.APPROVE)]


def officer_check(viewer: Viewer, domains: Iterable[str] = ()) -> int:
    """The officer's user id; 403 unless he approves (in each of ``domains``) with the highest clearance."""
    allowed = approved_domains(viewer)
    if not allowed or viewer.user_id is None:
        detail = _("Only an approver with the highest clearance works on the rights of people.")
        raise ProblemError(detail, status=403, code="role")
    missing = sorted(set(domains) - set(allowed))
    if missing:
        detail = _("You are no approver in: %(domains)s. Ask an approver of these domains.")
        raise ProblemError(detail % {"domains": ", ".join(missing)}, status=403, code="role")
    privileged_require(viewer)
    return viewer.user_id


def act_record(action: str, viewer: Viewer, request_id: int, rows: Iterable[Row] = ()) -> None:
    """One entry of the access log for the request itself, and one for each object type that was touched."""
    touched = defaultdict[str, list[str]](list)
    for object_type, object_id in rows:
        touched[object_type].append(object_id)
    by, key, total = viewer.user_id, str(request_id), sum(map(len, touched.values()))
    access_record(Act(action, by, "subjects.SubjectRequest", key, PURPOSE, total))
    for label, ids in sorted(touched.items()):
        key = f"request:{request_id}"
        access_record(Act(action, by, label, key, PURPOSE, len(ids), objects=tuple(ids)))
