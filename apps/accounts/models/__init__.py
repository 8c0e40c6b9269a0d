"""People, where they work, and what they may do."""

from __future__ import annotations

from apps.accounts.models.grants import AccessGrant
from apps.accounts.models.keys import ApiKey
from apps.accounts.models.places import Department, Division
from apps.accounts.models.roles import Role, RoleGrant
from apps.accounts.models.transfers import Transfer
from apps.accounts.models.users import FormerPassword, User

__all__ = [
    "AccessGrant",
    "ApiKey",
    "Department",
    "Division",
    "FormerPassword",
    "Role",
    "RoleGrant",
    "Transfer",
    "User",
]
