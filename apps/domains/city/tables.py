"""What may leave the 12345 hotline as rows with pseudonyms, and how each column is made coarser."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.declarations import PersonalTable, ReleaseColumn

REQUEST = "city.ServiceRequest"

TABLES = (
    PersonalTable(
        "requests",
        _("Service requests"),
        REQUEST,
        person="reporter_phone",
        columns=(
            ReleaseColumn("division", _("Division"), "division", f"{REQUEST}.division", "division"),
            ReleaseColumn("place", _("Place"), "geometry", f"{REQUEST}.geometry", "grid"),
            ReleaseColumn(
                "received",
                pgettext_lazy("column", "Received"),
                "received_at",
                f"{REQUEST}.received_at",
                "date",
            ),
            ReleaseColumn("category", _("Category"), "category", f"{REQUEST}.category", sensitive=True),
            ReleaseColumn("text", _("Text"), "text", f"{REQUEST}.text", is_text=True),
        ),
    ),
)
