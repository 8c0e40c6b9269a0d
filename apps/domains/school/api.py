"""REST collections of the school domain."""

from __future__ import annotations

from apps.domains.school.models import Answer, Course, Exercise, Room, School, SchoolClass, Student, Teacher
from apps.privacy.services.rest import policy_viewset

ROUTES = {
    "schools": policy_viewset(School, filters=("division",)),
    "rooms": policy_viewset(Room, filters=("school",)),
    "teachers": policy_viewset(Teacher, filters=("school",)),
    "classes": policy_viewset(SchoolClass, filters=("school",)),
    "courses": policy_viewset(Course, filters=("school_class", "teacher")),
    "students": policy_viewset(Student, filters=("school_class",)),
    "exercises": policy_viewset(Exercise, filters=("skill",)),
    "answers": policy_viewset(Answer, filters=("student", "exercise")),
}
