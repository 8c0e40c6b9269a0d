"""Sentences that are stored, and said in the language of whoever reads them.

A worker knows no reader: what it writes into the database, such as why a job failed or a row lies in
quarantine, is kept as the message id of the catalogue and its parameters. A module whose sentences may be
stored takes ``sentence`` for ``gettext``; a column that holds them is a ``SentenceField``. Rows of before
hold plain text and stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from apps.core.texts import text_clean

PREFIX = '{"msgid": '
LONGEST = 1000  # characters of a parameter: it may quote what somebody sent


class Sentence(str):
    """A sentence in the language of this moment that knows its message id, so that it can be said in another.

    ``str()``, formatting and templates say it in the language of then.
    """

    __slots__ = ("context", "msgid", "params")
    msgid: str
    params: Mapping[str, Any] | None
    context: str

    def __new__(cls, msgid: str, params: Mapping[str, Any] | None = None, context: str = "") -> Self:
        made = super().__new__(cls, _said(msgid, params, context))
        made.msgid, made.params, made.context = msgid, params, context
        return made

    def __mod__(self, params: Any) -> str:
        if isinstance(params, Mapping):
            return Sentence(self.msgid, {name: _clean(value) for name, value in params.items()}, self.context)
        filled: str = str(self) % params
        return filled

    def __str__(self) -> str:
        return _said(self.msgid, self.params, self.context)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __getnewargs__(self) -> Any:
        return self.msgid, self.params, self.context


def _clean(value: Any) -> Any:
    """A parameter without signs that are no text; what has a meaning in other languages keeps it."""
    return text_clean(value, LONGEST) if isinstance(value, str) and not isinstance(value, Sentence) else value


def _said(msgid: str, params: Mapping[str, Any] | None, context: str) -> str:
    text = pgettext(context, msgid) if context else gettext(msgid)
    if params is None:
        return text
    try:
        return text % params
    except (KeyError, TypeError, ValueError):  # of a release that named its parameters otherwise
        return msgid


def sentence(msgid: str) -> Sentence:
    """``gettext`` for sentences that may be stored; ``%`` with a mapping fills its parameters."""
    return Sentence(msgid)


def sentence_joined(*parts: str | Promise, by: str = " ") -> Sentence:
    """Several sentences as one that can still be said in every language."""
    names = {f"p{number}": part for number, part in enumerate(parts)}
    return Sentence(by.join(f"%({name})s" for name in names), names)


def sentence_of(error: Exception) -> str:
    """The sentence that an exception was raised with; its text where it has none."""
    found = getattr(error, "detail", None) or (error.args[0] if error.args else "")
    return sentence_kept(found) if isinstance(found, Sentence | Promise) else str(error)


def sentence_kept(text: str | Promise) -> str:
    """A lazy text as the sentence that it is; any other text as it is."""
    return _of_lazy(text) if isinstance(text, Promise) else text


def packed(text: str | Promise) -> str:
    """The text as it is stored: message id and parameters of a sentence, any other text as it is."""
    text = sentence_kept(text)
    if isinstance(text, Sentence):
        return json.dumps(_parts(text), ensure_ascii=False, default=str)
    if text.startswith(PREFIX):  # somebody's own words are never read as ours
        return json.dumps(_parts(Sentence("%(text)s", {"text": text})), ensure_ascii=False)
    return str(text)


def unpacked(stored: str) -> str:
    """What ``packed`` stored: a sentence again, or the text as it is."""
    if not stored.startswith(PREFIX):
        return stored
    try:
        return _made(json.loads(stored))
    except (ValueError, KeyError, TypeError):
        return stored


def _of_lazy(text: Promise) -> str:
    """A lazy text of the catalogue as a sentence; what is lazy in another way as its words of now."""
    arguments = getattr(text, "_args", ())
    if not arguments or not all(isinstance(one, str) for one in arguments):
        return str(text)
    *context, msgid = arguments  # of gettext_lazy or pgettext_lazy
    return Sentence(msgid, None, "".join(context))


def _parts(text: Sentence) -> dict[str, Any]:
    parts: dict[str, Any] = {"msgid": text.msgid}
    if text.params is not None:
        parts["params"] = {name: _parameter(value) for name, value in text.params.items()}
    return parts | ({"context": text.context} if text.context else {})


def _parameter(value: Any) -> Any:
    if isinstance(value, Promise):
        value = _of_lazy(value)
    if isinstance(value, Sentence):
        return _parts(value)
    return value if isinstance(value, int | float) else text_clean(str(value), LONGEST)


def _made(parts: Mapping[str, Any]) -> Sentence:
    params = parts.get("params")
    if params is not None:
        params = {name: _made(value) if isinstance(value, dict) else value for name, value in params.items()}
    return Sentence(parts["msgid"], params, parts.get("context", ""))


if TYPE_CHECKING:
    Text = models.TextField[Any, Any]
else:
    Text = models.TextField  # Django's fields take no type arguments when they run


class SentenceField(Text):
    """A column of sentences, each read in the language of the reader; users' own words stay as they are."""

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """The stored text as a sentence."""
        return None if value is None else unpacked(value)

    def get_prep_value(self, value: Any) -> Any:
        """Its stored form."""
        return packed(value) if isinstance(value, str | Promise) else super().get_prep_value(value)
