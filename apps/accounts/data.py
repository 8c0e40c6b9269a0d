"""Plain values about people that other apps may hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from apps.core.grades import Grade

# What a session remembers, beside Django's own keys.
STARTED, SEEN, OFFICE = "session_started", "session_seen", "session_office"
HAS_FACTOR = "session_has_factor"  # set at the start: this person has a second factor and must give it
STRONG_SINCE, CONFIRMED_AT = "session_strong", "session_confirmed"


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
class AccessGrant:
    """A permission beyond the roles: these fields, for this purpose, in this place, until it ends.

    A grant never lifts a field above the clearance of its holder; it answers the question "for what purpose,
    and who approved".
    """

    id: int
    object_type: str  # "hospital.Patient"
    purpose: str  # code of the purpose that was approved
    fields: frozenset[str] = frozenset()  # empty: every field of the object type
    place: str = ""  # division code of the rows; "" is the whole city
    former: frozenset[str] = frozenset()  # codes of ended divisions that are parts of ``place`` now
    objects: frozenset[str] = frozenset()  # ids of single rows; empty: every row

    def covers(self, object_type: str, name: str) -> bool:
        """Whether the grant speaks of this field."""
        return self.object_type == object_type and (not self.fields or name in self.fields)


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the things that a program's token is about; a token shows nothing else."""

    object_type: str
    fields: frozenset[str] = frozenset()  # empty: every field of the object type
    kinds: frozenset[str] = frozenset()  # kinds of readings; empty: every kind


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: everything that a privacy decision needs, and nothing else."""

    user_id: int | None = None
    roles: frozenset[str] = frozenset()  # keys of the roles in force
    department: str = ""  # code of the viewer's department
    division: str = ""  # GB/T 2260 code, of the successor where it has ended; "" is the whole city
    former: frozenset[str] = frozenset()  # codes of ended divisions that are parts of ``division`` now
    clearance: Grade = Grade.L1
    office: Office | None = None
    rights: frozenset[tuple[str, Capability]] = field(default_factory=frozenset)  # (domain slug, capability)
    purposes: frozenset[tuple[str, str]] = frozenset()  # (domain slug, purpose) that a role of his declares
    grants: frozenset[AccessGrant] = frozenset()  # in force now
    purpose: str = ""  # what this request states as its purpose
    vendor: bool = False  # a contractor: sees synthetic data only
    strong: bool = False  # logged in with a second factor
    confirmed: bool = False  # has shown within the last minutes that they are still who logged in
    limits: frozenset[Limit] | None = None  # a token's scopes; None: all that the viewer may see
    key: int | None = None  # id of the API key that acts for the viewer
    system: str = ""  # a job of the platform itself, by name: row security lets it pass, exits never use it

    def may(self, domain: str, capability: Capability | str) -> bool:
        """Whether some role of the viewer allows ``capability`` in ``domain``."""
        return (domain, Capability(capability)) in self.rights

    @property
    def is_program(self) -> bool:
        """Whether a key or a token acts, and not the person: no act about rights or about oneself."""
        return self.limits is not None or self.key is not None

    @property
    def acting_roles(self) -> str:
        """For the access log: the roles in force, and the key that used them."""
        return ",".join([*sorted(self.roles), *([f"key:{self.key}"] if self.key else [])])

    def is_within_limits(self, object_type: str, name: str = "") -> bool:
        """Whether the token, if there is one, is about this object type (and this field)."""
        return self.limits is None or any(
            limit.object_type == object_type and (not name or not limit.fields or name in limit.fields)
            for limit in self.limits
        )

    def sees_kind(self, object_type: str, kind: str) -> bool:
        """Whether the token, if there is one, is about this kind of readings of this object type."""
        return self.limits is None or any(
            limit.object_type == object_type and (not limit.kinds or kind in limit.kinds)
            for limit in self.limits
        )

    def kinds(self, object_type: str) -> frozenset[str] | None:
        """The kinds of readings to which a token limits rows of this type; None where it does not."""
        found = [limit.kinds for limit in self.limits or () if limit.object_type == object_type]
        return frozenset().union(*found) if found and all(found) else None

    @property
    def domains(self) -> frozenset[str]:
        """The domains that the viewer may look into."""
        return frozenset(domain for domain, capability in self.rights if capability is Capability.VIEW)


NOBODY = Viewer()

# What an API key may do. A "thing" is an address of the REST API: ``write:scheduling.plans`` changes what
# lies below ``/api/v1/scheduling/plans/``.
READ, INGEST, WRITE = "read", "ingest", "write:"
THING_PART = 4  # of the address, split by slashes
KEY_CLEARANCE = Grade.L2  # a key gives no second factor, so it opens nothing that needs one
# Acts about rights, records and the people that data speak of are done by people, whatever a key was given.
PEOPLE_ONLY = frozenset({"accounts", "archive", "audit", "catalogue", "portal", "privacy", "subjects"})


def write_scope(path: str) -> str:
    """The scope that a key needs to change something at this address; "" where no key may."""
    parts = path.split("/")
    if len(parts) <= THING_PART or parts[1:3] != ["api", "v1"] or parts[3] in PEOPLE_ONLY:
        return ""
    return f"{WRITE}{parts[3]}.{parts[THING_PART]}"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The API key behind a request: what it names, and its owner's rights narrowed to it."""

    key_id: int
    domain: str  # where it sends readings
    scopes: frozenset[str]
    viewer: Viewer
    name: str = ""


ACTING: ContextVar[Viewer] = ContextVar("acting", default=NOBODY)


@contextmanager
def acting_as(viewer: Viewer) -> Iterator[Viewer]:
    """Work in the name of ``viewer``: what row security and the change history see until the block ends."""
    token = ACTING.set(viewer)
    try:
        yield viewer
    finally:
        ACTING.reset(token)
