"""Questions that take too long or cannot be reckoned are the caller's to mend, not a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, InternalError, OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from apps.core.errors import ProblemError
from apps.sensing.sensorthings.counting import READ_MILLISECONDS, time_limit


@contextmanager
def writing_within_limits() -> Iterator[None]:
    """All or nothing; what the database refuses is a problem of the body."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        detail = _("Somebody has written the same at this moment; look, and send again.")
        raise ProblemError(detail, "", 409, "conflict") from error
    except (DataError, InternalError) as error:
        detail = _("The database cannot take this: a value is too long, too large or of the wrong kind.")
        raise ProblemError(detail, "body", code="value") from error


@contextmanager
def reading_within_limits() -> Iterator[None]:
    """One snapshot-free transaction with a time limit; ProblemError 400 in place of the database's words."""
    try:
        with transaction.atomic():
            time_limit(READ_MILLISECONDS)
            yield
    except (DataError, InternalError) as error:
        detail = _(
            "The database cannot reckon this: a division by zero, a number too large or a shape not valid."
        )
        raise ProblemError(detail, "$filter", code="reckoning") from error
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        detail = _("This question takes too long; begin at one Datastream, or name a time.")
        raise ProblemError(detail, "$filter", code="too_broad") from error
