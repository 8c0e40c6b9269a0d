"""Asking: reserve, compute and record in one transaction, or refuse before anything is spent.

An identical question has one answer, ever. The same recipient gets it again for nothing. Another recipient
gets the same numbers: for the data set that is no new loss (repeating a published number tells nothing
more), but he learns what he did not know, so it counts in his own budget. Two people who join their answers
therefore cannot average the noise away.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer, acting_as
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.core.keys import mac_key
from apps.privacy.dp.mechanisms import answer, expected_radius
from apps.privacy.dp.question import Question
from apps.privacy.models import DatasetBudget, Delivery, RecipientBudget, Release
from apps.privacy.selectors.statistics import (
    CITY,
    Left,
    deliveries_of,
    epsilon_text,
    left_of,
    may_ask,
    question_rows,
)
from apps.privacy.services.exits import visible_fields
from apps.privacy.services.questions import Asked, cost_of, question_of, statistics_get

COMPUTING = Viewer(system="statistics")  # reads the rows that no recipient may see
MOST_PURPOSE = 40


@dataclass(frozen=True, slots=True)
class Preview:
    """What a question would cost and how good its answer would be, without looking at the data."""

    question: Question
    cost: int  # millionths
    radius: float  # with a chance of 95 % each number is closer than this; rows of rank for a quantile
    rows: int  # on so many rows, as the asker supposes
    left: Left

    @property
    def is_affordable(self) -> bool:
        """Whether the budgets allow it."""
        return self.cost <= self.left.least


def release_preview(asked: Asked, *, viewer: Viewer, rows: int = 1000) -> Preview:
    """Cost and expected error; the cost is nothing where the viewer holds the answer already."""
    question = question_of(asked)
    _right_require(viewer, asked, purpose="")
    known = Delivery.objects.filter(release__digest=question.digest(), recipient_id=viewer.user_id)
    cost = 0 if known.exists() else cost_of(question)
    left = left_of(asked.dataset, recipient=viewer.user_id)
    return Preview(question, cost, expected_radius(question, rows=rows), rows, left)


def release_ask(asked: Asked, *, viewer: Viewer, purpose: str) -> Delivery:
    """The answer, paid for; ProblemError 403 without the right, 409 with what is left of the budgets."""
    begin = time.monotonic()
    question, purpose = question_of(asked), purpose.strip()
    if not 0 < len(purpose) <= MOST_PURPOSE:
        words = _("State the purpose in at most %(most)d characters.")
        raise ProblemError(words % {"most": MOST_PURPOSE}, "purpose")
    try:
        _right_require(viewer, asked, purpose=purpose)
        delivery = _deliver(question, viewer, purpose)
    except ProblemError as error:
        _record("refuse", viewer, purpose, asked.dataset, result=str(error.status))
        raise
    _wait_until_even(begin)
    return delivery


def deliveries_readable(viewer: Viewer) -> QuerySet[Delivery]:
    """The answers released to the viewer, as long as the policy in force shows answers to him at all."""
    rows = deliveries_of(viewer)
    return rows if visible_fields(viewer, Release)["answer"].is_clear else rows.none()


@transaction.atomic
def _deliver(question: Question, viewer: Viewer, purpose: str) -> Delivery:
    digest = question.digest()
    known = Delivery.objects.filter(release__digest=digest, recipient_id=viewer.user_id)
    city, dataset, own = _budgets_locked(question, viewer)
    delivery = known.select_related("release").first()
    if delivery is not None:
        _record("release", viewer, purpose, str(delivery.release_id), result="repeated")
        return delivery
    release = Release.objects.filter(digest=digest).first()
    cost = cost_of(question)
    _reserve([own] if release else [city, dataset, own], cost)
    if release is None:
        release = _computed(question, digest, cost)
        dataset_cost = cost
    else:
        dataset_cost = 0
    _record("release", viewer, purpose, str(release.pk))
    return Delivery.objects.create(
        domain=release.domain,
        release=release,
        recipient_id=own.recipient_id,
        purpose=purpose,
        cost=cost,
        dataset_cost=dataset_cost,
    )


def _right_require(viewer: Viewer, asked: Asked, *, purpose: str) -> None:
    domain, data = statistics_get(asked.dataset)
    if not may_ask(viewer, domain, data, purpose=purpose):
        words = _(
            "You may not ask statistics of this data set. Analysts of the domain may, and who holds an "
            "access grant for the stated purpose; request one in the catalogue."
        )
        raise ProblemError(words, "dataset", 403)


def _budgets_locked(
    question: Question, viewer: Viewer
) -> tuple[DatasetBudget, DatasetBudget, RecipientBudget]:
    """City, data set and recipient, always locked in this order: questions never wait in a ring."""
    found = DatasetBudget.objects.filter(dataset__in=[CITY, question.dataset])
    budgets = {row.dataset: row for row in found.order_by("dataset").select_for_update()}
    if len(budgets) < len({CITY, question.dataset}):
        raise ProblemError(
            _("No privacy budget has been decided for this data set yet; ask its approver."), "dataset", 409
        )
    dataset = budgets[question.dataset]
    RecipientBudget.objects.get_or_create(
        dataset=question.dataset,
        recipient_id=viewer.user_id,
        defaults={"domain": dataset.domain, "limit": dataset.share},
    )
    own = RecipientBudget.objects.select_for_update().get(
        dataset=question.dataset, recipient_id=viewer.user_id
    )
    return budgets[CITY], dataset, own


def _reserve(budgets: list[DatasetBudget | RecipientBudget], cost: int) -> None:
    """Take the cost from each budget, or from none."""
    least = min(budget.left for budget in budgets)
    if cost > least:
        words = _(
            "The question costs %(cost)s, but only %(left)s is left. Ask with a smaller epsilon, or ask the "
            "approver of the data set for a new period."
        )
        numbers = {"cost": epsilon_text(cost), "left": epsilon_text(least)}
        raise ProblemError(words % numbers, "epsilon", 409, "budget_spent")
    for budget in budgets:
        budget.spent += cost
        budget.lifetime += cost
        budget.save(update_fields=["spent", "lifetime"])


def _computed(question: Question, digest: str, cost: int) -> Release:
    with acting_as(COMPUTING):
        rows = list(question_rows(question))
    cells = answer(question, rows, key=mac_key("statistics"))
    return Release.objects.create(
        domain=question.dataset.partition(".")[0],
        dataset=question.dataset,
        digest=digest,
        question=question.as_dict(),
        answer=[{"key": cell.key, "value": cell.value, "radius": cell.radius} for cell in cells],
        epsilon=cost,
    )


def _record(action: str, viewer: Viewer, purpose: str, about: str, *, result: str = "done") -> None:
    act = Act(
        action,
        user_id=viewer.user_id,
        object_type="privacy.Release",
        object_id=about,
        purpose=purpose,
        result=result,
    )
    access_record(act)


def _wait_until_even(begin: float) -> None:
    """Answer on whole multiples of the setting: how long the rows took must not tell how many there were."""
    stride = settings.STATISTICS_MILLISECONDS / 1000
    if stride:
        time.sleep(stride - (time.monotonic() - begin) % stride)
