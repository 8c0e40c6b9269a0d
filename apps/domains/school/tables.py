"""What may leave the schools as rows with pseudonyms, and how each column is made coarser."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import PersonalTable, ReleaseColumn

BIRTH, PLACE, STAGE = "school.Student.birth_date", "school.School.division", "school.School.stage"

TABLES = (
    PersonalTable(
        "students",
        _("Students"),
        "school.Student",
        person="pk",
        columns=(
            ReleaseColumn("birth", _("Date of birth"), "birth_date", BIRTH, "birth"),
            ReleaseColumn("division", _("Division"), "school_class__school__division", PLACE, "division"),
            ReleaseColumn("stage", _("School stage"), "school_class__school__stage", STAGE, "category"),
        ),
    ),
    PersonalTable(
        "answers",
        _("Answers"),
        "school.Answer",
        person="student_id",
        columns=(
            ReleaseColumn("birth", _("Date of birth"), "student__birth_date", BIRTH, "birth"),
            ReleaseColumn(
                "division", _("Division"), "student__school_class__school__division", PLACE, "division"
            ),
            ReleaseColumn("answered", _("Answered"), "answered_at", "school.Answer.answered_at", "date"),
            ReleaseColumn("skill", _("Skill"), "exercise__skill", "school.Exercise.skill"),
            ReleaseColumn("correct", _("Correct"), "correct", "school.Answer.correct", sensitive=True),
        ),
    ),
)
