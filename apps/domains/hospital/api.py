"""REST collections of the hospital domain."""

from __future__ import annotations

from apps.domains.hospital.models import Bed, Encounter, Hospital, Patient, StaffMember, Theatre, Ward
from apps.privacy.services.rest import policy_viewset

ROUTES = {
    "hospitals": policy_viewset(Hospital, filters=("division",)),
    "wards": policy_viewset(Ward, filters=("hospital", "specialty")),
    "beds": policy_viewset(Bed, filters=("ward", "isolation")),
    "theatres": policy_viewset(Theatre, filters=("hospital",)),
    "staff": policy_viewset(StaffMember, filters=("ward", "skill")),
    "patients": policy_viewset(Patient, filters=("hospital",)),
    "encounters": policy_viewset(Encounter, filters=("ward", "kind")),
}
