"""What a policy changes: for which roles, on which fields; and whether it locks everybody out of something.

People are represented by the archetypes of every role: each clearance, without a purpose and with each
approved one. What no archetype can see, nobody can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.apps import apps
from django.utils.translation import gettext as _

from apps.accounts.data import AccessGrant, Capability, Office, Viewer
from apps.accounts.selectors import roles_all
from apps.core.grades import Grade
from apps.core.quantities import listed
from apps.privacy.data import Outcome, Reason, RowFacts
from apps.privacy.policy.decision import decided
from apps.privacy.policy.gate import gate
from apps.privacy.policy.grades import all_grades, domain_of, domain_slugs, grades_of, object_types
from apps.privacy.policy.rules import WIDTH, Policy

OWN = ("privacy.PolicyVersion", "privacy.PolicyRule")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One outcome that a policy changes, for the person of the role to whom it takes or gives the most."""

    role: str
    object_type: str
    field: str
    clearance: Grade
    purpose: str
    before: Outcome
    after: Outcome

    @property
    def narrows(self) -> bool:
        """Whether less is shown than before."""
        return WIDTH[self.after] > WIDTH[self.before]


def policy_changes(old: Policy, new: Policy) -> list[Change]:
    """The (role, object type, field) outcomes that differ, the greatest loss of each."""
    found: dict[tuple[str, str, str], Change] = {}
    touched = _touched(old, new)
    for role, viewer in _archetypes(old, new):
        for object_type, fields in touched.items():
            for change in _differences(old, new, role, viewer, object_type, fields):
                key = (change.role, change.object_type, change.field)
                if key not in found or _size(change) > _size(found[key]):
                    found[key] = change
    return [found[key] for key in sorted(found)]


def _size(change: Change) -> int:
    return abs(WIDTH[change.after] - WIDTH[change.before])


def _differences(
    old: Policy, new: Policy, role: str, viewer: Viewer, object_type: str, fields: list[str]
) -> Iterator[Change]:
    if not _is_inside(viewer, object_type):
        return
    asked = _for(viewer, object_type)
    for field in fields:
        before, after = (_outcome(policy, asked, object_type, field) for policy in (old, new))
        if before is not after:
            yield Change(role, object_type, field, viewer.clearance, viewer.purpose, before, after)


def _outcome(policy: Policy, viewer: Viewer, object_type: str, field: str) -> Outcome:
    domain = next(iter(viewer.domains), "")
    return decided(policy, viewer, object_type, field, RowFacts(domain=domain)).outcome


def _for(viewer: Viewer, object_type: str) -> Viewer:
    """The archetype with an approval of his purpose on this object type."""
    if not viewer.purpose:
        return viewer
    return replace(viewer, grants=frozenset({AccessGrant(0, object_type, viewer.purpose)}))


def _touched(old: Policy, new: Policy) -> dict[str, list[str]]:
    """The fields about which the two policies say different things."""
    touched: dict[str, list[str]] = {}
    for key in all_grades():
        object_type, _dot, field = key.rpartition(".")
        if old.rules_for(object_type, field) != new.rules_for(object_type, field):
            touched.setdefault(object_type, []).append(field)
    return touched


def _archetypes(*policies: Policy) -> Iterator[tuple[str, Viewer]]:
    named = {purpose for policy in policies for rule in policy.rules for purpose in rule.purposes}
    for role in roles_all():
        own = [(role.domain, purpose) for purpose in role.purposes]
        for clearance in Grade:
            for purpose in ("", *sorted(named | {purpose for _domain, purpose in own} | {"approved"})):
                yield (
                    role.key,
                    Viewer(
                        roles=frozenset({role.key}),
                        clearance=clearance,
                        office=Office(role.office) if role.office else None,
                        rights=frozenset((role.domain, Capability(item)) for item in role.capabilities),
                        purposes=frozenset(own),
                        purpose=purpose,
                    ),
                )


def policy_differs(old: Policy, new: Policy) -> bool:
    """Whether the two say different things about some field of some object type."""
    return bool(_touched(old, new))


def policy_faults(old: Policy, new: Policy) -> list[str]:
    """Who would be locked out, in sentences: with one of them the policy may not come into force."""
    touched = _touched(old, new)
    people = list(_archetypes(old, new))
    lost = [name for name in touched if _is_seen(old, people, name) and not _is_seen(new, people, name)]
    faults = []
    if lost:
        titles = [str(apps.get_model(name)._meta.verbose_name) for name in lost[:MOST_NAMED]]
        names = listed(titles) + (" …" if len(lost) > MOST_NAMED else "")
        faults.append(
            _("Nobody could see these objects any more: %(names)s. Leave them to some role.")
            % {"names": names}
        )
    if _blinds_security(old, new, people):
        faults.append(_("The security administrators could no longer read the policy, people or roles."))
    return faults


def _is_seen(policy: Policy, people: list[tuple[str, Viewer]], object_type: str) -> bool:
    """Whether somebody is shown some field: asked of the roles whose gate is open, most cleared first."""
    inside = [viewer for _role, viewer in people if _is_inside(viewer, object_type)]
    return any(
        _outcome(policy, _for(viewer, object_type), object_type, field) in {Outcome.CLEAR, Outcome.MASKED}
        for viewer in reversed(inside)
        for field in grades_of(object_type)
    )


def _is_inside(viewer: Viewer, object_type: str) -> bool:
    domain = domain_of(object_type)
    own = domain if domain in domain_slugs() else next(iter(viewer.domains), "")
    return gate(viewer, object_type, own) is Reason.ALLOWED


def _blinds_security(old: Policy, new: Policy, people: list[tuple[str, Viewer]]) -> bool:
    offices = [viewer for _role, viewer in people if viewer.office is Office.SECURITY]
    return any(
        _outcome(old, viewer, name, field) is Outcome.CLEAR
        and _outcome(new, viewer, name, field) is not Outcome.CLEAR
        for viewer in offices
        for name in object_types()
        if name in OWN or domain_of(name) == "accounts"
        for field in grades_of(name)
    )
