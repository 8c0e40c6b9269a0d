"""The policy kernel: (viewer, object type, field, purpose, row) -> clear, masked how, aggregated or hidden.

Quick: answers are read from tables that are worked out once for each policy version, class of viewers and
class of rows. What is not declared is hidden.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict, Unpack

from apps.accounts.data import Viewer
from apps.privacy.data import ANY_ROW, Decision, Outcome, Reason, RowFacts
from apps.privacy.policy.facts import strictest
from apps.privacy.policy.gate import ALSO, gate, grants_of, waits_for_grant
from apps.privacy.policy.grades import all_grades, domain_of, grades_of
from apps.privacy.policy.tables import class_of, table
from apps.privacy.selectors.inforce import policy_now

__all__ = ["ALSO", "all_grades", "can_see", "decide", "domain_of"]
UNGRADED = Decision(Outcome.HIDDEN, Reason.UNKNOWN)


class Where(TypedDict, total=False):
    """What callers know of a row without its facts: its division code, its domain."""

    place: str
    domain: str


def can_see(viewer: Viewer, object_type: str, *, domain: str = "") -> bool:
    """Whether the viewer may know that objects of this type exist.

    ``domain`` is needed for platform objects that belong to a domain, such as a datastream or a plan.
    """
    reason = gate(viewer, object_type, domain)
    if waits_for_grant(reason, object_type):
        return bool(grants_of(viewer, object_type))
    return reason is Reason.ALLOWED


def decide(
    viewer: Viewer,
    object_type: str,
    field: str,
    *,
    purpose: str = "",
    facts: RowFacts = ANY_ROW,
    **where: Unpack[Where],
) -> Decision:
    """What ``viewer`` gets of ``field`` of an object of type ``object_type``.

    ``purpose`` is what he states, else what the viewer carries. Of a row that is not known (``ANY_ROW``)
    the strictest is assumed. ``place`` is the division code of the row ("" where rows have no place);
    ``domain`` as in ``can_see``.
    """
    if facts is ANY_ROW:
        facts = strictest(object_type)
    if where:
        facts = replace(facts, **where)
    if purpose:
        viewer = replace(viewer, purpose=purpose)
    found = table(policy_now(), class_of(viewer), object_type, facts)
    if field in grades_of(object_type):
        return found[field]
    return (
        UNGRADED if can_see(viewer, object_type, domain=facts.domain) else _closed(viewer, object_type, facts)
    )


def _closed(viewer: Viewer, object_type: str, facts: RowFacts) -> Decision:
    return Decision(Outcome.HIDDEN, gate(viewer, object_type, facts.domain))
