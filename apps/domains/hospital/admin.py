"""Portal pages of the hospital domain."""

from __future__ import annotations

from apps.domains.hospital.models import Bed, Encounter, Hospital, Patient, StaffMember, Theatre, Ward
from apps.privacy.services.admin import policy_register

policy_register(
    Hospital, columns=("code", "name", "level", "division"), search=("code", "name"), filters=("division",)
)
policy_register(
    Ward, columns=("code", "name", "specialty", "hospital"), search=("code", "name"), filters=("specialty",)
)
policy_register(
    Bed, columns=("code", "name", "ward", "isolation"), search=("code", "name"), filters=("isolation",)
)
policy_register(
    Theatre,
    columns=("code", "name", "hospital", "opens", "closes"),
    search=("code", "name"),
    filters=("hospital",),
)
policy_register(
    StaffMember,
    columns=("number", "name", "skill", "ward", "phone", "weekly_hours"),
    search=("number",),
    filters=("skill",),
)
policy_register(
    Patient,
    columns=("pseudonym", "name", "birth_date", "sex", "phone", "hospital"),
    search=("pseudonym",),
    filters=("hospital",),
)
policy_register(Encounter, columns=("kind", "ward", "arrived_at", "left_at", "diagnosis"), filters=("kind",))
