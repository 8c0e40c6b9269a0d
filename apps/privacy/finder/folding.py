"""Full-width letters, digits and signs as ASCII, one for one: places in the text stay what they are."""

from __future__ import annotations

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SIGNS = str.maketrans("\u3000\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\t·•・", " ------  ···")
KEPT = {ord(sign) for sign in "，；：！？（）、"}  # sentence marks stay Chinese: they end a word
TABLE = {**{code: to for code, to in WIDE.items() if code not in KEPT}, **SIGNS}


def folded(text: str) -> str:
    """``text`` with the same number of characters, digits and letters as people type them on a keyboard."""
    return text.translate(TABLE)


def bare(number: str) -> str:
    """A number without the blanks, dashes and dots inside it."""
    return number.translate({ord(sign): None for sign in " -·."})
