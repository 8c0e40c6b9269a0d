"""What may be asked about pupils' answers, with bounds and values that are public."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import StatisticalData, StatisticColumn

STATISTICS = (
    StatisticalData(
        "answers",
        _("Answers to exercises"),
        person=_("student"),
        model="school.Answer",
        rows="apps.domains.school.selectors.answer_rows",
        rows_per_person=20,
        columns=(
            StatisticColumn("correct", _("Correct"), "correct", low=0, high=1),
            StatisticColumn(
                "hour",
                _("Hour of the day"),
                "hour",
                unit="h",
                low=0,
                high=24,
                edges=(0, 6, 8, 12, 14, 18, 24),
            ),
            StatisticColumn(
                "exercise",
                _("Exercise"),
                "exercise__code",
                register="apps.domains.school.selectors.exercise_values",
            ),
            StatisticColumn(
                "skill",
                _("Skill"),
                "exercise__skill",
                register="apps.domains.school.selectors.skill_values",
            ),
        ),
    ),
)
