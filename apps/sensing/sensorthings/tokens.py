"""Text of a query option into tokens (OData 4.0 ABNF, as far as SensorThings 1.1 section 9.3 uses it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

LONGEST, MOST = 16_000, 600  # characters and tokens of one option
# (?a: the digits of other scripts are none here.
DAY = r"\d{4}-\d\d-\d\d"
SHAPES = {
    "space": r"\s+",
    "shape": r"(?:geography|geometry)'[^']*'",
    "duration": r"duration'[^']*'",
    "string": r"'(?:[^']|'')*'",
    # A plus sign in an address arrives as a space.
    "time": "(?a:" + DAY + r"T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[ +-]\d\d:\d\d)?(?![\d:]))",
    "day": "(?a:" + DAY + r"(?![\d:]))",
    "number": r"(?a:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w)",
    "word": r"[@$]?[^\W\d][\w.]*",
    "mark": r"[(),/;=*:-]",
}
PATTERN = re.compile("|".join(f"(?P<{name}>{shape})" for name, shape in SHAPES.items()))


class Token(NamedTuple):
    """One word of a query: its kind, its text and where it begins."""

    kind: str
    text: str
    at: int


class Tokens:
    """A row of tokens that is read from left to right; every complaint names the option and the place."""

    def __init__(self, text: str, option: str) -> None:
        self.text, self.option = text, option
        if len(text) > LONGEST or "\0" in text:
            raise self.fault(_("The text is too long, or holds a zero character."))
        self._row = list(self._cut())
        if len(self._row) > MOST:
            raise self.fault(_("There are more than %(most)d words; ask for less at once.") % {"most": MOST})
        self._next = 0

    def _cut(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            match = PATTERN.match(self.text, at)
            if match is None or match.lastgroup is None:
                detail = _("This cannot be read at character %(at)d: %(text)s")
                raise self.fault(detail % {"at": at + 1, "text": self.text[at : at + 20]})
            if match.lastgroup != "space":
                yield Token(match.lastgroup, match.group(), at)
            at = match.end()

    @property
    def next(self) -> Token:
        """The token that comes next; one of kind "end" after the last."""
        return self._row[self._next] if self._next < len(self._row) else Token("end", "", len(self.text))

    def take(self) -> Token:
        """The next token, and go on behind it."""
        token = self.next
        self._next += 1
        return token

    def accept(self, *texts: str) -> str:
        """The next token's text where it is one of ``texts``, and go on behind it; else ""."""
        return self.take().text if self.next.kind in {"word", "mark"} and self.next.text in texts else ""

    def expect(self, text: str) -> None:
        """Go on behind ``text``; ProblemError where something else comes."""
        if not self.accept(text):
            raise self.surprise(_("%(text)s is missing here") % {"text": text})

    def end(self) -> None:
        """ProblemError where something is left over."""
        if self.next.kind != "end":
            raise self.surprise(_("this is left over"))

    def surprise(self, why: str) -> ProblemError:
        """A complaint about the next token."""
        detail = _("At character %(at)d, before '%(text)s': %(why)s.")
        return self.fault(detail % {"at": self.next.at + 1, "text": self.next.text[:20], "why": why})

    def fault(self, detail: str) -> ProblemError:
        """A complaint about this option."""
        return ProblemError(detail, self.option, code="syntax")
