"""One decision: gate, place, owner, label, purpose, minors, consent, then the rules of the policy.

Each step can only take away, so that whatever a rule or a grant says, a field graded above the clearance
of the viewer is never clear (mandatory control, GB/T 22239-2019 8.1.4.2).
"""

from __future__ import annotations

from apps.accounts.data import AccessGrant, Viewer
from apps.core.grades import Category, FieldGrade, Grade
from apps.privacy.data import CLEAR, Decision, Outcome, Reason, RowFacts
from apps.privacy.policy.gate import covers_row, entry, grants_of
from apps.privacy.policy.grades import all_grades, domain_of, domain_slugs
from apps.privacy.policy.rules import Policy, below, narrower

PERSONAL = Grade.L3  # from here on a field says something about a person


def decided(policy: Policy, viewer: Viewer, object_type: str, field: str, facts: RowFacts) -> Decision:
    """What ``viewer``, stating ``viewer.purpose``, gets of a field of a row with these facts."""
    grants = [
        grant
        for grant in grants_of(viewer, object_type)
        if grant.covers(object_type, field) and covers_row(grant, facts)
    ]
    reason = entry(viewer, object_type, facts, grants)
    if reason is not Reason.ALLOWED:
        return Decision(Outcome.HIDDEN, reason)
    if not viewer.is_within_limits(object_type, field):
        return Decision(Outcome.HIDDEN, Reason.SCOPE)
    declared = all_grades().get(f"{object_type}.{field}")
    if declared is None:
        return Decision(Outcome.HIDDEN, Reason.UNKNOWN)
    # Passwords, digests and index tokens are for programs: nobody reads them.
    is_secret = declared.category is Category.CREDENTIAL
    reason = Reason.RULE if is_secret else by_label(viewer, object_type, declared, facts, grants)
    decision = CLEAR if reason is Reason.ALLOWED else below(declared, reason)
    rule = policy.first(viewer, object_type, field)
    narrowed = rule.decision(viewer, declared, is_granted=bool(grants)) if rule else None
    return narrower(decision, narrowed) if narrowed else decision


def by_label(
    viewer: Viewer, object_type: str, declared: FieldGrade, facts: RowFacts, grants: list[AccessGrant]
) -> Reason:
    """ALLOWED, or the first reason of grade, category and row why the field is not clear."""
    if declared.grade > viewer.clearance:
        return Reason.CLEARANCE
    if declared.grade >= PERSONAL and not grants and facts.department not in {"", viewer.department}:
        return Reason.OTHER_DEPARTMENT
    if declared.grade is Grade.L4 and not (grants or _has_purpose(viewer, object_type, facts)):
        return Reason.PURPOSE
    if _is_minors(declared, facts) and not grants:
        return Reason.APPROVAL
    if declared.grade >= PERSONAL and not facts.has_consent:
        return Reason.CONSENT
    return Reason.ALLOWED


def _has_purpose(viewer: Viewer, object_type: str, facts: RowFacts) -> bool:
    """Whether the stated purpose is one that a role of the viewer has in the domain of the object.

    Objects of an office belong to no domain; there any stated purpose does, the access log keeps it.
    """
    owner = domain_of(object_type)
    domain = owner if owner in domain_slugs() else facts.domain
    if viewer.office is not None:
        return bool(viewer.purpose)
    return (domain, viewer.purpose) in viewer.purposes


def _is_minors(declared: FieldGrade, facts: RowFacts) -> bool:
    """Regulations on minors' online protection (2023), Art. 36: approval before staff looks."""
    return declared.category is Category.MINOR or (facts.is_minor and declared.grade >= PERSONAL)
