"""What a client of the live feed may say."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext as _

from apps.core.members import DuplicateMemberError, json_read
from apps.core.texts import unstorable_paths

MOST_LAYERS, MOST_BYTES = 50, 4096
LayerId = Annotated[str, msgspec.Meta(max_length=80)]
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
        if next(unstorable_paths(value), None) is not None:
            return _("This is no JSON.")
        return msgspec.convert(value, type=Message)
    except DuplicateMemberError as error:
        return f"{error.name}: {error.detail}"
    except msgspec.ValidationError as error:
        return _("Send subscribe or unsubscribe with a list of at most %(count)d layer ids: %(fault)s.") % {
            "count": MOST_LAYERS,
            "fault": error,
        }
    except (ValueError, RecursionError):
        return _("This is no JSON.")
