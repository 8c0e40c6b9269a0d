"""Members of JSON objects: each name once, at every place that reads JSON.

RFC 8259 leaves open which of two members of one name counts, and readers differ: such an object says nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import msgpack
from django.utils.translation import gettext

from apps.core.sentences import sentence as _
from apps.core.texts import LONGEST_PATH, text_clean

Pairs = Sequence[tuple[str, Any]]
Constant = Callable[[str], Any]
PLAIN = re.compile(
    r"[\w@.: -]{1,80}", re.ASCII
)  # names that an escape of their letters alone writes otherwise
ESCAPE = b"\\u00"  # every escape of an ASCII letter begins so
NOWHERE = b"\xff" * 8  # in no UTF-8, and hardly a number
FEW = 8  # names for which a body is searched; more are read exactly


class DuplicateMemberError(ValueError):
    """An object names ``name`` twice."""

    def __init__(self, name: str) -> None:
        self.name = text_clean(name, LONGEST_PATH)
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """What to do about it, in the reader's language."""
        return gettext("This name stands twice in one object; send it once.")


def unread_sentence(error: Exception) -> str:
    """Why a body could not be read as JSON, in our own words, which can be kept."""
    if isinstance(error, UnicodeDecodeError):
        return _("The body is not UTF-8 from byte %(byte)d on.") % {"byte": error.start + 1}
    if isinstance(error, RecursionError):
        return _("The body is nested too deeply.")
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return _("The body is no JSON from line %(line)d, column %(column)d on.") % place
    return _("The body is no JSON, or a number in it has too many digits.")


class Doubled(dict[str, Any]):
    """An object that names a member twice: ``name``, which holds all its values as a list."""

    name: str = ""


def json_read(text: str | bytes, *, constant: Constant | None = None) -> Any:
    """The value of a JSON text; DuplicateMemberError, or ValueError and RecursionError as of ``json``.

    ``constant`` gives the values of NaN and Infinity, or raises ValueError.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=constant)


def json_read_doubled(text: str) -> Any:
    """The same, with an object of ``Doubled`` where one names a member twice."""
    return json.loads(text, object_pairs_hook=_doubled)


def msgpack_read_doubled(body: bytes) -> Any:
    """The value of a MessagePack body whose strings are UTF-8, in the same way."""
    return msgpack.unpackb(body, object_pairs_hook=_doubled, strict_map_key=False, timestamp=3)


def names_once(body: bytes, value: Any) -> bool:
    """Whether it is certain that ``body``, the JSON text of ``value``, names no member of it twice.

    Looks at the object itself, or at the objects of a list, by counting names in the text, which costs little
    beside reading it. False says that the text must be read exactly.
    """
    return not (b"\\" in body and ESCAPE in body) and _counted(body, value, _quoted)


def msgpack_names_once(body: bytes, value: Any) -> bool:
    """The same for a MessagePack body."""
    return _counted(body, value, _packed)


def _counted(body: bytes, value: Any, written: Callable[[Any], bytes]) -> bool:
    if isinstance(value, dict):
        return len(value) <= FEW and all(body.count(written(name)) == 1 for name in value)
    if not isinstance(value, list):
        return True
    try:
        counts = Counter(chain.from_iterable(value))
    except TypeError:  # items that are no objects
        return False
    return len(counts) <= FEW and all(body.count(written(name)) == count for name, count in counts.items())


@lru_cache(1024)
def _quoted(name: Any) -> bytes:
    """The name as it stands in a text; for one that can stand there otherwise too, what stands nowhere."""
    return f'"{name}"'.encode() if isinstance(name, str) and PLAIN.fullmatch(name) else NOWHERE


@lru_cache(1024)
def _packed(name: Any) -> bytes:
    return name.encode() if isinstance(name, str) and name else NOWHERE


def _once(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateMemberError(_twice(pairs))
    return found


def _doubled(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Doubled(found)
    doubled.name = _twice(pairs)
    for name, count in Counter(name for name, _value in pairs).items():
        if count > 1:
            doubled[name] = [value for other, value in pairs if other == name]
    return doubled


def _twice(pairs: Pairs) -> str:
    return str(next(name for name, count in Counter(name for name, _value in pairs).items() if count > 1))
