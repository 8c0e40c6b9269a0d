"""People of the demonstration city: departments, divisions, roles, logins. Safe to repeat."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from apps.accounts.demo import (
    DEPARTMENTS,
    DIVISIONS,
    OFFICES,
    PEOPLE,
    PEOPLES_RIGHTS,
    PURPOSES,
    ROLES,
    VALID_FROM,
    Person,
)
from apps.accounts.models import Department, Division, Role, User
from apps.accounts.selectors import api_key_valid
from apps.accounts.services import role_grant
from apps.accounts.services.keys import api_key_create
from apps.core.domains import Domain, all_domains

LOGINS, SIMULATOR = "logins.json", "simulator.json"


@transaction.atomic
def people_seed() -> int:
    """Make every demonstration row that is missing; returns how many people there are."""
    divisions_seed()
    departments_seed()
    roles_seed()
    folder = Path(settings.VAR_DIR) / "secrets"
    known = {row["username"]: row["password"] for row in _read(folder / LOGINS) or []}
    rows = [_login(person, known.get(person.username)) for person in PEOPLE if _role(person.role)]
    _write(folder / LOGINS, rows)
    simulator_seed(folder)
    return len(rows)


def divisions_seed() -> None:
    """The demonstration city and its districts."""
    for code, name_zh, name_en in DIVISIONS:
        names = {"name_zh": name_zh, "name_en": name_en}
        Division.objects.update_or_create(code=code, valid_from=VALID_FROM, defaults=names)


def departments_seed() -> None:
    """The departments of the city; every owner that a domain names exists."""
    city = Division.objects.get(code=DIVISIONS[0][0], valid_from=VALID_FROM)
    for code, name_zh, name_en in DEPARTMENTS:
        names = {"name_zh": name_zh, "name_en": name_en, "division": city}
        Department.objects.update_or_create(code=code, defaults=names)
    for domain in all_domains():
        names = {"name_zh": domain.owner, "name_en": domain.owner, "division": city}
        Department.objects.get_or_create(code=domain.owner, defaults=names)


def roles_seed() -> None:
    """Five business roles for each domain, and the three administrators."""
    for domain in all_domains():
        for kind, (name_zh, name_en, capabilities) in ROLES.items():
            values: dict[str, Any] = {"domain": domain.slug, "capabilities": list(capabilities)}
            rights = PEOPLES_RIGHTS.get(kind, []) if domain.subjects else []
            values["purposes"] = [*PURPOSES.get((domain.slug, kind), []), *rights]
            names = {
                "name_zh": f"{_title(domain, 'zh-hans')}{name_zh}",
                "name_en": f"{_title(domain, 'en')} {name_en}",
            }
            Role.objects.update_or_create(key=f"{domain.slug}-{kind}", defaults={**values, **names})
    for office, (name_zh, name_en) in OFFICES.items():
        names = {"office": office, "name_zh": name_zh, "name_en": name_en}
        Role.objects.update_or_create(key=office, defaults=names)


def simulator_seed(folder: Path) -> None:
    """A key for each domain that has a simulator, kept as long as it is valid."""
    owner, _made = User.objects.get_or_create(
        username="simulator", defaults={"display_name": "模拟设备", "password": "!"}
    )
    kept: dict[str, str] = _read(folder / SIMULATOR) or {}
    keys = {
        domain.slug: _key(owner, domain.slug, kept.get(domain.slug, ""))
        for domain in all_domains()
        if domain.simulator
    }
    _write(folder / SIMULATOR, keys)


def _key(owner: User, domain: str, kept: str) -> str:
    if kept and api_key_valid(kept):
        return kept
    return api_key_create(owner, name=f"simulator {domain}", domain=domain, scopes=["ingest"])[1]


def _title(domain: Domain, language: str) -> str:
    with translation.override(language):
        return str(domain.title)


def _role(key: str) -> Role | None:
    return Role.objects.filter(key=key).first()


def _login(person: Person, password: str | None) -> dict[str, str]:
    """The user with role and place; a password that is not known any more is replaced."""
    user, made = User.objects.get_or_create(username=person.username)
    if password is None or made:
        password = password or password_new(person.username)
        user.set_password(password)
    user.display_name, user.clearance, user.is_staff = person.name, person.clearance, True
    user.department = Department.objects.get(code=person.department)
    user.division, user.vendor = Division.objects.filter(code=person.division).first(), person.vendor
    user.save()
    role = Role.objects.get(key=person.role)
    role_grant(user, role=role, by=None)
    return {
        "username": user.username,
        "password": password,
        "role_zh": role.name_zh,
        "role_en": role.name_en,
    }


def password_new(username: str) -> str:
    """A password that can be said aloud and passes every validator."""
    while True:
        words = [_word() for _ in range(4)]
        password = "-".join([words[0].capitalize(), *words[1:], str(secrets.randbelow(90) + 10)])
        try:
            validate_password(password, User(username=username))
        except ValidationError:
            continue
        return password


def _word() -> str:
    return "".join(
        secrets.choice(letters) for letters in ("bdfgklmnprstvz", "aeiou", "bdfgklmnprstvz", "aeiou")
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _write(path: Path, content: Sequence[object] | dict[str, str]) -> None:
    """Write for the owner's eyes only, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)
