"""One query of a map or of a page of features, ended where it takes too long."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

TIMEOUT = "SET LOCAL statement_timeout = '5s'"


def row_fetch(query: str, parameters: tuple[Any, ...], *, name: str) -> tuple[Any, ...]:
    """The one row of a query; 503 naming the parameter to mend where it took more than five seconds."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TIMEOUT)
            cursor.execute(query, parameters)
            return tuple(cursor.fetchone() or ())
    except OperationalError as error:
        detail = _("This takes too long to draw now; ask for a smaller part or try again.")
        raise ProblemError(detail, name, 503, "timeout") from error
