"""Privacy grades of people's own records."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, SECRET, Category, FieldGrade, Grade, Mask, graded

IDENTITY = FieldGrade(Grade.L2, Category.IDENTITY, Mask.NAME)
CONTACT = FieldGrade(Grade.L3, Category.CONTACT)

GRADES = {
    **graded(
        "User",
        id=INTERNAL,
        password=SECRET,
        last_login=INTERNAL,
        is_superuser=INTERNAL,
        username=IDENTITY,
        first_name=IDENTITY,
        last_name=IDENTITY,
        email=CONTACT,
        is_staff=INTERNAL,
        is_active=INTERNAL,
        date_joined=INTERNAL,
        display_name=IDENTITY,
        department=INTERNAL,
        division=INTERNAL,
        clearance=INTERNAL,
        language=INTERNAL,
        password_changed_at=INTERNAL,
        must_change_password=INTERNAL,
        session_key=SECRET,
        vendor=INTERNAL,
        seal=SECRET,
    ),
    **graded("FormerPassword", id=INTERNAL, user=INTERNAL, password=SECRET, created_at=INTERNAL),
    **graded(
        "Division",
        id=PUBLIC,
        code=PUBLIC,
        name_zh=PUBLIC,
        name_en=PUBLIC,
        valid_from=PUBLIC,
        valid_to=PUBLIC,
        successor=PUBLIC,
    ),
    **graded(
        "Department", id=PUBLIC, code=PUBLIC, name_zh=PUBLIC, name_en=PUBLIC, parent=PUBLIC, division=PUBLIC
    ),
    **graded(
        "Role",
        id=INTERNAL,
        key=INTERNAL,
        name_zh=INTERNAL,
        name_en=INTERNAL,
        domain=INTERNAL,
        capabilities=INTERNAL,
        purposes=INTERNAL,
        office=INTERNAL,
        seal=SECRET,
    ),
    **graded(
        "RoleGrant",
        id=INTERNAL,
        user=INTERNAL,
        role=INTERNAL,
        granted_by=INTERNAL,
        valid_from=INTERNAL,
        valid_until=INTERNAL,
        seal=SECRET,
    ),
    **graded(
        "AccessGrant",
        id=INTERNAL,
        user=INTERNAL,
        object_type=INTERNAL,
        fields=INTERNAL,
        objects_only=INTERNAL,
        place=INTERNAL,
        purpose=INTERNAL,
        basis=INTERNAL,
        approved_by=INTERNAL,
        valid_from=INTERNAL,
        valid_until=INTERNAL,
        ended_at=INTERNAL,
        seal=SECRET,
    ),
    **graded(
        "ApiKey",
        id=INTERNAL,
        name=INTERNAL,
        prefix=INTERNAL,
        digest=SECRET,
        user=INTERNAL,
        domain=INTERNAL,
        scopes=INTERNAL,
        created_at=INTERNAL,
        expires_at=INTERNAL,
        revoked_at=INTERNAL,
        last_used_at=INTERNAL,
    ),
}

# Fields that read like a person's and are not, or that colleagues need: each with its reason.
NOT_PERSONAL = {
    "ApiKey.name": "what its owner calls a key",
    "Division.name_zh": "the name of a place",
    "Division.name_en": "the name of a place",
    "Department.name_zh": "the name of a department",
    "Department.name_en": "the name of a department",
    "Role.name_zh": "the name of a role",
    "Role.name_en": "the name of a role",
    "User.username": "colleagues know each other by name; lists of users are for two offices",
    "User.first_name": "colleagues know each other by name; lists of users are for two offices",
    "User.last_name": "colleagues know each other by name; lists of users are for two offices",
    "User.display_name": "colleagues know each other by name; lists of users are for two offices",
}
