"""Recursive descent over ``$filter`` and ``$orderby`` (OData 4.0 part 2, section 5.1.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.dateparse import parse_duration
from django.utils.translation import gettext as _

from apps.sensing.sensorthings.syntax import Call, Compare, Expression, Join, Literal, Not, Path, Reckon
from apps.sensing.sensorthings.tokens import Token, Tokens

DEEPEST, LONGEST_SUM, MOST_ARGUMENTS = 30, 30, 4
LONGEST_DAYS = 36_500  # of a duration: thirty of them stay within the calendar of the database
DIGITS = 18  # of a whole number that a database holds
COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
WKT = re.compile(r"[A-Za-z]{5,20} ?[A-Za-z]{0,2} ?\([-+\d.eE,() ]*\)")
YEARS = range(1, 9999)


class Expressions:
    """Reads one expression from ``tokens``."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens, self._depth = tokens, 0

    def expression(self) -> Expression:
        """The whole expression; ProblemError names the place that cannot be read."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._tokens.fault(_("The expression is nested too deeply."))
        found = self._joined("or", lambda: self._joined("and", self._negated))
        self._depth -= 1
        return found

    def _joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        operands = [part()]
        while self._tokens.accept(word):
            operands.append(part())
        return operands[0] if len(operands) == 1 else Join(word, tuple(operands))

    def _negated(self) -> Expression:
        count = 0
        while self._tokens.accept("not"):
            count += 1
        compared = self._compared()
        return Not(compared) if count % 2 else compared

    def _compared(self) -> Expression:
        left = self._sum()
        operator = self._tokens.accept(*COMPARISONS)
        return Compare(operator, left, self._sum()) if operator else left

    def _sum(self) -> Expression:
        return self._reckoned(("add", "sub"), lambda: self._reckoned(("mul", "div", "mod"), self._signed))

    def _reckoned(self, words: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        left, count = part(), 0
        while operator := self._tokens.accept(*words):
            left, count = Reckon(operator, left, part()), count + 1
            if count > LONGEST_SUM:
                raise self._tokens.fault(_("The expression is nested too deeply."))
        return left

    def _signed(self) -> Expression:
        if not self._tokens.accept("-"):
            return self._operand()
        operand = self._operand()
        if isinstance(operand, Literal) and isinstance(operand.value, int | float):
            return Literal(-operand.value)
        return Reckon("sub", Literal(0), operand)

    def _operand(self) -> Expression:
        if self._tokens.accept("("):
            inner = self.expression()
            self._tokens.expect(")")
            return inner
        token = self._tokens.next
        if token.kind != "word":
            return Literal(self._constant(self._tokens.take()))
        self._tokens.take()
        if self._tokens.next.text == "(" and self._tokens.next.kind == "mark":
            return self._call(token.text)
        return Literal(WORDS[token.text]) if token.text in WORDS else self._path(token.text)

    def _call(self, name: str) -> Expression:
        self._tokens.expect("(")
        arguments: list[Expression] = []
        while not self._tokens.accept(")"):
            if arguments:
                self._tokens.expect(",")
            arguments.append(self.expression())
            if len(arguments) > MOST_ARGUMENTS:
                raise self._tokens.fault(_("A function has too many arguments."))
        return Call(name, tuple(arguments))

    def _path(self, first: str) -> Path:
        parts = [first]
        while self._tokens.accept("/"):
            if self._tokens.next.kind != "word":
                raise self._tokens.surprise(_("a property is missing"))
            parts.append(self._tokens.take().text)
        return Path(tuple(parts))

    def _constant(self, token: Token) -> str | int | float | datetime | timedelta | GEOSGeometry:
        reader = READERS.get(token.kind)
        if reader is None:
            raise self._tokens.surprise(_("a value, a property or a function is missing"))
        try:
            return reader(token.text)
        except (ValueError, OverflowError, GEOSException):
            detail = _("This value cannot be read: %(text)s") % {"text": token.text[:60]}
            raise self._tokens.fault(detail) from None


def number_read(text: str) -> int | float:
    """A whole number that a database holds, or a finite float."""
    whole = int(text) if text.isdecimal() and len(text) <= DIGITS else None
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return number if whole is None else whole


def moment_read(text: str) -> datetime:
    """An ISO 8601 time with its offset; a day means its first moment in UTC."""
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    moment = moment.replace(tzinfo=UTC) if "T" not in text else moment
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError(text)
    return moment.astimezone(UTC)


def duration_read(text: str) -> timedelta:
    """``duration'P1DT2H'``."""
    found = parse_duration(_quoted(text))
    if found is None or abs(found) > timedelta(days=LONGEST_DAYS):
        raise ValueError(text)
    return found


def shape_read(text: str) -> GEOSGeometry:
    """``geography'POINT (118.1 24.5)'``: longitude first, WGS 84."""
    inner = _quoted(text).strip()
    if not WKT.fullmatch(inner):
        raise ValueError(text)
    found = GEOSGeometry(inner, srid=4326)
    if found.empty or not found.valid:
        raise ValueError(text)
    return found


def _quoted(text: str) -> str:
    return text[text.index("'") + 1 : -1].replace("''", "'")


READERS: dict[str, Callable[[str], str | int | float | datetime | timedelta | GEOSGeometry]] = {
    "string": _quoted,
    "number": number_read,
    "time": moment_read,
    "day": moment_read,
    "duration": duration_read,
    "shape": shape_read,
}
