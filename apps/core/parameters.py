"""Query parameters of the REST API: one that nobody reads, or that cannot be read, is refused by its name.

A filter that is silently left out answers another question than the one that was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.domains import all_domains
from apps.core.errors import ProblemError


def names_check(query: Any, known: Collection[str]) -> None:
    """ProblemError 400 for a parameter of another name, one that is given twice, and one without a value."""
    for name, texts in query.lists():
        if name not in known:
            raise ProblemError(_unknown(known), name, code="unknown")
        if len(texts) > 1:
            raise ProblemError(_("Give this parameter once."), name, code="repeated")
        if not texts[0]:
            raise ProblemError(_("Give a value, or leave the parameter out."), name, code="empty")


def _unknown(known: Collection[str]) -> str:
    """Which parameters there are, in words."""
    if not known:
        return _("This address takes no parameters.")
    listed = ", ".join(sorted(known))
    return _("There is no such parameter; there are: %(values)s.") % {"values": listed}


def choice_check(text: str, choices: Sequence[str], name: str) -> None:
    """ProblemError 400 for a text that is none of the choices; it lists them."""
    if text not in choices:
        listed = ", ".join(one for one in choices if one)
        raise ProblemError(_("Choose one of: %(values)s.") % {"values": listed}, name, code="choice")


def domain_check(text: str, name: str = "domain") -> None:
    """ProblemError 400 for a domain that does not exist."""
    choice_check(text, [domain.slug for domain in all_domains()], name)


def kind_check(text: str, name: str = "kind") -> None:
    """ProblemError 400 for a kind of readings that no domain declares."""
    choice_check(text, sorted({kind.key for domain in all_domains() for kind in domain.kinds}), name)


class ReadingView(APIView):
    """DRF's view that takes known query parameters only: those of ``query_names``."""

    query_names: Sequence[str] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses other parameters once the caller is known."""
        super().initial(request, *args, **kwargs)
        if request.method in SAFE_METHODS:
            names_check(request.query_params, self.query_names)
