"""Times as SensorThings writes them, and as ids hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(microseconds: int) -> datetime:
    """The moment so many microseconds after 1970; OverflowError beyond the calendar."""
    return EPOCH + timedelta(microseconds=microseconds)


def moment_text(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def period_text(period: tuple[datetime | None, datetime | None]) -> str | None:
    """``begin/end``, or None where there is nothing."""
    begin, end = period
    return f"{moment_text(begin)}/{moment_text(end)}" if begin and end else None
