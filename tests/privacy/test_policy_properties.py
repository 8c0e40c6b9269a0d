"""What holds for every viewer, field, row and rule: the promises of the kernel, drawn at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.data import AccessGrant, Capability, Office, Viewer
from apps.core.grades import Category, Grade, Mask
from apps.privacy.data import Effect, Outcome, RowFacts
from apps.privacy.policy.decision import decided
from apps.privacy.policy.grades import all_grades, object_types
from apps.privacy.policy.rules import NO_RULES, WIDTH, Policy, Rule
from apps.privacy.policy.tables import class_of
from apps.privacy.selectors import inforce
from apps.privacy.services.exits import policy_class

DOMAINS = ["city", "plant", "farm", "hospital", "school"]
ROLES = [f"{domain}-viewer" for domain in DOMAINS]
PURPOSES = ["", "treatment", "teaching", "audit"]
PLACES = ["", "350200", "350201", "350202"]
OBJECTS = st.sampled_from(["hospital.Patient", "school.Student", "city.ServiceRequest", *object_types()])
grants = st.builds(
    AccessGrant,
    id=st.integers(0, 3),
    object_type=OBJECTS,
    purpose=st.sampled_from(PURPOSES[1:]),
    fields=st.sampled_from([frozenset(), frozenset({"name"})]),
    place=st.sampled_from(PLACES),
    objects=st.sampled_from([frozenset(), frozenset({"7"})]),
)
viewers = st.builds(
    Viewer,
    user_id=st.integers(1, 2),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=2),
    department=st.sampled_from(["", "health", "education"]),
    division=st.sampled_from(PLACES),
    clearance=st.sampled_from(Grade),
    office=st.sampled_from([None, None, None, *Office]),
    rights=st.frozensets(st.tuples(st.sampled_from(DOMAINS), st.sampled_from(Capability)), max_size=4),
    purposes=st.frozensets(st.tuples(st.sampled_from(DOMAINS), st.sampled_from(PURPOSES[1:])), max_size=2),
    grants=st.frozensets(grants, max_size=3),
    purpose=st.sampled_from(PURPOSES),
    vendor=st.booleans(),
    strong=st.booleans(),
)
facts = st.builds(
    RowFacts,
    domain=st.sampled_from(["", *DOMAINS]),
    place=st.sampled_from(PLACES),
    department=st.sampled_from(["", "health", "education"]),
    is_minor=st.booleans(),
    has_consent=st.booleans(),
    object_id=st.sampled_from(["", "7"]),
)
rules = st.builds(
    Rule,
    key=st.sampled_from(["one", "two"]),
    object_type=st.one_of(st.sampled_from(["*", "hospital.*", "school.*"]), OBJECTS),
    effect=st.sampled_from(Effect),
    field=st.sampled_from(["*", "name", "phone"]),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=2),
    least=st.sampled_from(Grade),
    mask=st.sampled_from(Mask),
    purposes=st.frozensets(st.sampled_from(PURPOSES[1:]), max_size=2),
)
policies = st.builds(
    lambda number, drawn: Policy(number, tuple(drawn)), st.just(1), st.lists(rules, max_size=4)
)
fields = st.sampled_from(sorted(all_grades()))


def split(label: str) -> tuple[str, str]:
    object_type, _dot, field = label.rpartition(".")
    return object_type, field


@given(policies, viewers, fields, facts)
def test_no_label_above_the_clearance_is_ever_clear(
    policy: Policy, viewer: Viewer, field: str, row: RowFacts
) -> None:
    decision = decided(policy, viewer, *split(field), row)
    assert not decision.is_clear or all_grades()[field].grade <= viewer.clearance


@given(policies, viewers, fields, facts)
def test_rules_only_narrow(policy: Policy, viewer: Viewer, field: str, row: RowFacts) -> None:
    plain, ruled = (decided(each, viewer, *split(field), row) for each in (NO_RULES, policy))
    assert WIDTH[ruled.outcome] >= WIDTH[plain.outcome]


@given(policies, viewers, fields, facts)
def test_the_highest_grade_is_clear_only_for_a_purpose_that_somebody_gave(
    policy: Policy, viewer: Viewer, field: str, row: RowFacts
) -> None:
    decision = decided(policy, viewer, *split(field), row)
    if decision.is_clear and all_grades()[field].grade is Grade.L4:
        given_to_him = {grant.purpose for grant in viewer.grants} | {
            each for _domain, each in viewer.purposes
        }
        assert viewer.purpose
        assert viewer.purpose in given_to_him or viewer.office is not None


@given(policies, viewers, fields, facts)
def test_a_minors_data_are_clear_only_by_approval(
    policy: Policy, viewer: Viewer, field: str, row: RowFacts
) -> None:
    decision, declared = decided(policy, viewer, *split(field), row), all_grades()[field]
    is_minors = declared.category is Category.MINOR or (row.is_minor and declared.grade >= Grade.L3)
    if decision.is_clear and is_minors:
        approved = {grant.object_type for grant in viewer.grants if grant.purpose == viewer.purpose}
        assert split(field)[0] in approved


@given(policies, viewers, fields, facts)
def test_more_rights_never_show_less(policy: Policy, viewer: Viewer, field: str, row: RowFacts) -> None:
    cleared = replace(viewer, clearance=Grade.L4)
    plain, wide = (decided(policy, each, *split(field), row) for each in (viewer, cleared))
    assert WIDTH[wide.outcome] <= WIDTH[plain.outcome]


@given(policies, viewers, fields, facts)
def test_what_a_class_of_viewers_leaves_out_changes_no_decision(
    policy: Policy, viewer: Viewer, field: str, row: RowFacts
) -> None:
    assert decided(policy, viewer, *split(field), row) == decided(
        policy, class_of(viewer), *split(field), row
    )


@settings(max_examples=400)
@given(policy=policies, viewer=viewers, other=viewers, field=fields, row=facts, same=st.booleans())
def test_equal_policy_classes_get_equal_decisions(
    policy: Policy, viewer: Viewer, other: Viewer, field: str, row: RowFacts, *, same: bool
) -> None:
    domain = split(field)[0].partition(".")[0]
    domain = domain if domain in DOMAINS else row.domain
    if same:  # otherwise equal classes are drawn too rarely
        other = replace(
            viewer, user_id=9, rights=other.rights, roles=other.roles, purposes=other.purposes, strong=True
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inforce.IN_FORCE, "now", lambda: policy)
        if not domain or policy_class(viewer, domain=domain) != policy_class(other, domain=domain):
            return
    row = replace(row, domain=domain)
    assert decided(policy, viewer, *split(field), row) == decided(policy, other, *split(field), row)


@given(viewers, fields, facts)
def test_a_contractor_sees_nothing_of_the_real_domains(viewer: Viewer, field: str, row: RowFacts) -> None:
    contractor = replace(viewer, vendor=True, office=None)
    assert decided(NO_RULES, contractor, *split(field), row).outcome is Outcome.HIDDEN
