"""Portal pages of the school domain."""

from __future__ import annotations

from apps.domains.school.models import Answer, Course, Exercise, Room, School, SchoolClass, Student, Teacher
from apps.privacy.services.admin import policy_register

policy_register(
    School, columns=("code", "name", "stage", "division"), search=("code", "name"), filters=("division",)
)
policy_register(
    Room, columns=("code", "name", "school", "seats"), search=("code", "name"), filters=("school",)
)
policy_register(
    Teacher, columns=("number", "name", "phone", "school"), search=("number",), filters=("school",)
)
policy_register(
    SchoolClass, columns=("code", "name", "school", "size"), search=("code", "name"), filters=("school",)
)
policy_register(
    Course, columns=("code", "name", "school_class", "teacher", "weekly_lessons"), search=("code", "name")
)
policy_register(
    Student,
    columns=("pseudonym", "name", "birth_date", "guardian_phone", "school_class"),
    search=("pseudonym",),
)
policy_register(Exercise, columns=("code", "name", "skill"), search=("code", "name"), filters=("skill",))
policy_register(Answer, columns=("student", "exercise", "answered_at", "correct"))
