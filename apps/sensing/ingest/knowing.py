"""Which members a reading has, and what somebody means who sends another one.

A member that is not kept is never passed over in silence: ``uom`` or ``quality`` would change what the
number means. A device that has more to say puts an underscore before it: such members are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from apps.core.sentences import sentence as _
from apps.sensing.ingest.moments import RowError

MEMBERS = ("datastream", "phenomenonTime", "result", "unit")
OWN = "_"
LONGEST = 40
MEANT: Mapping[str, str] = {  # without regard to case and separators
    **dict.fromkeys(
        ("uom", "units", "unitcode", "unitofmeasure", "unitofmeasurement", "ucum", "单位"), "unit"
    ),
    **dict.fromkeys(
        ("value", "val", "v", "reading", "measurement", "measured", "data", "number", "值", "数值", "读数"),
        "result",
    ),
    **dict.fromkeys(
        ("time", "timestamp", "ts", "t", "date", "datetime", "moment", "at", "epoch", "measuredat", "时间"),
        "phenomenonTime",
    ),
    **dict.fromkeys(
        ("stream", "sensor", "sensorid", "device", "deviceid", "datastreamid", "streamid", "id", "key"),
        "datastream",
    ),
}


def is_own(name: object) -> bool:
    """Whether a member is its sender's own."""
    return isinstance(name, str) and name.startswith(OWN)


def member_fault(row: Mapping[Any, Any]) -> RowError | None:
    """The first member that no reading has, with the right name; one that is null is as good as absent."""
    for name, value in row.items():
        if name in MEMBERS or value is None or is_own(name):
            continue
        shown = str(name)[:LONGEST]
        meant = member_meant(shown)
        if meant and row.get(meant) is None:
            detail = _("A reading has no member %(name)s; what you mean is %(meant)s.")
            return RowError(shown, "unknown_member", detail % {"name": shown, "meant": meant})
        detail = _(
            "%(name)s is not kept with a reading, so the row was set aside. Leave it out; "
            "a device's own remarks begin with an underscore."
        )
        return RowError(shown, "unknown_member", detail % {"name": shown})
    return None


def member_meant(name: str) -> str:
    """The member that somebody means by ``name``; "" where nobody can say."""
    plain = "".join(sign for sign in name.casefold() if sign.isalnum())
    known = {member.casefold(): member for member in MEMBERS}
    near = get_close_matches(plain, known, 1, 0.8)
    return MEANT.get(plain) or (known[near[0]] if near else "")
