"""Query options of an address, and those nested in ``$expand``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.sensing.sensorthings.expressions import Expressions
from apps.sensing.sensorthings.syntax import Expand, Options, Order
from apps.sensing.sensorthings.tokens import Tokens

DEEPEST, MOST_EXPANDED = 5, 20
MOST_SKIPPED = 100_000
DIGITS = 9  # of a number of rows
NESTED = ("$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count")
FORMATS = {"dataarray": True, "default": False, "": False}


def options_read(pairs: Iterable[tuple[str, str]]) -> Options:
    """The options of an address; ProblemError for one that is unknown, twice there or unreadable."""
    found: dict[str, Any] = {}
    raw: dict[str, str] = {}
    for name, text in pairs:
        if name in raw:
            raise ProblemError(_("This option stands there twice."), name)
        raw[name] = text
        found |= option_read(name, text)
    return Options(**found, raw=raw)


def option_read(name: str, text: str) -> dict[str, Any]:
    """One option by its field in ``Options``."""
    if name == "$skiptoken":
        return {"token": text}
    if name == "$resultFormat":
        return {"data_array": _format(text)}
    if name not in NESTED:
        known = ", ".join((*NESTED, "$resultFormat"))
        raise ProblemError(_("There is no such option; there are %(known)s.") % {"known": known}, name)
    tokens = Tokens(text, name)
    found = OptionReader(tokens).option(name)
    tokens.end()
    return found


def _format(text: str) -> bool:
    if text.lower() not in FORMATS:
        raise ProblemError(_("The only other format is dataArray."), "$resultFormat")
    return FORMATS[text.lower()]


class OptionReader:
    """Reads options from ``tokens``; those in brackets behind an expanded navigation too."""

    def __init__(self, tokens: Tokens, depth: int = 0) -> None:
        self._tokens, self._depth = tokens, depth

    def option(self, name: str) -> dict[str, Any]:
        """The value of the option ``name``, which the next tokens hold, by its field in ``Options``."""
        readers: dict[str, Callable[[], dict[str, Any]]] = {
            "$filter": lambda: {"filter": Expressions(self._tokens).expression()},
            "$orderby": lambda: {"order": tuple(self._listed(self._order))},
            "$select": lambda: {"select": tuple(self._listed(self._property))},
            "$expand": lambda: {"expand": self._expands()},
            "$top": lambda: {"top": self._number()},
            "$skip": lambda: {"skip": self._skip()},
            "$count": lambda: {"count": self._truth()},
        }
        return readers[name]()

    def _listed(self, part: Callable[[], Any]) -> list[Any]:
        found = [part()]
        while self._tokens.accept(","):
            found.append(part())
        return found

    def _order(self) -> Order:
        expression = Expressions(self._tokens).expression()
        word = self._tokens.next.text.lower()
        if self._tokens.next.kind == "word" and word in {"asc", "desc"}:
            self._tokens.take()
        return Order(expression, word == "desc")

    def _property(self) -> str:
        if self._tokens.next.kind != "word":
            raise self._tokens.surprise(_("a property is missing"))
        return self._tokens.take().text

    def _expands(self) -> tuple[Expand, ...]:
        if self._depth >= DEEPEST:
            raise self._tokens.fault(_("Expand at most %(most)d levels.") % {"most": DEEPEST})
        merged: dict[str, Expand] = {}
        for item in self._listed(self._expand):
            before = merged.get(item.name)
            merged[item.name] = item if before is None else _both(before, item)
        if len(merged) > MOST_EXPANDED:
            raise self._tokens.fault(_("Expand less at once."))
        return tuple(merged.values())

    def _expand(self) -> Expand:
        name = self._property()
        if self._tokens.accept("/"):
            return Expand(name, self._further())
        return Expand(name, self._nested() if self._tokens.accept("(") else Options())

    def _further(self) -> Options:
        """What stands behind the slash of ``Thing/Locations``."""
        begin, inner = self._tokens.next.at, OptionReader(self._tokens, self._depth + 1)
        if inner._depth >= DEEPEST:
            raise self._tokens.fault(_("Expand at most %(most)d levels.") % {"most": DEEPEST})
        found = inner._expand()
        return Options(
            expand=(found,), raw={"$expand": self._tokens.text[begin : self._tokens.next.at].strip()}
        )

    def _nested(self) -> Options:
        found: dict[str, Any] = {}
        raw: dict[str, str] = {}
        inner = OptionReader(self._tokens, self._depth + 1)
        while not self._tokens.accept(")"):
            if raw:
                self._tokens.expect(";")
            name = self._property()
            if name not in NESTED or name in raw:
                raise self._tokens.surprise(_("%(name)s cannot stand here") % {"name": name[:40]})
            self._tokens.expect("=")
            begin = self._tokens.next.at
            found |= inner.option(name)
            raw[name] = self._tokens.text[begin : self._tokens.next.at].strip()
        return Options(**found, raw=raw)

    def _number(self) -> int:
        token = self._tokens.take()
        if token.kind != "number" or not token.text.isdecimal() or len(token.text) > DIGITS:
            raise self._tokens.fault(_("Give a whole number, 0 or greater."))
        return int(token.text)

    def _skip(self) -> int:
        number = self._number()
        if number > MOST_SKIPPED:
            detail = _(
                "Skip at most %(most)d; to go further, follow @iot.nextLink, which is as fast anywhere."
            )
            raise self._tokens.fault(detail % {"most": MOST_SKIPPED})
        return number

    def _truth(self) -> bool:
        text = self._tokens.take().text.lower()
        if text not in {"true", "false"}:
            raise self._tokens.fault(_("Give true or false."))
        return text == "true"


def _both(one: Expand, other: Expand) -> Expand:
    """``Thing/Locations,Thing/Datastreams`` expands two navigations of one Thing."""
    plain = [item for item in (one, other) if set(item.options.raw) <= {"$expand"}]
    if not plain:
        raise ProblemError(_("%(name)s is expanded twice.") % {"name": one.name}, "$expand")
    first = one if plain[-1] is other else other
    expands = {item.name: item for item in (*one.options.expand, *other.options.expand)}
    texts = [item.options.raw["$expand"] for item in (one, other) if "$expand" in item.options.raw]
    raw = first.options.raw | ({"$expand": ",".join(texts)} if texts else {})
    return Expand(one.name, replace(first.options, expand=tuple(expands.values()), raw=raw))
