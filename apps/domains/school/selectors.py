"""Rows of the school domain for the platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import ExtractHour

from apps.domains.school.models import Answer, Exercise


def answer_rows(begin: datetime, end: datetime) -> QuerySet[Answer]:
    """Answers of the period, with the pupil and the hour of the day."""
    return Answer.objects.filter(answered_at__gte=begin, answered_at__lt=end).annotate(
        person=F("student_id"), hour=ExtractHour("answered_at")
    )


def exercise_values() -> Sequence[tuple[str, str]]:
    """Every exercise of the catalogue; it is public, the answers are not in it."""
    return list(Exercise.objects.order_by("code").values_list("code", "name"))


def skill_values() -> Sequence[tuple[str, str]]:
    """Every skill that the catalogue of exercises trains."""
    skills = Exercise.objects.order_by("skill").values_list("skill", flat=True).distinct()
    return [(skill, skill) for skill in skills]
