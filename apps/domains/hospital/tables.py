"""What may leave the hospital as rows with pseudonyms, and how each column is made coarser."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.declarations import PersonalTable, ReleaseColumn

SEX, BIRTH, PLACE = "hospital.Patient.sex", "hospital.Patient.birth_date", "hospital.Hospital.division"

TABLES = (
    PersonalTable(
        "patients",
        _("Patients"),
        "hospital.Patient",
        person="pk",
        columns=(
            ReleaseColumn("sex", _("Sex"), "sex", SEX, "category"),
            ReleaseColumn("birth", _("Date of birth"), "birth_date", BIRTH, "birth"),
            ReleaseColumn("division", _("Division"), "hospital__division", PLACE, "division"),
        ),
    ),
    PersonalTable(
        "encounters",
        _("Stays and visits"),
        "hospital.Encounter",
        person="patient_id",
        columns=(
            ReleaseColumn("sex", _("Sex"), "patient__sex", SEX, "category"),
            ReleaseColumn("birth", _("Date of birth"), "patient__birth_date", BIRTH, "birth"),
            ReleaseColumn("division", _("Division"), "ward__hospital__division", PLACE, "division"),
            ReleaseColumn("arrived", _("Arrived"), "arrived_at", "hospital.Encounter.arrived_at", "date"),
            ReleaseColumn("kind", _("Kind of encounter"), "kind", "hospital.Encounter.kind", "category"),
            ReleaseColumn(
                "diagnosis", _("Diagnosis"), "diagnosis", "hospital.Encounter.diagnosis", sensitive=True
            ),
        ),
    ),
)
