"""Texts on their way into a spreadsheet: what it would run as a formula becomes plain text."""

from __future__ import annotations

# OWASP, CSV injection: the first character decides; full-width forms and line starts are tried too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell_safe(value: object) -> str:
    """The value as the text of a cell; "" for None, an apostrophe before what looks like a formula.

    A number stays a number: the minus of -3.5 is no formula.
    """
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
