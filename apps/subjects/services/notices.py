"""Texts that an incident owes: the report to the authority, the notices to people and guardians.

They are drafted from the record and carry the mark of generated texts (GB 45438-2025); a person signs them.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.quantities import full_moment, listed, titled
from apps.subjects.models import Incident
from apps.subjects.selectors.leaks import Leak
from apps.subjects.selectors.records import records


def label_line() -> str:
    """The mark of a generated text."""
    return _("This text was generated automatically; the responsible person checks and signs it.")


def report_text(incident: Incident, leak: Leak, *, language: str = "") -> str:
    """The 24-hour report: what happened, whose data, the harm, what was done (NDR Art. 10)."""
    with translation.override(language or translation.get_language()):
        lines = [
            _("Report of a data security incident, number %(number)d") % {"number": incident.pk},
            "",
            *_facts(incident),
            _("People concerned: %(people)d (%(kinds)s)")
            % {"people": leak.people, "kinds": _kinds(leak) or _("not known yet")},
            _("Recipients known: %(count)d accounts")
            % {"count": len({item.user_id for item in leak.recipients})},
            "",
            label_line(),
        ]
        return "\n".join(lines)


def notice_text(incident: Incident, leak: Leak, *, guardian: bool = False, language: str = "") -> str:
    """The notice in list form (PIPL Art. 57): data, cause, possible harm, measures, what one can do."""
    with translation.override(language or translation.get_language()):
        greeting = (
            _("To the guardian: this notice concerns the data of the child in your care.")
            if guardian
            else _("To whom it concerns: this notice concerns your personal data.")
        )
        advice = _("What you can do: be wary of calls and messages that use these data; ask us under 12345.")
        kinds = _("Kinds of data: %(kinds)s") % {"kinds": _kinds(leak) or _("not known yet")}
        return "\n".join([greeting, "", *_facts(incident), kinds, advice, "", label_line()])


def _facts(incident: Incident) -> list[str]:
    rows = (
        (_("Kind of incident"), incident.get_breach_display()),
        (_("Happened"), _moment(incident.occurred_at)),
        (_("Found"), _moment(incident.found_at)),
        (_("Cause"), incident.cause),
        (_("Possible harm"), incident.harm),
        (_("Measures taken"), incident.measures),
    )
    return [f"{number}. {titled(title, value or '–')}" for number, (title, value) in enumerate(rows, start=1)]


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        return ""
    return full_moment(value)


def _kinds(leak: Leak) -> str:
    return listed(f"{records()[label][1].title} {len(ids)}" for label, ids in leak.subjects.items())


def has_minors(leak: Leak) -> bool:
    """Whether guardians must be told too (minors' regulations, Art. 35)."""
    return any(records()[label][1].is_minor for label in leak.subjects)
