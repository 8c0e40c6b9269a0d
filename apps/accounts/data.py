"""Plain values about people that other apps may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from apps.core.grades import Grade


class Capability(StrEnum):
    """What a role may allow in its domain."""

    VIEW = "view"
    UPLOAD = "upload"
    HANDLE = "handle"
    TRAIN = "train"
    PROMOTE = "promote"
    PLAN = "plan"
    PUBLISH = "publish"
    APPROVE = "approve"


class Office(StrEnum):
    """The three separated administrators (GB/T 22239-2019 8.1.4.2): nobody holds two."""

    SYSTEM = "system"  # users and settings; no business data, grants no rights
    SECURITY = "security"  # grants roles and clearances
    AUDITOR = "auditor"  # reads the log, nothing else


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: everything that a privacy decision needs, and nothing else."""

    user_id: int | None = None
    department: str = ""  # code of the viewer's department
    division: str = ""  # GB/T 2260 code; "" is the whole city
    clearance: Grade = Grade.L1
    office: Office | None = None
    rights: frozenset[tuple[str, Capability]] = field(default_factory=frozenset)  # (domain slug, capability)

    def may(self, domain: str, capability: Capability | str) -> bool:
        """Whether some role of the viewer allows ``capability`` in ``domain``."""
        return (domain, Capability(capability)) in self.rights

    @property
    def domains(self) -> frozenset[str]:
        """The domains that the viewer may look into."""
        return frozenset(domain for domain, capability in self.rights if capability is Capability.VIEW)


NOBODY = Viewer()
