"""Privacy grades of the platform's own protection."""

from __future__ import annotations

from apps.core.grades import INTERNAL, PUBLIC, SECRET, FieldGrade, graded

BUDGET = {
    "id": PUBLIC,
    "domain": PUBLIC,
    "dataset": PUBLIC,
    "limit": INTERNAL,
    "spent": INTERNAL,
    "lifetime": INTERNAL,
    "since": PUBLIC,
}
# An answer with its noise is a statistic; who may read it is decided by delivery, row by row.
GRADES: dict[str, FieldGrade] = {
    **graded("KeyVersion", id=INTERNAL, number=INTERNAL, check_value=SECRET, made_at=INTERNAL),
    **graded("DatasetBudget", **BUDGET, share=INTERNAL),
    **graded("RecipientBudget", **BUDGET, recipient=INTERNAL),
    **graded(
        "BudgetDecision",
        id=PUBLIC,
        domain=PUBLIC,
        dataset=PUBLIC,
        recipient=INTERNAL,
        renewed=PUBLIC,
        limit=INTERNAL,
        share=INTERNAL,
        spent_before=INTERNAL,
        reason=INTERNAL,
        decided_by=INTERNAL,
        decided_at=PUBLIC,
    ),
    **graded(
        "Release",
        id=PUBLIC,
        domain=PUBLIC,
        dataset=PUBLIC,
        digest=INTERNAL,
        question=INTERNAL,
        answer=INTERNAL,
        epsilon=INTERNAL,
        released_at=PUBLIC,
    ),
    **graded(
        "Delivery",
        id=PUBLIC,
        domain=PUBLIC,
        release=PUBLIC,
        recipient=INTERNAL,
        purpose=INTERNAL,
        cost=INTERNAL,
        dataset_cost=INTERNAL,
        delivered_at=PUBLIC,
    ),
}
