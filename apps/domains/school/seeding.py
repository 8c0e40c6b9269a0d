"""Demonstration rows of the school domain; safe to repeat. Invented people, impossible numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from apps.alerts.services import rules_register
from apps.domains.school.alarms import RULES
from apps.domains.school.models import Answer, Course, Exercise, Room, School, SchoolClass, Student, Teacher
from apps.privacy.services.budgets import budgets_begin
from apps.sensing.services import datastreams_register, things_register
from apps.sensing.services.registering import ThingFacts

SCHOOLS = (
    ("S01", "海澄第一中学", "高中", 118.055, 24.455),
    ("S02", "实验小学", "小学", 118.085, 24.475),
    ("S03", "东港中学", "初中", 118.12, 24.45),
    ("S04", "西江小学", "小学", 118.0, 24.475),
)
DIVISION = "359901"
BUDGET = 10_000_000  # millionths of epsilon


TEACHER = "li.teacher"  # login of the teacher of the first school


@transaction.atomic
def seed() -> None:
    """Four schools with a room, a teacher, a class and two pupils each."""
    rules_register(domain="school", rules=RULES)
    facts = [ThingFacts(code, name, DIVISION) for code, name, _stage, _x, _y in SCHOOLS]
    things = things_register(domain="school", things=facts)
    datastreams_register(domain="school", things=things, kinds=["co2", "temperature"])
    exercise, _new = Exercise.objects.get_or_create(
        code="EX1", defaults={"name": "一元二次方程", "skill": "方程"}
    )
    for code, name, stage, x, y in SCHOOLS:
        values = {"name": name, "stage": stage, "division": DIVISION, "geometry": Point(x, y, srid=4326)}
        school, _new = School.objects.update_or_create(code=code, defaults={**values, "thing": things[code]})
        _class(school, exercise)
    budgets_begin("school.answers", limit=BUDGET, share=BUDGET // 2, reason="演示初始预算")


def _class(school: School, exercise: Exercise) -> None:
    Room.objects.get_or_create(
        code=f"{school.code}-R1", defaults={"name": "101教室", "school": school, "seats": 45}
    )
    person: dict[str, Any] = {"school": school, "name": "示范教师", "phone": "19900001111"}
    if school.code == SCHOOLS[0][0]:
        person["user"] = get_user_model().objects.filter(username=TEACHER).first()
    teacher, _new = Teacher.objects.get_or_create(number=f"{school.code}-T1", defaults=person)
    values = {"name": "一年级一班", "school": school, "size": 42}
    group, _new = SchoolClass.objects.get_or_create(code=f"{school.code}-C1", defaults=values)
    course = {"name": "数学", "school_class": group, "teacher": teacher, "weekly_lessons": 5}
    Course.objects.get_or_create(code=f"{school.code}-MATH", defaults=course)
    for number in range(1, 3):
        pupil = {
            "school_class": group,
            "name": f"示例学生{number}",
            "birth_date": date(2012, number, 1),
            "guardian_phone": f"1992222000{number}",
        }
        student, new = Student.objects.get_or_create(pseudonym=f"{school.code}-demo-{number}", defaults=pupil)
        if new:
            moment = timezone.now() - timedelta(hours=number)
            Answer.objects.create(student=student, exercise=exercise, answered_at=moment, correct=number == 1)
