"""What a client of the live feed may say."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from apps.core.members import DuplicateMemberError, json_read
from apps.core.texts import text_clean, unstorable_paths
from apps.live.data import MOST_BYTES, MOST_LAYERS

MOST_SIGNS = 80
LONGEST_SHOWN = 60
EXAMPLE = '{"subscribe": ["city.roads"]}'
LayerId = Annotated[str, msgspec.Meta(max_length=MOST_SIGNS)]
Layers = Annotated[list[LayerId], msgspec.Meta(max_length=MOST_LAYERS)]


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """Layers to follow, from which number on, and layers to leave."""

    subscribe: Layers = []
    unsubscribe: Layers = []
    resume: dict[str, int] = {}


def message_read(text: str | None) -> Message | str:
    """The message, or a sentence that says what is wrong with it."""
    if text is None or len(text.encode(errors="replace")) > MOST_BYTES:
        return _("Send one JSON object as text, of at most %(bytes)d bytes.") % {"bytes": MOST_BYTES}
    try:
        value = json_read(text)
        path = next(unstorable_paths(value), None)
        if path is not None:
            detail = _("A NUL character or half of a surrogate pair is not text.")
            return f"{path}: {detail}" if path else detail
        return msgspec.convert(value, type=Message)
    except DuplicateMemberError as error:
        return f"{error.name}: {error.detail}"
    except msgspec.ValidationError:
        return _misfit(value)
    except (ValueError, RecursionError):
        return _("This is no JSON.")


def _misfit(value: Any) -> str:
    """What of a JSON value is no message of ours."""
    if not isinstance(value, dict):
        return _("Send a JSON object, such as %(example)s.") % {"example": EXAMPLE}
    known = Message.__struct_fields__
    name = next((name for name in value if name not in known), None)
    if name is not None:
        names = {"name": text_clean(name, LONGEST_SHOWN), "known": ", ".join(known)}
        return _("A message has no member %(name)s; there are: %(known)s.") % names
    for name in ("subscribe", "unsubscribe"):
        if name in value and not _are_layers(value[name]):
            counts = {"name": name, "count": MOST_LAYERS, "signs": MOST_SIGNS}
            detail = _("%(name)s is a list of at most %(count)d layer ids of at most %(signs)d characters.")
            return detail % counts
    return _("resume is an object: the id of each layer with the number n of the last message that you have.")


def _are_layers(value: Any) -> bool:
    try:
        msgspec.convert(value, type=Layers)
    except msgspec.ValidationError:
        return False
    return True
