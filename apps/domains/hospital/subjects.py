"""Which rows of the hospital domain speak of a person, and what the law keeps of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import Keep, SubjectRecord

# Rules for the Implementation of the Regulations on Medical Institutions, Art. 53.
INPATIENT = _("medical records of hospital stays are kept for 30 years (Medical Institutions Rules, Art. 53)")
OUTPATIENT = _("medical records of visits are kept for 15 years (Medical Institutions Rules, Art. 53)")
EMPLOYED = _("the person is employed here (Personal Information Protection Law, Art. 13)")

SUBJECTS = (
    SubjectRecord(
        "hospital.Patient",
        _("patient"),
        identity={
            "id_number": "id_number",
            "phone": "phone",
            "name": "name",
            "birth_date": "birth_date",
            "number": "pseudonym",
        },
        correctable=("sex",),
    ),
    SubjectRecord(
        "hospital.Encounter",
        _("stay or visit"),
        root="patient",
        correctable=("diagnosis",),
        keeps=(Keep(INPATIENT, 30, "left_at", only=("kind", "inpatient")), Keep(OUTPATIENT, 15, "left_at")),
    ),
    SubjectRecord(
        "hospital.StaffMember",
        _("hospital staff"),
        identity={"phone": "phone", "name": "name", "number": "number"},
        correctable=("skill",),
        keeps=(Keep(EMPLOYED),),
    ),
)
