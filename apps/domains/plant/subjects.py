"""Which rows of the plant domain speak of a person: inspector and customer; the rows themselves stay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import SubjectRecord

SUBJECTS = (
    SubjectRecord(
        "plant.Order",
        _("customer of an order"),
        identity={"name": "customer"},
        erase="anonymise",
        blank=("customer",),
    ),
    SubjectRecord(
        "plant.Inspection",
        _("inspector"),
        identity={"name": "inspector"},
        erase="anonymise",
        blank=("inspector",),
    ),
)
