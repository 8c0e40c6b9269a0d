"""Asking: paid once, refused before anything is spent, answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Sum
from django.utils import timezone

from apps.accounts.data import NOBODY, Limit, Viewer, acting_as
from apps.accounts.selectors import viewer_for
from apps.accounts.services import access_grant_give
from apps.audit.models import AccessEntry
from apps.core.errors import ProblemError
from apps.privacy.models import DatasetBudget, Delivery, RecipientBudget, Release
from apps.privacy.selectors.statistics import deliveries_of, left_of, may_approve
from apps.privacy.services import releases
from apps.privacy.services.budgets import BudgetWish, budget_decide
from apps.privacy.services.questions import question_of
from apps.privacy.services.releases import deliveries_readable, release_ask, release_preview
from tests.people import person
from tests.privacy.statistics import ENCOUNTERS, analyst, asked, budgets, spent, stays

pytestmark = pytest.mark.django_db
PAIR = {"": 100_000, ENCOUNTERS: 100_000}


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Answers come without waiting for an even moment."""
    settings.STATISTICS_MILLISECONDS = 0


def refusal(viewer: Viewer, **changes: Any) -> ProblemError:
    """Why a question is refused."""
    with pytest.raises(ProblemError) as caught:
        release_ask(asked(**changes), viewer=viewer, purpose="planning")
    return caught.value


def test_a_release_is_paid_by_city_data_set_and_recipient_and_written_down() -> None:
    budgets()
    stays([[5.0], [7.0]])
    user, viewer = analyst()
    delivery = release_ask(asked(), viewer=viewer, purpose="planning")
    assert spent() == PAIR
    assert RecipientBudget.objects.get(recipient=user).spent == 100_000
    entry = AccessEntry.objects.get(action="release")
    assert (entry.user_id, entry.object_id, entry.purpose) == (user.pk, str(delivery.release_id), "planning")
    assert [cell["radius"] for cell in delivery.release.answer] == [90.0]


def test_with_much_epsilon_the_answer_is_near_the_truth() -> None:
    budgets(dataset=100)
    stays([[12.0]] * 200)
    _user, viewer = analyst()
    question = asked(measure="mean", column="hours", epsilon=Decimal(4), low=0, high=24)
    cell = release_ask(question, viewer=viewer, purpose="planning").release.answer[0]
    assert abs(cell["value"] - 12) <= 6 * cell["radius"]


def test_the_rows_are_read_in_the_name_of_the_platform_not_of_the_asker() -> None:
    budgets(dataset=100)
    stays([[1.0]] * 300)
    _user, viewer = analyst()
    with acting_as(NOBODY):  # row security gives nobody a row
        found = release_ask(asked(epsilon=Decimal(4)), viewer=viewer, purpose="planning")
    assert found.release.answer[0]["value"] == pytest.approx(300, abs=30)


def test_an_identical_question_costs_nothing_and_answers_the_same() -> None:
    budgets()
    stays([[5.0]])
    _user, viewer = analyst()
    first = release_ask(asked(), viewer=viewer, purpose="planning")
    stays([[9.0]])  # even when rows have come since: the question is the same
    again = release_ask(asked(), viewer=viewer, purpose="planning")
    assert (again.pk, spent()) == (first.pk, PAIR)
    assert release_preview(asked(), viewer=viewer).cost == 0


def test_another_recipient_gets_the_same_answer_and_pays_from_his_own_budget_only() -> None:
    budgets()
    one, two = analyst("one"), analyst("two")
    first = release_ask(asked(), viewer=one[1], purpose="planning")
    second = release_ask(asked(), viewer=two[1], purpose="research")
    assert (second.release_id, second.dataset_cost) == (first.release_id, 0)
    assert spent() == PAIR
    assert RecipientBudget.objects.get(recipient=two[0]).spent == 100_000


