"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)


def emails(text: str) -> Iterator[Finding]:
    """Addresses with a domain name; a bare @name is none."""
    for match in ADDRESS.finditer(text):
        yield Finding(Kind.EMAIL, match.start(), match.end(), 1.0)
