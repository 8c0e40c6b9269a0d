"""One question and its answer, whichever door they pass: Django's views or the short way before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.accounts.data import Viewer

VARY = "Cookie, Authorization, X-Purpose, Accept-Language"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to know: who asks, at which address, with which parameters and headers."""

    viewer: Viewer
    base: str  # "https://city.example", without a slash at the end
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    tag: str = ""  # If-None-Match

    @property
    def url(self) -> str:
        """The absolute address without its parameters."""
        return f"{self.base}{self.path}"

    def has(self, etag: str) -> bool:
        """Whether the caller holds the bytes with this tag already; weak tags count (RFC 9110, 13.1.2)."""
        tags = {tag.strip().removeprefix("W/") for tag in self.tag.split(",")}
        return etag in tags or "*" in tags


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, media type, body and entity tag ("" for none)."""

    body: bytes
    kind: str
    status: int = 200
    etag: str = ""
    is_personal: bool = False  # it tells of people: nothing keeps it

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer. Every use is asked for again: rights may have changed."""
        headers = {
            "Cache-Control": f"private, {'no-store' if self.is_personal else 'no-cache'}",
            "Vary": VARY,
        }
        return headers | ({"ETag": self.etag} if self.etag else {})