def test_a_recipient_reads_only_what_was_released_to_himself() -> None:
    budgets()
    one, two = analyst("one"), analyst("two")
    release_ask(asked(), viewer=one[1], purpose="planning")
    assert deliveries_of(one[1]).count() == 1
    assert not deliveries_of(two[1]).exists()
    assert not deliveries_of(Viewer()).exists()


def test_an_answer_is_not_read_by_somebody_who_has_lost_every_right_to_its_data() -> None:
    budgets()
    _user, viewer = analyst()
    release_ask(asked(), viewer=viewer, purpose="planning")
    assert deliveries_readable(viewer).count() == 1
    for closed in (replace(viewer, rights=frozenset(), roles=frozenset()), replace(viewer, vendor=True)):
        assert not deliveries_readable(closed).exists()


def test_too_dear_a_question_is_refused_with_what_is_left_and_spends_nothing() -> None:
    budgets(dataset=0.25)
    _user, viewer = analyst()
    release_ask(asked(), viewer=viewer, purpose="planning")
    error = refusal(viewer, epsilon=Decimal("0.2"))
    assert (error.status, error.field) == (409, "epsilon")
    assert "costs 0.2, but only 0.15 is left" in str(error)
    assert (spent(), Release.objects.count()) == (PAIR, 1)
    assert AccessEntry.objects.get(action="refuse").result == "409"


@pytest.mark.parametrize("short", ["city", "dataset", "share"])
def test_each_of_the_three_budgets_refuses_by_itself(short: str) -> None:
    budgets(**{short: 0.05})
    assert refusal(analyst()[1]).code == "budget_spent"


def test_without_a_decided_budget_nothing_is_released() -> None:
    assert refusal(analyst()[1]).status == 409


