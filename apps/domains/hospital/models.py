"""Hospitals, their places and people, and the stays of patients."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.encryption import BlindIndexField, EncryptedDateField, EncryptedTextField, SequencedKeyField
from apps.core.places import Located, Named
from apps.core.quantities import day
from apps.domains.hospital.statistics import KINDS


class Sex(models.TextChoices):
    """As FHIR's AdministrativeGender has it."""

    FEMALE = "female", pgettext_lazy("sex", "female")
    MALE = "male", pgettext_lazy("sex", "male")
    OTHER = "other", pgettext_lazy("sex", "other")
    UNKNOWN = "unknown", pgettext_lazy("sex", "unknown")


class Hospital(Located):
    """One hospital; its thing carries occupancy and arrivals."""

    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    level = models.CharField(_("level"), max_length=20, blank=True)

    class Meta(Located.Meta):
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")


class Ward(Named):
    """A clinical department of a hospital."""

    PLACE_PATH = "hospital__division"

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="wards", verbose_name=_("hospital"))
    specialty = models.CharField(_("specialty"), max_length=60)

    class Meta(Named.Meta):
        verbose_name = _("ward")
        verbose_name_plural = _("wards")


class Bed(Named):
    """A bed of a ward."""

    PLACE_PATH = "ward__hospital__division"

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="beds", verbose_name=_("ward"))
    isolation = models.BooleanField(_("isolation"), default=False)

    class Meta(Named.Meta):
        verbose_name = _("bed")
        verbose_name_plural = _("beds")


class Theatre(Named):
    """An operating theatre and the hours that it is open."""

    PLACE_PATH = "hospital__division"

    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="theatres", verbose_name=_("hospital")
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta(Named.Meta):
        verbose_name = _("operating theatre")
        verbose_name_plural = _("operating theatres")


class StaffMember(models.Model):
    """A nurse or doctor who can be rostered."""

    PERSONAL = True
    PLACE_PATH = "ward__hospital__division"

    id = SequencedKeyField(primary_key=True)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="staff", verbose_name=_("ward"))
    number = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    phone = EncryptedTextField(_("telephone"), max_length=20, blank=True)
    phone_index = BlindIndexField("phone")
    skill = models.CharField(_("skill"), max_length=40)
    weekly_hours = models.FloatField(_("weekly hours"), default=40)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Patient(models.Model):
    """A person in care; the pseudonym is what leaves the hospital."""

    PERSONAL = True
    PLACE_PATH = "hospital__division"
    MINOR_PATH = "birth_date"

    id = SequencedKeyField(primary_key=True)
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="patients", verbose_name=_("hospital")
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=64, unique=True)
    name = EncryptedTextField(pgettext_lazy("person", "name"), max_length=80)
    id_number = EncryptedTextField(_("identity number"), max_length=18, blank=True)
    id_number_index = BlindIndexField("id_number")
    phone = EncryptedTextField(_("telephone"), max_length=20, blank=True)
    phone_index = BlindIndexField("phone")
    birth_date = EncryptedDateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, blank=True, choices=Sex)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["pseudonym"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"  # shown in titles: tells nothing about the person


class Encounter(models.Model):
    """One stay or visit (HL7 FHIR Encounter)."""

    PERSONAL = True
    PLACE_PATH = "ward__hospital__division"
    MINOR_PATH = "patient__birth_date"

    id = SequencedKeyField(primary_key=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="encounters", verbose_name=_("patient"))
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="encounters", verbose_name=_("ward"))
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, verbose_name=_("bed"))
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS)  # FHIR class
    arrived_at = models.DateTimeField(_("arrived"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    diagnosis = EncryptedTextField(_("diagnosis (ICD-10)"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("encounter")
        verbose_name_plural = _("encounters")
        ordering = ["-arrived_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {day(self.arrived_at)}"
