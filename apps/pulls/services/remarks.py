"""What a source says about readings beside their values, kept as corrections that can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from math import isclose

from apps.accounts.data import Capability, Viewer
from apps.core.sentences import sentence_joined
from apps.core.units import unit_factor, unit_read
from apps.pulls.data import Remark
from apps.pulls.models import Source
from apps.sensing.selectors import datastreams_visible, observations_between
from apps.sensing.services.corrections import Correction, edit_make

MOMENT = timedelta(microseconds=1)


def remarks_apply(remarks: Iterable[Remark], *, source: Source) -> int:
    """Correct or mark the stored readings, in the name of who made the source; returns how many changed.

    A remark that is repeated changes nothing, for the reading already is as it says.
    """
    wanted = list(remarks)
    if not wanted:
        return 0
    rights = {(source.domain, Capability.VIEW), (source.domain, Capability.UPLOAD)}
    viewer = Viewer(user_id=source.created_by_id, rights=frozenset(rights))
    keys = {remark.datastream for remark in wanted}
    found = datastreams_visible(viewer=viewer, domain=source.domain).filter(key__in=keys)
    streams = {stream.key: stream for stream in found.select_related("thing")}
    changed = 0
    for remark in wanted:
        stream = streams.get(remark.datastream)
        if stream is None:
            continue
        value = _converted(remark, stream.unit)
        rows = observations_between(datastream_id=stream.pk, start=remark.at, end=remark.at + MOMENT)
        stored = rows.values_list("result", "quality").first()
        if stored is None or not _differs(stored, value, remark.quality):
            continue
        operation = "flag" if remark.quality is not None else "set"
        wish = Correction(
            start=remark.at,
            end=remark.at,
            operation=operation,
            reason=sentence_joined(source.name, remark.reason, by=": "),
            value=value,
            quality=remark.quality,
        )
        edit_make(stream, wish=wish, viewer=viewer)
        changed += 1
    return changed


def _differs(stored: tuple[float | None, int], value: float | None, quality: int | None) -> bool:
    """Whether the reading is not yet as the remark says; a mark never makes a bad reading better."""
    if quality is not None:
        return stored[1] < quality
    return value is not None and (stored[0] is None or not isclose(stored[0], value, rel_tol=1e-9))


def _converted(remark: Remark, unit: str) -> float | None:
    """The value in the stream's own unit; None when it cannot be."""
    if remark.result is None or not remark.unit or remark.unit == unit:
        return remark.result
    try:
        scale, offset = unit_factor(unit_read(remark.unit, like=unit), unit)
    except ValueError:
        return None
    return remark.result * scale + offset