def test_a_fault_while_computing_leaves_neither_spend_nor_release(monkeypatch: pytest.MonkeyPatch) -> None:
    budgets()
    _user, viewer = analyst()

    def killed(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(releases, "answer", killed)
    with pytest.raises(KeyboardInterrupt):
        release_ask(asked(), viewer=viewer, purpose="planning")
    assert set(spent().values()) == {0}
    assert not Release.objects.exists()
    assert not Delivery.objects.exists()


def test_the_database_itself_refuses_to_overspend() -> None:
    budgets()
    with pytest.raises(IntegrityError), transaction.atomic():
        DatasetBudget.objects.update(spent=10**9)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_parallel_questions_never_overspend() -> None:
    budgets(dataset=3, share=2)
    viewers = [analyst(name)[1] for name in ("one", "two")]

    def ask(number: int) -> bool:
        question = asked(until=date(2026, 4, 1) + timedelta(days=number // 2))
        try:
            release_ask(question, viewer=viewers[number % 2], purpose="planning")
        except ProblemError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(32) as pool:
        answered = sum(pool.map(ask, range(100)))
    ledger = Delivery.objects.aggregate(own=Sum("cost"), whole=Sum("dataset_cost"))
    assert answered == Delivery.objects.count() == 40  # two epsilon each, a tenth a question
    assert ledger["own"] == RecipientBudget.objects.aggregate(total=Sum("spent"))["total"] == 4_000_000
    assert ledger["whole"] == spent()[ENCOUNTERS] == Release.objects.count() * 100_000 <= 3_000_000


@pytest.mark.django_db(transaction=True)
def test_the_same_question_asked_by_many_at_once_is_answered_once() -> None:
    budgets()
    _user, viewer = analyst()

    def ask(_number: int) -> int:
        try:
            return release_ask(asked(), viewer=viewer, purpose="planning").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(ask, range(32)))) == 1
    assert (spent(), Release.objects.count()) == (PAIR, 1)


def test_who_may_not_ask_is_refused_whatever_the_question() -> None:
    budgets()
    nurse = viewer_for(person("nurse", roles=["hospital-operator"], division_code="359901"))
    both = viewer_for(person("both", roles=["hospital-analyst", "hospital-approver"]), strong=True)
    local = viewer_for(person("local", roles=["hospital-analyst"], division_code="359901"))
    strangers = [Viewer(), nurse, both, local, viewer_for(person("city", roles=["city-analyst"]))]
    assert [refusal(viewer).status for viewer in strangers] == [403] * len(strangers)


def test_an_access_grant_lets_ask_for_its_purpose_only() -> None:
    budgets()
    user, approver = person("guest", roles=["city-viewer"]), person("approver")
    until = timezone.now() + timedelta(days=1)
    access_grant_give(
        user,
        object_type="hospital.Encounter",
        purpose="planning",
        basis="test:1",
        by=approver,
        until=until,
    )
    viewer = viewer_for(user)
    release_ask(asked(), viewer=viewer, purpose="planning")
    with pytest.raises(ProblemError) as caught:
        release_ask(asked(epsilon=Decimal("0.2")), viewer=viewer, purpose="gossip")
    assert caught.value.status == 403


def test_a_program_asks_and_reads_only_what_its_token_is_about() -> None:
    budgets()
    _user, viewer = analyst()
    release_ask(asked(), viewer=viewer, purpose="planning")
    apart = replace(viewer, limits=frozenset({Limit("hospital.Ward")}))
    fitting = replace(viewer, limits=frozenset({Limit("hospital.Encounter")}))
    assert refusal(apart).status == 403
    assert (deliveries_of(apart).count(), deliveries_of(fitting).count()) == (0, 1)
    assert not may_approve(replace(approver(), limits=frozenset()), ENCOUNTERS)


def test_a_purpose_must_be_stated() -> None:
    budgets()
    with pytest.raises(ProblemError, match="State the purpose"):
        release_ask(asked(), viewer=analyst()[1], purpose="  ")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dataset": "hospital.patients"}, "dataset"),
        ({"measure": "max"}, "measure"),
        ({"measure": "mean", "column": "kind"}, "column"),
        ({"measure": "sum", "column": "diagnosis"}, "column"),
        ({"measure": "mean", "column": "hours", "low": 5, "high": 5}, "low"),
        ({"measure": "mean", "column": "hours", "high": 721}, "low"),
        ({"measure": "quantile", "column": "hours", "level": "0.51"}, "level"),
        ({"measure": "histogram", "column": "hours", "group": "kind"}, "group"),
        ({"group": "patient"}, "group"),
        ({"group": "hours"}, "group"),
        ({"filters": {"patient__name": ["x"]}}, "filters"),
        ({"filters": {"kind": ["secret"]}}, "filters"),
        ({"filters": {"kind": []}}, "filters"),
        ({"epsilon": Decimal(0)}, "epsilon"),
        ({"epsilon": Decimal(5)}, "epsilon"),
        ({"epsilon": Decimal("0.00001")}, "epsilon"),
        ({"epsilon": Decimal("NaN")}, "epsilon"),
        ({"since": date(2026, 4, 1)}, "since"),
        ({"until": date(2999, 1, 1)}, "until"),
    ],
)
def test_what_was_not_declared_is_refused_with_the_field(changes: dict[str, Any], field: str) -> None:
    budgets()
    error = refusal(analyst()[1], **changes)
    assert (error.field, spent()) == (field, {"": 0, ENCOUNTERS: 0})


def test_an_error_repeats_nothing_of_what_was_sent() -> None:
    error = refusal(analyst()[1], filters={"张三": ["13812345678"]})
    assert not [word for word in ("张三", "13812345678") if word in str(error)]


def test_groups_and_filters_count_the_right_rows() -> None:
    budgets(dataset=100)
    stays([[1.0]] * 300, kind="emergency")
    stays([[9.0]] * 100, kind="inpatient", code="W2")
    _user, viewer = analyst()
    grouped = asked(group="kind", epsilon=Decimal(4))
    filtered = asked(filters={"ward": ["W2"]}, epsilon=Decimal(4))
    found = [
        release_ask(each, viewer=viewer, purpose="planning").release.answer for each in (grouped, filtered)
    ]
    values = {cell["key"]: cell["value"] for cell in found[0]}
    assert values == pytest.approx({"emergency": 300, "inpatient": 100, "ambulatory": 0}, abs=30)
    assert found[1][0]["value"] == pytest.approx(100, abs=30)


