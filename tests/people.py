"""The cast: people whose rights the tests compare."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.contrib.auth.hashers import make_password

from apps.accounts.models import Department, Division, Role, User
from apps.accounts.services import role_grant
from apps.core.domains import all_domains
from apps.core.grades import Grade

CAPABILITIES = {
    "viewer": ["view"],
    "operator": ["view", "upload", "handle", "train", "plan"],
    "planner": ["view", "plan", "publish"],
    "analyst": ["view", "upload", "train", "promote"],
    "approver": ["view", "approve"],
}
OFFICES = ("system", "security", "auditor")
PASSWORD = "Correct-horse-7-battery"


@cache
def password_hash() -> str:
    """The hash of everybody's password, made once: it takes longer than most tests."""
    return make_password(PASSWORD)


def department(code: str = "transport") -> Department:
    """A department, made once."""
    return Department.objects.get_or_create(code=code, defaults={"name_zh": code, "name_en": code})[0]


def division(code: str) -> Division:
    """A division code that has been valid since 2020."""
    return Division.objects.get_or_create(code=code, valid_from="2020-01-01", defaults={"name_zh": code})[0]


def business_role(domain: str, kind: str) -> Role:
    """One of the five business roles of a domain."""
    names = {"domain": domain, "capabilities": CAPABILITIES[kind], "name_zh": kind, "name_en": kind}
    return Role.objects.get_or_create(key=f"{domain}-{kind}", defaults=names)[0]


def office_role(office: str) -> Role:
    """One of the three administrators."""
    return Role.objects.get_or_create(
        key=office, defaults={"office": office, "name_zh": office, "name_en": office}
    )[0]


def person(
    username: str,
    *,
    roles: Sequence[str] = (),
    clearance: Grade = Grade.L2,
    division_code: str = "",
    office: str = "",
) -> User:
    """A user with roles such as ``"city-operator"``, or one office."""
    user = User.objects.create(
        username=username,
        password=password_hash(),
        clearance=clearance,
        department=department(),
        division=division(division_code) if division_code else None,
        is_staff=True,
    )
    for key in roles:
        domain, _, kind = key.partition("-")
        role_grant(user, role=business_role(domain, kind), by=None)
    if office:
        role_grant(user, role=office_role(office), by=None)
    return user


def everybody() -> dict[str, User]:
    """One user for each role of each domain, each office, and one without any role."""
    people = {
        f"{domain.slug}-{kind}": person(f"{domain.slug}.{kind}", roles=[f"{domain.slug}-{kind}"])
        for domain in all_domains()
        for kind in CAPABILITIES
    }
    people |= {office: person(office, office=office) for office in OFFICES}
    return people | {"nobody": person("nobody")}
