"""The policy kernel: (viewer, object type, field, purpose, place) -> clear, masked how, or hidden.

Pure and quick: no query, no clock. What is not declared is hidden.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.accounts.data import Office, Viewer
from apps.core.domains import all_domains
from apps.core.grades import FieldGrade, Grade, Mask
from apps.privacy.data import CLEAR, Decision, Outcome, Reason

# Platform objects that only one office may see; every other object follows its domain.
OFFICES: dict[str, frozenset[Office]] = {
    "accounts": frozenset({Office.SYSTEM, Office.SECURITY}),
    "audit": frozenset({Office.AUDITOR}),
}
# Objects that an office sees beside the people of the domains: how backups fare, never a reading.
KEEPERS = frozenset({Office.SYSTEM, Office.AUDITOR})
ALSO: dict[str, frozenset[Office]] = {
    "archive.Backup": KEEPERS,
    "archive.DrillReport": KEEPERS,
    "subjects.Incident": frozenset({Office.SECURITY}),
}


@cache
def all_grades() -> dict[str, FieldGrade]:
    """``"city.RoadSegment.name"`` -> grade, for every model of every app of ours."""
    grades = {
        f"{domain.slug}.{key}": grade for domain in all_domains() for key, grade in domain.privacy.items()
    }
    slugs = {domain.slug for domain in all_domains()}
    for config in apps.get_app_configs():
        if (
            config.name.startswith("apps.")
            and config.label not in slugs
            and find_spec(f"{config.name}.grades")
        ):
            declared = import_module(f"{config.name}.grades").GRADES
            grades |= {f"{config.label}.{key}": grade for key, grade in declared.items()}
    return grades


def domain_of(object_type: str) -> str:
    """``"city.RoadSegment"`` -> ``"city"``; platform objects give their app label."""
    return object_type.partition(".")[0]


def can_see(viewer: Viewer, object_type: str, *, domain: str = "") -> bool:
    """Whether the viewer may know that objects of this type exist.

    ``domain`` is needed for platform objects that belong to a domain, such as a datastream or a plan.
    """
    return _gate(viewer, object_type, domain) is Reason.ALLOWED


def _gate(viewer: Viewer, object_type: str, domain: str) -> Reason:
    if not viewer.is_within_limits(object_type):
        return Reason.SCOPE
    owner = domain_of(object_type)
    if owner in OFFICES:
        return Reason.ALLOWED if viewer.office in OFFICES[owner] else Reason.NO_ROLE
    if viewer.office is not None:
        return Reason.ALLOWED if viewer.office in ALSO.get(object_type, ()) else Reason.OFFICE
    if owner not in _slugs():
        owner = domain
    if owner:
        return Reason.ALLOWED if owner in viewer.domains else Reason.NO_ROLE
    return Reason.ALLOWED if viewer.domains else Reason.NO_ROLE


@cache
def _slugs() -> frozenset[str]:
    return frozenset(domain.slug for domain in all_domains())


def decide(  # six arguments: the whole question
    viewer: Viewer, object_type: str, field: str, *, purpose: str = "", place: str = "", domain: str = ""
) -> Decision:
    """What ``viewer`` gets of ``field`` of an object of type ``object_type``.

    ``place`` is the division code of the row ("" where rows have no place); ``domain`` as in ``can_see``.
    """
    gate = _gate(viewer, object_type, domain)
    if gate is not Reason.ALLOWED:
        return Decision(Outcome.HIDDEN, gate)
    if not viewer.is_within_limits(object_type, field):
        return Decision(Outcome.HIDDEN, Reason.SCOPE)
    if viewer.division and place and not place.startswith(viewer.division.rstrip("0") or viewer.division):
        return Decision(Outcome.HIDDEN, Reason.OTHER_PLACE)
    declared = all_grades().get(f"{object_type}.{field}")
    if declared is None:
        return Decision(Outcome.HIDDEN, Reason.UNKNOWN)
    return _by_grade(viewer, declared, purpose)


def _by_grade(viewer: Viewer, declared: FieldGrade, purpose: str) -> Decision:
    if declared.grade > viewer.clearance:
        return _below(declared, Reason.CLEARANCE)
    if declared.grade is Grade.L4 and not purpose:
        return _below(declared, Reason.PURPOSE)
    return CLEAR


def _below(declared: FieldGrade, reason: Reason) -> Decision:
    if declared.mask is Mask.NONE:
        return Decision(Outcome.HIDDEN, reason)
    return Decision(Outcome.MASKED, reason, declared.mask)
