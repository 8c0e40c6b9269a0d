"""What the first steps say of the gateway and of the live feed, beside what those declare themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.live.data import MOST_BYTES, MOST_LAYERS, SENT
from apps.sensing.selectors.codes import OF_BODIES, OF_ROWS, SHOWN

SENDING = {
    "datastream": _(
        "Its key, such as city.R0001.speed, or its number. Both stand in the list of datastreams."
    ),
    "phenomenonTime": _(
        "ISO 8601 text with an offset, or unix milliseconds as a whole number. Times are kept to the"
        " microsecond; further digits are cut off."
    ),
    "result": _("A finite number."),
    "unit": _(
        "May be left out. A UCUM code, if the value is in another unit than the datastream; it is converted."
    ),
    "_…": _("Members that begin with an underscore are your own remarks; they are not kept."),
}
ANSWERED = {
    "stored": _("Readings that are new and are stored."),
    "repeated": _("Readings that were stored before, with the same value. Nothing has changed."),
    "conflict": _(
        "Readings for whose moment another value is stored. That one stays; yours is in quarantine."
    ),
    "quarantined": _("Rows that are no readings. They are in quarantine with their reason."),
    "implausible": _(
        "How many of the stored ones lie outside of the plausible range of their datastream. They are marked"
        " bad, kept, and used for nothing."
    ),
    "faults": _(
        "Of the rows that are no readings the first ones: number of the row, field, code and sentence."
    ),
    "conflicts": _("Of the conflicts the first ones: number of the row, the stored value and the sent one."),
}
STATUSES = {
    201: _(
        "Nothing of it is lost: stored, known already, or in quarantine with a reason. Look at the counts."
    ),
    400: _("The body cannot be read; nothing of it is stored."),
    401: _("There is no key, or it is unknown or has ended."),
    403: _("The key lacks the scope ingest."),
    404: _("There is nothing at this address."),
    405: _("Another method than POST."),
    413: _("The body is too large, as it is or unpacked."),
    415: _("Another content type than JSON or MessagePack, or another encoding than gzip."),
    429: _("Too many unknown keys are being tried; wait as long as Retry-After says."),
    500: _(
        "A fault on our side; the sentence holds the number under which the log keeps it. Send again later."
    ),
    503: _("The database cannot be reached, or too much waits; send the same again after Retry-After."),
}
TOPICS = {
    "v1/<domain>/<code>/telemetry": _("The device publishes its readings."),
    "v1/<domain>/<code>/status": _("The device says online or offline, best retained and as its last will."),
    "v1/<domain>/<code>/stored": _("The device hears what became of a message, where it asks for that."),
    "v1/<domain>/observations/<datastream>": _(
        "A reader hears each new reading; # stands for all datastreams, each by its number."
    ),
}
READING = (
    ("feature", _("Number of the feature, as in the layer.")),
    ("time", _("Time of the reading in unix milliseconds.")),
    ("value", _("The value, or null.")),
    ("quality", _("0 good, 1 suspect, 2 bad, 3 missing.")),
)


def start_words() -> dict[str, Any]:
    """The tables of the page."""
    return {
        "sending": SENDING.items(),
        "answered": ANSWERED.items(),
        "statuses": STATUSES.items(),
        "row_codes": OF_ROWS.items(),
        "body_codes": OF_BODIES.items(),
        "most_shown": SHOWN,
        "most_mebibytes": settings.GATEWAY_MAX_BYTES // 1024**2,
        "messages": [(name, members, words) for name, (members, words) in SENT.items()],
        "reading": READING,
        "topics": TOPICS.items(),
        "broker": urlsplit(settings.MQTT_PUBLIC_URL),
        "most_layers": MOST_LAYERS,
        "most_bytes": MOST_BYTES,
    }
