"""The clock of a request: working days of the calendar that the data bureau keeps."""

from __future__ import annotations

from datetime import date, timedelta

from apps.catalogue.selectors.days import working_days_after
from apps.core.errors import ProblemError
from apps.subjects.data import REPLY_DAYS


def reply_due(start: date) -> date:
    """The last day for an answer, 15 working days on.

    Where the calendar of the coming year is not known yet, 15 days: nobody is sent away because of it, and no
    holiday is guessed that would make him wait longer.
    """
    try:
        return working_days_after(start, REPLY_DAYS)
    except ProblemError:
        return start + timedelta(days=REPLY_DAYS)
