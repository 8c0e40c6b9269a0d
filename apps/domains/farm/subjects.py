"""Which rows of the farm domain speak of a person: the holder of a farm; the farm itself stays."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import SubjectRecord

SUBJECTS = (
    SubjectRecord(
        "farm.Farm",
        _("holder of a farm"),
        identity={"phone": "holder_phone", "name": "holder_name"},
        erase="anonymise",
        blank=("holder_name", "holder_phone"),
    ),
)
