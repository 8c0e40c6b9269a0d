"""Plain values of the access log that other apps may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SM3, Hash

# The floor of GB/T 22239-2019 8.1.4.3 and Cybersecurity Law Art. 23: no setting goes below it.
KEPT_DAYS = 180
# Records of giving data and of consent: Network Data Security Regulations Art. 12, PIPL Art. 56.
LASTING_YEARS = 3
LASTING = frozenset(
    {
        *("export", "release", "grant", "request", "recall", "approve", "consent", "provision", "reveal"),
        *("purge", "identify", "find", "correct", "delete", "answer", "incident"),  # rights of people
    }
)
KEPT, KEPT_LASTING = timedelta(days=KEPT_DAYS), timedelta(days=366 * LASTING_YEARS)


@dataclass(frozen=True, slots=True)
class Act:
    """What happened, without any value of the object."""

    action: str  # one short word: read, export, reveal, login, refuse, grant, release, request, recall ...
    user_id: int | None = None
    object_type: str = ""  # "hospital.Patient"
    object_id: str = ""
    purpose: str = ""
    rows: int = 0
    result: str = "done"  # done, refused, failed
    address: str | None = None
    fields: tuple[str, ...] = ()  # names of the fields that were shown or given
    objects: tuple[str, ...] = ()  # ids of every object of ``object_type`` that the act touched
    role: str = ""  # keys of the roles in force, with commas between


class FaultKind(StrEnum):
    """What is wrong with a row of the log."""

    CHANGED = "changed"  # the entry is not what was sealed
    REMOVED = "removed"  # a sealed entry is gone, and no purge explains it
    INSERTED = "inserted"  # an old entry that was never sealed
    LINK = "link"  # the chain itself does not fit
    ANCHOR = "anchor"  # an anchor does not fit the chain, or its code is not ours


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that does not fit."""

    kind: FaultKind
    entry_id: int  # 0 where no entry can be named
    position: int = 0  # its place in the chain


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the verifier found."""

    entries: int = 0  # sealed entries that were compared
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was touched."""
        return not self.faults


def sm3_bytes(content: bytes) -> bytes:
    """SM3 (GB/T 32905-2016), 32 bytes."""
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize()
