"""Which rows of the city domain speak of a person: whoever brought a request to the hotline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import Keep, SubjectRecord

# State Archives Administration, Order No. 8 (2006), Art. 6: terms of 30 and of 10 years.
ARCHIVED = _("handled requests are archived for 10 years (State Archives Administration, Order No. 8)")

SUBJECTS = (
    SubjectRecord(
        "city.ServiceRequest",
        _("caller of a service request"),
        identity={"id_number": "reporter_id_number", "phone": "reporter_phone", "name": "reporter_name"},
        erase="anonymise",
        blank=("reporter_name", "reporter_phone", "reporter_id_number"),
        soften=("text", "address", "geometry"),
        correctable=("text", "address"),
        keeps=(Keep(ARCHIVED, 10, "closed_at"),),
    ),
    SubjectRecord(
        "city.RequestReply",
        _("reply to a service request"),
        root="request",
        erase="anonymise",
        soften=("text",),
        keeps=(Keep(ARCHIVED, 10, "written_at"),),
    ),
)