def test_a_histogram_of_categories_is_the_question_of_counts_by_group() -> None:
    histogram = question_of(asked(measure="histogram", column="kind"))
    assert histogram.digest() == question_of(asked(group="kind")).digest()


def test_one_person_with_many_stays_counts_three_times_at_most() -> None:
    budgets(dataset=100)
    stays([[1.0] * 300])
    cell = release_ask(asked(epsilon=Decimal(4)), viewer=analyst()[1], purpose="planning").release.answer[0]
    assert cell["value"] == pytest.approx(3, abs=30)


def test_a_preview_tells_cost_error_and_what_is_left_and_spends_nothing() -> None:
    budgets(dataset=0.25)
    _user, viewer = analyst()
    found = release_preview(asked(epsilon=Decimal("0.3")), viewer=viewer)
    assert (found.cost, found.radius, found.is_affordable) == (300_000, 30.0, False)
    assert (found.left.least, spent()) == (250_000, {"": 0, ENCOUNTERS: 0})


def approver(name: str = "approver") -> Viewer:
    """Somebody who decides budgets of the hospital."""
    return viewer_for(person(name, roles=["hospital-approver"]), strong=True)


def wish(limit: float, *, renew: bool = False, dataset: str = ENCOUNTERS, **changes: Any) -> BudgetWish:
    """A decision about the encounters."""
    usual = {"reason": "New year", "share": 1_000_000, "renew": renew}
    return BudgetWish(dataset, round(limit * 1_000_000), **{**usual, **changes})


def test_an_approver_begins_a_new_period_and_the_past_stays_on_record() -> None:
    budgets(dataset=0.1)
    user, viewer = analyst()
    release_ask(asked(), viewer=viewer, purpose="planning")
    decision = budget_decide(wish(0.5, renew=True), viewer=approver())
    budget = DatasetBudget.objects.get(dataset=ENCOUNTERS)
    assert (budget.spent, budget.lifetime, decision.spent_before) == (0, 100_000, 100_000)
    assert left_of(ENCOUNTERS, recipient=user.pk).least == 500_000
    assert AccessEntry.objects.filter(action="budget", user_id=decision.decided_by_id).exists()


def test_a_limit_below_what_is_spent_is_refused() -> None:
    budgets()
    release_ask(asked(), viewer=analyst()[1], purpose="planning")
    with pytest.raises(ProblemError, match=r"0\.1 is spent already"):
        budget_decide(wish(0.05), viewer=approver())


def test_one_recipient_can_be_set_apart() -> None:
    budgets()
    user, _viewer = analyst()
    budget_decide(wish(0.3, recipient=user.pk), viewer=approver())
    assert left_of(ENCOUNTERS, recipient=user.pk).recipient == 300_000


def test_nobody_without_the_right_decides_and_nobody_on_himself() -> None:
    budgets()
    own = approver()
    cases = [
        (wish(5), analyst()[1]),
        (wish(5, dataset=""), own),
        (wish(5, recipient=own.user_id), own),
        (wish(5), viewer_for(person("school", roles=["school-approver"]), strong=True)),
    ]
    for each, viewer in cases:
        with pytest.raises(ProblemError) as caught:
            budget_decide(each, viewer=viewer)
        assert caught.value.status == 403


def test_the_budget_of_the_city_takes_an_approver_of_every_domain_with_statistics() -> None:
    everywhere = viewer_for(person("data", roles=["hospital-approver", "school-approver"]), strong=True)
    assert budget_decide(wish(5, dataset=""), viewer=everywhere).limit == 5_000_000


def test_a_decision_needs_a_reason() -> None:
    with pytest.raises(ProblemError, match="Give the reason"):
        budget_decide(wish(5, reason=" "), viewer=approver())
