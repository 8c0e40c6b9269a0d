"""The gate: whether somebody may know that such objects exist, by role, office, vendor or grant."""

from __future__ import annotations

from apps.accounts.data import AccessGrant, Office, Viewer
from apps.core.divisions import is_within
from apps.privacy.data import SUPPORT, Reason, RowFacts
from apps.privacy.policy.facts import offices_of
from apps.privacy.policy.grades import domain_of, domain_slugs

# Platform objects that only one office may see; every other object follows its domain. A model of an app
# that has both kinds names its offices in the class attribute ``SEEN_BY``.
OFFICES: dict[str, frozenset[Office]] = {
    "accounts": frozenset({Office.SYSTEM, Office.SECURITY}),
    "audit": frozenset({Office.AUDITOR}),
}
# Objects that an office sees beside the people of the domains: how backups fare, never a reading.
KEEPERS = frozenset({Office.SYSTEM, Office.AUDITOR})
ALSO: dict[str, frozenset[Office]] = {
    "archive.DrillReport": KEEPERS,
    "subjects.Incident": frozenset({Office.SECURITY}),
}


def gate(viewer: Viewer, object_type: str, domain: str) -> Reason:
    """ALLOWED, or why the viewer's roles, or his token, do not let him know of such objects."""
    if not viewer.is_within_limits(object_type):
        return Reason.SCOPE
    owner = domain_of(object_type)
    offices = offices_of(object_type) or OFFICES.get(owner)
    if offices is not None:
        return Reason.ALLOWED if viewer.office in offices else Reason.NO_ROLE
    if viewer.office is not None:
        return Reason.ALLOWED if viewer.office in ALSO.get(object_type, ()) else Reason.OFFICE
    if viewer.vendor:
        return Reason.SYNTHETIC
    if owner not in domain_slugs():
        owner = domain
    if owner:
        return Reason.ALLOWED if owner in viewer.domains else Reason.NO_ROLE
    return Reason.ALLOWED if viewer.domains else Reason.NO_ROLE


def grants_of(viewer: Viewer, object_type: str) -> list[AccessGrant]:
    """What was approved for the viewer on objects of this type, for the purpose that he states."""
    return [
        grant
        for grant in viewer.grants
        if viewer.purpose and grant.purpose == viewer.purpose and grant.object_type == object_type
        if not viewer.vendor
        or grant.purpose == SUPPORT  # a contractor needs a ticket, whatever else he was given
    ]


def opens(object_type: str) -> bool:
    """Whether a grant lets somebody in who holds no role: only where the object type names its domain."""
    return domain_of(object_type) in domain_slugs()


def waits_for_grant(reason: Reason, object_type: str) -> bool:
    """Whether a grant can let in somebody whom the gate refuses: without a role, or a contractor."""
    return reason in {Reason.NO_ROLE, Reason.SYNTHETIC} and opens(object_type)


def entry(viewer: Viewer, object_type: str, facts: RowFacts, grants: list[AccessGrant]) -> Reason:
    """ALLOWED, or why the viewer may not know of this row; ``grants`` are those that cover row and field."""
    reason = gate(viewer, object_type, facts.domain)
    if reason is Reason.ALLOWED:
        return (
            reason if grants or is_within(facts.place, viewer.division, viewer.former) else Reason.OTHER_PLACE
        )
    if not waits_for_grant(reason, object_type):
        return reason
    if grants:
        return Reason.ALLOWED
    waits = any(grant.object_type == object_type for grant in viewer.grants) and not viewer.purpose
    return Reason.PURPOSE if waits else reason


def covers_row(grant: AccessGrant, facts: RowFacts) -> bool:
    """Whether the grant speaks of this row; a limited grant covers no row that is not known."""
    in_place = not grant.place or (bool(facts.place) and is_within(facts.place, grant.place, grant.former))
    return in_place and (not grant.objects or facts.object_id in grant.objects)
