"""What a client of the live feed may say."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext as _

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
        return msgspec.json.decode(text, type=Message)
    except msgspec.ValidationError as error:
        return _("Send subscribe or unsubscribe with a list of at most %(count)d layer ids: %(fault)s.") % {
            "count": MOST_LAYERS,
            "fault": error,
        }
    except (msgspec.DecodeError, UnicodeError):
        return _("This is no JSON.")
