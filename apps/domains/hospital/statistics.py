"""What may be asked about encounters, with bounds and values that are public."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import StatisticalData, StatisticColumn

KINDS = (("emergency", _("Emergency")), ("inpatient", _("Inpatient")), ("ambulatory", _("Outpatient")))
WEEKDAYS = (
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
)
THIRTY_DAYS = 720

STATISTICS = (
    StatisticalData(
        "encounters",
        _("Stays and visits"),
        person=_("patient"),
        model="hospital.Encounter",
        rows="apps.domains.hospital.selectors.encounter_rows",
        rows_per_person=3,
        columns=(
            StatisticColumn(
                "hours",
                _("Length of stay"),
                "hours",
                unit="h",
                low=0,
                high=THIRTY_DAYS,
                edges=(0, 4, 12, 24, 72, 168, 336, THIRTY_DAYS),
            ),
            StatisticColumn(
                "hour",
                _("Hour of arrival"),
                "hour",
                unit="h",
                low=0,
                high=24,
                edges=(0, 3, 6, 9, 12, 15, 18, 21, 24),
            ),
            StatisticColumn("weekday", _("Weekday of arrival"), "weekday", values=WEEKDAYS),
            StatisticColumn("kind", _("Kind of encounter"), "kind", values=KINDS),
            StatisticColumn(
                "ward", _("Ward"), "ward__code", register="apps.domains.hospital.selectors.ward_values"
            ),
        ),
    ),
)
