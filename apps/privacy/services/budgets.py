"""Deciding budgets: an approver sets or renews one, with a reason that stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.accounts.services.sessions import privileged_require
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.privacy.models import BudgetDecision, DatasetBudget, RecipientBudget
from apps.privacy.selectors.statistics import CITY, MILLION, epsilon_text, may_approve
from apps.privacy.services.questions import statistics_get

MOST = 100 * MILLION
MOST_REASON = 300
B = TypeVar("B", DatasetBudget, RecipientBudget)


@dataclass(frozen=True, slots=True)
class BudgetWish:
    """What an approver decides, in millionths of epsilon; ``share`` is the limit of each recipient.

    Without a data set it is the city's budget, with a recipient his alone. ``renew`` begins a new period:
    what was spent is forgotten by the limit, never by ``lifetime``.
    """

    dataset: str
    limit: int
    reason: str
    share: int = 0
    renew: bool = False
    recipient: int | None = None


@transaction.atomic
def budget_decide(wish: BudgetWish, *, viewer: Viewer | None) -> BudgetDecision:
    """The recorded decision, in force at once; None decides for the platform itself (first budgets).

    ProblemError 403 without the right or for one's own budget, 409 for a limit below what is spent already.
    """
    _check(wish, viewer)
    if wish.recipient is None:
        budget = _dataset_budget(wish)
        before = _set(budget, wish)
        budget.share = wish.share
        budget.save()
        _recipients_follow(wish)
    else:
        own = _recipient_budget(wish, wish.recipient)
        before = _set(own, wish)
        own.save()
    decided_by = viewer.user_id if viewer else None
    access_record(Act("budget", user_id=decided_by, object_type="privacy.Budget", object_id=wish.dataset))
    return BudgetDecision.objects.create(
        domain=_domain(wish),
        dataset=wish.dataset,
        recipient_id=wish.recipient,
        renewed=wish.renew,
        limit=wish.limit,
        share=wish.share,
        spent_before=before,
        reason=wish.reason,
        decided_by_id=decided_by,
    )


def budgets_begin(dataset: str, *, limit: int, share: int, reason: str) -> None:
    """First budgets of a data set and, where there is none, of the city; those decided already stay."""
    for name in (CITY, dataset):
        if not DatasetBudget.objects.filter(dataset=name).exists():
            budget_decide(BudgetWish(name, limit, reason, share=share), viewer=None)


def _check(wish: BudgetWish, viewer: Viewer | None) -> None:
    if wish.dataset != CITY:
        statistics_get(wish.dataset)
    if viewer is not None and not may_approve(viewer, wish.dataset):
        raise ProblemError(_("Your role does not allow this."), status=403, code="permission_denied")
    if viewer is not None:
        privileged_require(viewer)
    if viewer is not None and wish.recipient == viewer.user_id:
        raise ProblemError(_("Nobody decides on their own budget; ask another approver."), "recipient", 403)
    if not 0 <= wish.limit <= MOST or not 0 <= wish.share <= MOST:
        words = _("A limit lies between 0 and %(most)s.")
        raise ProblemError(words % {"most": epsilon_text(MOST)}, "limit")
    if not 0 < len(wish.reason.strip()) <= MOST_REASON:
        words = _("Give the reason in at most %(most)d characters.")
        raise ProblemError(words % {"most": MOST_REASON}, "reason")


def _domain(wish: BudgetWish) -> str:
    return wish.dataset.partition(".")[0]


def _dataset_budget(wish: BudgetWish) -> DatasetBudget:
    DatasetBudget.objects.get_or_create(dataset=wish.dataset, defaults={"domain": _domain(wish)})
    return DatasetBudget.objects.select_for_update().get(dataset=wish.dataset)


def _recipient_budget(wish: BudgetWish, recipient: int) -> RecipientBudget:
    if not get_user_model().objects.filter(pk=recipient, is_active=True).exists():
        raise ProblemError(_("There is no such active user."), "recipient", 404)
    whole = _dataset_budget(wish)  # the lock of the data set comes before the recipient's, as when asking
    own, _new = RecipientBudget.objects.get_or_create(
        dataset=wish.dataset,
        recipient_id=recipient,
        defaults={"domain": whole.domain, "limit": whole.share},
    )
    return RecipientBudget.objects.select_for_update().get(pk=own.pk)


def _set(budget: B, wish: BudgetWish) -> int:
    """Put the wish into the budget; what it had spent before."""
    before = budget.spent
    if wish.renew:
        budget.spent, budget.since = 0, timezone.now()
    elif wish.limit < budget.spent:
        words = _("%(spent)s is spent already; choose a higher limit or begin a new period.")
        raise ProblemError(words % {"spent": epsilon_text(budget.spent)}, "limit", 409)
    budget.limit = wish.limit
    return before


def _recipients_follow(wish: BudgetWish) -> None:
    """Every recipient of the data set gets the new share; single ones may be set apart afterwards."""
    own = RecipientBudget.objects.filter(dataset=wish.dataset)
    if wish.renew:
        own.update(spent=0, limit=wish.share, since=timezone.now())
    else:
        own.update(limit=Greatest(F("spent"), Value(wish.share)))
