"""What the finder finds: the kind of a piece of personal data and where it stands, never the piece itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of personal data that stand in free text."""

    IDENTITY = "identity"  # resident identity card
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK = "bank"
    PASSPORT = "passport"
    PERMIT = "permit"  # Hong Kong, Macao and Taiwan permits and cards
    PLATE = "plate"
    EMAIL = "email"
    WECHAT = "wechat"
    ADDRESS = "address"
    NAME = "name"
    BIRTH = "birth"  # these three are found for masks alone
    ACCOUNT = "account"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of personal data: characters ``start`` up to ``end`` of the text that was searched."""

    kind: Kind
    start: int
    end: int
    confidence: float  # 1.0: a check digit or a form that nothing else has; 0.6: the context speaks for it

    def overlaps(self, other: Finding) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end
