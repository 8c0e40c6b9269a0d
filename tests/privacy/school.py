"""A school with two classes, their teachers, and a pupil in each."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import Point

from apps.accounts.models import User
from apps.domains.school.models import Course, School, SchoolClass, Student, Teacher

NAME, PHONE = "ZQXsecretname", "19900012345"


def pupil(code: str = "A", *, teacher: User | None = None) -> Student:
    """One pupil in a class of its own, taught by ``teacher``."""
    place = {"division": "359901", "geometry": Point(118, 24.4, srid=4326)}
    school, _ = School.objects.get_or_create(code="S", defaults={"name": "S", **place})
    group = SchoolClass.objects.create(code=code, name=code, school=school, size=1)
    staff = Teacher.objects.create(number=code, name="T", school=school, user=teacher)
    Course.objects.create(code=code, name=code, school_class=group, teacher=staff, weekly_lessons=1)
    values = {"name": NAME, "birth_date": date(2014, 5, 6), "guardian_phone": PHONE}
    return Student.objects.create(pseudonym=code, school_class=group, **values)
