"""The policy kernel's answers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.data import NOBODY, Capability, Office, Viewer
from apps.core.grades import Grade, Mask
from apps.privacy.data import Outcome, Reason, RowFacts
from apps.privacy.services import decide, masked, policy_class
from apps.privacy.services.kernel import ALSO, all_grades

pytestmark = pytest.mark.django_db
GROWN_UP = RowFacts(domain="hospital")


def viewer(
    clearance: Grade = Grade.L2, *, domain: str = "hospital", division: str = "", office: Office | None = None
) -> Viewer:
    rights = frozenset({(domain, Capability.VIEW)})
    return Viewer(user_id=1, clearance=clearance, rights=rights, division=division, office=office)


def test_a_field_within_the_clearance_is_clear() -> None:
    assert decide(viewer(), "hospital.Ward", "name").is_clear


def test_a_field_above_the_clearance_is_masked() -> None:
    decision = decide(viewer(), "hospital.StaffMember", "phone")
    assert (decision.outcome, decision.mask, decision.reason) == (
        Outcome.MASKED,
        Mask.PHONE,
        Reason.CLEARANCE,
    )


def test_a_field_without_a_mask_is_hidden() -> None:
    assert decide(viewer(), "hospital.Encounter", "diagnosis").outcome is Outcome.HIDDEN


def test_the_highest_grade_needs_a_purpose() -> None:
    cleared = replace(viewer(Grade.L4), purposes=frozenset({("hospital", "treatment")}))
    asked = partial(decide, cleared, "hospital.Patient", "name", facts=GROWN_UP)
    assert asked().reason is Reason.PURPOSE
    assert asked(purpose="curiosity").reason is Reason.PURPOSE
    assert asked(purpose="treatment").is_clear


def test_another_domain_is_hidden() -> None:
    assert decide(viewer(Grade.L4, domain="farm"), "hospital.Ward", "name").reason is Reason.NO_ROLE


def test_another_division_is_hidden() -> None:
    local = viewer(division="350201")
    assert decide(local, "hospital.Ward", "name", place="350201").is_clear
    assert decide(local, "hospital.Ward", "name", place="350202").reason is Reason.OTHER_PLACE


def test_a_city_code_covers_its_districts() -> None:
    assert decide(viewer(division="350200"), "hospital.Ward", "name", place="350201").is_clear


def test_an_undeclared_field_is_hidden() -> None:
    assert decide(viewer(Grade.L4), "hospital.Ward", "no_such_field").reason is Reason.UNKNOWN


@given(
    clearance=st.sampled_from(Grade),
    field=st.sampled_from(sorted(all_grades())),
    domain=st.sampled_from(["city", "plant", "farm", "hospital", "school"]),
    office=st.sampled_from([None, *Office]),
)
def test_no_label_above_the_clearance_is_ever_clear(
    clearance: Grade, field: str, domain: str, office: Office | None
) -> None:
    object_type, _, name = field.rpartition(".")
    decision = decide(
        viewer(clearance, domain=domain, office=office), object_type, name, purpose="test", domain=domain
    )
    assert not decision.is_clear or all_grades()[field].grade <= clearance


@given(field=st.sampled_from(sorted(all_grades())))
def test_nobody_sees_nothing(field: str) -> None:
    object_type, _, name = field.rpartition(".")
    assert decide(NOBODY, object_type, name, domain="city").outcome is Outcome.HIDDEN


@given(
    field=st.sampled_from(
        sorted(
            name
            for name in all_grades()
            if name.split(".")[0] not in {"accounts", "audit"} and name.rpartition(".")[0] not in ALSO
        )
    )
)
def test_administrators_see_no_business_data(field: str) -> None:
    object_type, _, name = field.rpartition(".")
    administrator = Viewer(user_id=1, clearance=Grade.L4, office=Office.SYSTEM)
    assert decide(administrator, object_type, name, purpose="x", domain="city").outcome is Outcome.HIDDEN


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("Patient.name", "王小明", "王**"),
        ("Patient.phone", "13812345678", "138****5678"),
        ("Patient.id_number", "110101199003078888", "110***********8888"),
        ("Patient.birth_date", "1930-03-07", "90+"),
    ],
)
def test_masks_keep_only_what_they_should(field: str, value: str, shown: str) -> None:
    model, _, name = field.partition(".")
    assert masked(value, decide(viewer(), f"hospital.{model}", name)) == shown


def test_viewers_who_see_other_things_never_share_a_cache() -> None:
    keys = {
        policy_class(viewer(), domain="hospital"),
        policy_class(viewer(Grade.L3), domain="hospital"),
        policy_class(viewer(division="350201"), domain="hospital"),
        policy_class(viewer(domain="farm"), domain="hospital"),
    }
    assert len(keys) == 4
