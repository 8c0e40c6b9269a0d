"""What the addresses of the portal's lists may ask: what cannot be meant is named, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.catalogue.data import Sharing
from apps.core.domains import all_domains, recipes_by_id
from apps.core.errors import ProblemError
from apps.core.numbers import whole_number
from apps.core.quantities import listed
from apps.core.texts import text_clean
from apps.portal.selectors.alarms import CLOSED, OPEN, SHELVED
from apps.portal.selectors.curves import SPANS
from apps.portal.selectors.streams import STALE
from apps.portal.views.forecasts import FALLING
from apps.portal.views.log import FILTERS

View = Callable[..., HttpResponseBase]
Meant = Callable[[str], bool]
LONGEST = 40


def _number(text: str) -> bool:
    return whole_number(text) is not None


def _page(text: str) -> bool:
    return text == "last" or whole_number(text, low=1) is not None


def _any(_text: str) -> bool:
    return True


def _moment(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:  # such as the 30th of February
        return False


def _one_of(values: Callable[[], Iterable[Any]]) -> Meant:
    return lambda text: text in {str(value) for value in values()}


def _choice(label: str, name: str) -> Meant:
    return _one_of(lambda: dict(apps.get_model(label)._meta.get_field(name).flatchoices))


_domain = _one_of(lambda: [domain.slug for domain in all_domains()])
_kind = _one_of(lambda: [kind.key for domain in all_domains() for kind in domain.kinds])
PAGED: dict[str, Meant] = {"page": _page}
# Name of the page -> parameter -> whether a text can be meant by it.
ASKABLE: dict[str, dict[str, Meant]] = {
    "streams": {"q": _any, "domain": _domain, "kind": _kind, "state": _one_of(lambda: [STALE]), **PAGED},
    "stream": {"span": _one_of(lambda: SPANS)},
    "alarms": {
        "state": _one_of(lambda: [OPEN, SHELVED, CLOSED]),
        "domain": _domain,
        "priority": _choice("alerts.AlertRule", "priority"),
        **PAGED,
    },
    "uploads": PAGED,
    "upload": {"again": _any, **PAGED},
    "runs": PAGED,
    "models": PAGED,
    "jobs": {"state": _choice("core.Job", "state"), **PAGED},
    "forecasts": {"datastream": _number},
    "outlook": {
        "recipe": _one_of(recipes_by_id),
        "at": _moment,
        "order": _one_of(lambda: [FALLING]),
    },
    "districts": {"kind": _kind},
    "statistics": PAGED,
    "plans": PAGED,
    "plans_compare": {"a": _number, "b": _number},
    "subject_requests": {"state": _choice("subjects.SubjectRequest", "state"), **PAGED},
    "incidents": PAGED,
    "catalogue": {
        "q": _any,
        "domain": _domain,
        "sharing": _one_of(lambda: Sharing.values),
        "state": _choice("catalogue.Dataset", "state"),
        **PAGED,
    },
    "access_log": {
        **dict.fromkeys(FILTERS, _any),  # the page itself says beside them what is wrong
        "before": _number,
    },
    "access_who": {"object": _any, "pk": _any, "before": _number},
    "my_trail": {"before": _number},
    "reveals": PAGED,
    "minors": PAGED,
    "work_calendar": {"year": _number},
}


def understood(view: View, name: str) -> View:
    """The view; an address that asks what its page cannot answer is refused, the parameter named."""
    askable = ASKABLE.get(name)
    if askable is None:
        return view

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for parameter, values in request.GET.lists() if request.method == "GET" else ():
            _check(askable, text_clean(parameter, LONGEST), values)
        return view(request, *args, **kwargs)

    return asked


def _check(askable: dict[str, Meant], name: str, values: list[str]) -> None:
    if name not in askable:
        detail = _("This page has no parameter of this name. It knows: %(names)s.")
        names = listed(askable)
        raise ProblemError(detail % {"names": names}, name, code="unknown")
    wrong = next((value for value in values if value and not askable[name](value.strip())), None)
    if wrong is not None:
        detail = _("“%(value)s” is not understood here; choose a value on the page.")
        raise ProblemError(detail % {"value": text_clean(wrong, LONGEST)}, name, code="choice")
