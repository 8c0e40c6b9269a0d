"""Schools, their rooms and classes, and what pupils answer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.encryption import BlindIndexField, EncryptedDateField, EncryptedTextField, SequencedKeyField
from apps.core.places import Located, Named


class School(Located):
    """One school; its thing carries the mean of its classrooms."""

    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    stage = models.CharField(_("school stage"), max_length=20, blank=True)

    class Meta(Located.Meta):
        verbose_name = _("school")
        verbose_name_plural = _("schools")


class Room(Named):
    """A room; its thing carries carbon dioxide and temperature."""

    PLACE_PATH = "school__division"

    school = models.ForeignKey(School, models.PROTECT, related_name="rooms", verbose_name=_("school"))
    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    seats = models.PositiveIntegerField(_("seats"))

    class Meta(Named.Meta):
        verbose_name = _("room")
        verbose_name_plural = _("rooms")


class Teacher(models.Model):
    """A person who teaches."""

    PERSONAL = True
    PLACE_PATH = "school__division"
    OWN_ROWS = ("school.Teacher.user", "user")

    id = SequencedKeyField(primary_key=True)
    school = models.ForeignKey(School, models.PROTECT, related_name="teachers", verbose_name=_("school"))
    user = models.OneToOneField(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whoever logs in with it sees the pupils of this teacher's classes only."),
    )
    number = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    phone = EncryptedTextField(_("telephone"), max_length=20, blank=True)
    phone_index = BlindIndexField("phone")

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class SchoolClass(Named):
    """A class that is taught together."""

    PLACE_PATH = "school__division"
    OWN_ROWS = ("school.Teacher.user", "courses__teacher__user")

    school = models.ForeignKey(School, models.PROTECT, related_name="classes", verbose_name=_("school"))
    size = models.PositiveIntegerField(_("size"))

    class Meta(Named.Meta):
        verbose_name = _("class")
        verbose_name_plural = _("classes")


class Course(Named):
    """What is taught to a class by a teacher, and how often a week."""

    PLACE_PATH = "school_class__school__division"
    OWN_ROWS = ("school.Teacher.user", "school_class__courses__teacher__user")

    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="courses", verbose_name=_("class")
    )
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="courses", verbose_name=_("teacher"))
    weekly_lessons = models.PositiveIntegerField(_("lessons a week"))

    class Meta(Named.Meta):
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class Student(models.Model):
    """A pupil: a minor, so every field that tells who it is has the highest grade."""

    PERSONAL = True
    PLACE_PATH = "school_class__school__division"
    IS_MINOR = True
    OWN_ROWS = ("school.Teacher.user", "school_class__courses__teacher__user")

    id = SequencedKeyField(primary_key=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="students", verbose_name=_("class")
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=64, unique=True)
    name = EncryptedTextField(pgettext_lazy("person", "name"), max_length=80)
    birth_date = EncryptedDateField(_("date of birth"), null=True, blank=True)
    guardian_phone = EncryptedTextField(_("guardian's telephone"), max_length=20, blank=True)
    guardian_phone_index = BlindIndexField("guardian_phone")

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        ordering = ["pseudonym"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"  # shown in titles: tells nothing about the person


class Exercise(Named):
    """A question that trains one skill."""

    skill = models.CharField(pgettext_lazy("of a pupil", "skill"), max_length=80)

    class Meta(Named.Meta):
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")


class Answer(models.Model):
    """One answer of one pupil."""

    PERSONAL = True
    PLACE_PATH = "student__school_class__school__division"
    IS_MINOR = True
    OWN_ROWS = ("school.Teacher.user", "student__school_class__courses__teacher__user")

    student = models.ForeignKey(Student, models.CASCADE, related_name="answers", verbose_name=_("student"))
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="answers", verbose_name=_("exercise"))
    answered_at = models.DateTimeField(_("answered"))
    correct = models.BooleanField(_("correct"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-answered_at"]

    def __str__(self) -> str:
        return f"{self.student_id} {self.exercise_id}"
