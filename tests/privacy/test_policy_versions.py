"""The way of a policy version: draft, rules, proposal, four eyes, in force; and what it may not do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.grades import Grade, Mask
from apps.domains.city.models import ServiceRequest
from apps.privacy.data import Outcome, Reason, RowFacts, VersionState
from apps.privacy.models import PolicyVersion
from apps.privacy.selectors.inforce import IN_FORCE, policy_compiled, policy_in_force, policy_version
from apps.privacy.services import decide, explained, policy_class, visible_fields
from apps.privacy.services.comparing import policy_changes
from apps.privacy.services.replaying import policy_replay
from apps.privacy.services.versions import (
    policy_approve,
    policy_draft,
    policy_propose,
    policy_withdraw,
    rule_put,
    rule_remove,
)
from tests.people import business_role, person

pytestmark = pytest.mark.django_db
HIDE = {"key": "no-phones", "object_type": "city.ServiceRequest", "field": "reporter_phone", "effect": "hide"}
PHONE = ("city.ServiceRequest", "reporter_phone")
OWN = RowFacts(domain="city", department="transport")  # a request with which the clerk's department deals


@pytest.fixture
def author() -> Viewer:
    return viewer_for(person("first", office="security"), strong=True)


@pytest.fixture
def approver() -> Viewer:
    return viewer_for(person("second", office="security"), strong=True, confirmed=True)


@pytest.fixture
def clerk() -> Viewer:
    return viewer_for(person("clerk", roles=["city-operator"], clearance=Grade.L3))


def proposed(author: Viewer, *rules: dict[str, Any]) -> PolicyVersion:
    draft = policy_draft(reason="fewer telephones", by=author)
    for rule in rules:
        rule_put(draft, rule, by=author)
    return policy_propose(draft, by=author)


def in_force(author: Viewer, approver: Viewer, *rules: dict[str, Any]) -> PolicyVersion:
    version = policy_approve(proposed(author, *rules), by=approver)
    IN_FORCE.forget()
    return version


def test_a_version_in_force_changes_decisions_without_restart(
    author: Viewer, approver: Viewer, clerk: Viewer
) -> None:
    assert decide(clerk, *PHONE, facts=OWN).is_clear
    before = policy_class(clerk, domain="city")
    version = in_force(author, approver, HIDE)
    decision = decide(clerk, *PHONE, facts=OWN)
    assert (decision.outcome, decision.reason, decision.rule) == (Outcome.HIDDEN, Reason.RULE, "no-phones")
    assert "no-phones" in explained(decision, object_type=PHONE[0], field=PHONE[1])
    assert policy_version() == version.number
    assert policy_class(clerk, domain="city") != before
    assert visible_fields(clerk, ServiceRequest)["reporter_phone"] == decision


def test_nobody_approves_his_own_draft(author: Viewer) -> None:
    version = proposed(author, HIDE)
    with pytest.raises(ProblemError) as refused:
        policy_approve(version, by=author)
    assert (refused.value.status, refused.value.field) == (403, "approver")


@pytest.mark.parametrize("office", ["system", "auditor", ""])
def test_only_the_security_office_drafts_and_approves(author: Viewer, office: str) -> None:
    other = viewer_for(person("other", office=office) if office else person("other", roles=["city-viewer"]))
    version = proposed(author, HIDE)
    for act in (lambda: policy_draft(reason="x", by=other), lambda: policy_approve(version, by=other)):
        with pytest.raises(ProblemError) as refused:
            act()
        assert refused.value.status == 403


def test_a_draft_that_locks_everybody_out_is_refused_with_the_reason(author: Viewer) -> None:
    business_role("hospital", "viewer")
    draft = policy_draft(reason="nothing leaves", by=author)
    rule_put(draft, {"key": "all", "object_type": "hospital.Ward", "effect": "hide"}, by=author)
    with pytest.raises(ProblemError) as refused:
        policy_propose(draft, by=author)
    assert refused.value.code == "lockout"
    assert "ward" in str(refused.value)
    assert PolicyVersion.objects.get(pk=draft.pk).state == VersionState.DRAFT


def test_a_draft_that_hides_a_type_from_one_role_only_is_let_through(author: Viewer) -> None:
    for kind in ("viewer", "operator"):
        business_role("hospital", kind)
    rule = {"key": "all", "object_type": "hospital.Ward", "effect": "hide", "roles": ["hospital-viewer"]}
    assert proposed(author, rule).state == VersionState.PROPOSED


@pytest.mark.parametrize("object_type", ["privacy.*", "accounts.Role", "*"])
def test_a_draft_that_blinds_the_security_office_is_refused(author: Viewer, object_type: str) -> None:
    draft = policy_draft(reason="blind", by=author)
    rule_put(
        draft, {"key": "all", "object_type": object_type, "effect": "hide", "roles": ["security"]}, by=author
    )
    with pytest.raises(ProblemError, match="security administrators could no longer"):
        policy_propose(draft, by=author)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"object_type": "city.Nothing"}, "object_type"),
        ({"field": "nothing"}, "field"),
        ({"object_type": "city.*"}, "field"),
        ({"effect": "widen"}, "effect"),
        ({"effect": "mask", "mask": Mask.BAND}, "mask"),
        ({"mask": Mask.PHONE}, "mask"),
        ({"key": ""}, "key"),
        ({"key": "a b"}, "key"),
    ],
)
def test_a_rule_that_fits_nothing_is_refused(author: Viewer, change: dict[str, Any], field: str) -> None:
    draft = policy_draft(reason="x", by=author)
    with pytest.raises(ProblemError) as refused:
        rule_put(draft, HIDE | change, by=author)
    assert refused.value.field == field
    assert not draft.rules.exists()


def test_a_draft_begins_with_the_rules_in_force_and_a_rule_can_be_taken_out(
    author: Viewer, approver: Viewer, clerk: Viewer
) -> None:
    in_force(author, approver, HIDE)
    draft = policy_draft(reason="telephones again", by=author)
    rule_remove(draft, key="no-phones", by=author)
    policy_approve(policy_propose(draft, by=author), by=approver)
    IN_FORCE.forget()
    assert decide(clerk, *PHONE, facts=OWN).is_clear
    assert PolicyVersion.objects.filter(state=VersionState.IN_FORCE).count() == 1


def test_a_version_that_has_left_the_desk_is_never_changed(author: Viewer) -> None:
    version = proposed(author, HIDE)
    for act in (
        lambda: rule_put(version, HIDE, by=author),
        lambda: rule_remove(version, key="no-phones", by=author),
        lambda: policy_propose(version, by=author),
    ):
        with pytest.raises(ProblemError) as refused:
            act()
        assert refused.value.status == 409


def test_a_refused_proposal_never_comes_into_force(author: Viewer, approver: Viewer) -> None:
    version = policy_withdraw(proposed(author, HIDE), by=approver)
    with pytest.raises(ProblemError):
        policy_approve(version, by=approver)
    assert policy_in_force().number == 0


def test_the_first_matching_rule_decides(author: Viewer, approver: Viewer, clerk: Viewer) -> None:
    first = {**HIDE, "key": "first", "effect": "mask"}
    in_force(author, approver, first, HIDE)
    assert decide(clerk, *PHONE, facts=OWN).outcome is Outcome.MASKED


def test_a_rule_can_ask_for_a_purpose(author: Viewer, approver: Viewer, clerk: Viewer) -> None:
    in_force(author, approver, {**HIDE, "effect": "purpose", "purposes": ["request-handling"]})
    assert decide(clerk, *PHONE, facts=OWN).reason is Reason.PURPOSE
    assert not decide(clerk, *PHONE, facts=OWN, purpose="curiosity").is_clear
    assert decide(clerk, *PHONE, facts=OWN, purpose="request-handling").is_clear


def test_the_difference_names_role_object_field_and_both_outcomes(author: Viewer, clerk: Viewer) -> None:
    version = proposed(author, HIDE)
    changes = policy_changes(policy_in_force(), policy_compiled(version))
    assert {(one.role, one.object_type, one.field, one.after) for one in changes} == {
        ("city-operator", *PHONE, Outcome.HIDDEN)
    }
    assert changes[0].before is Outcome.CLEAR
    assert changes[0].narrows


def test_the_replay_counts_last_weeks_requests_that_would_change(author: Viewer, clerk: Viewer) -> None:
    for fields in (("number", "reporter_phone"), ("number",)):
        access_record(Act("read", clerk.user_id, PHONE[0], fields=fields))
    replay = policy_replay(policy_in_force(), policy_compiled(proposed(author, HIDE)))
    assert (replay.requests, replay.changed) == (2, 1)
    assert dict(replay.groups[0].fields) == {"reporter_phone": (Outcome.CLEAR, Outcome.HIDDEN)}


def test_programs_of_the_security_office_walk_the_whole_way(author: Viewer, approver: Viewer) -> None:
    clients = [Client(), Client()]
    for client, viewer in zip(clients, (author, approver), strict=True):
        client.force_login(_user(viewer))
    draft = clients[0].post("/api/v1/privacy/policies/", {"reason": "x"}, "application/json").json()
    base = f"/api/v1/privacy/policies/{draft['number']}"
    assert clients[0].post(f"{base}/rules/", HIDE, "application/json").status_code == 200
    assert clients[0].get(f"{base}/changes/").json()["faults"] == []
    assert clients[0].get(f"{base}/replay/").json()["requests"] >= 0
    assert clients[0].post(f"{base}/propose/").json()["state"] == "proposed"
    assert clients[0].post(f"{base}/approve/").status_code == 403
    assert clients[1].post(f"{base}/approve/").json()["state"] == "in_force"


def test_a_clerk_does_not_find_the_policy(clerk: Viewer, author: Viewer) -> None:
    client, version = Client(), proposed(author, HIDE)
    client.force_login(_user(clerk))
    assert client.get("/api/v1/privacy/policies/").json()["results"] == []
    assert client.post(f"/api/v1/privacy/policies/{version.number}/approve/").status_code == 404


def _user(viewer: Viewer) -> Any:

    return User.objects.get(pk=viewer.user_id)


def test_a_draft_that_changes_nothing_is_not_proposed(author: Viewer, approver: Viewer) -> None:
    with pytest.raises(ProblemError, match="changes nothing") as refused:
        proposed(author)
    assert (refused.value.status, refused.value.code) == (409, "unchanged")
    in_force(author, approver, HIDE)
    with pytest.raises(ProblemError, match="changes nothing"):
        proposed(author)
    with pytest.raises(ProblemError, match="changes nothing"):
        proposed(author, HIDE)
    draft = policy_draft(reason="telephones again", by=author)
    rule_remove(draft, key="no-phones", by=author)
    assert policy_propose(draft, by=author).state == VersionState.PROPOSED
