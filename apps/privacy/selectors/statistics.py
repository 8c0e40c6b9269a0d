"""Who may ask which statistics, what is left of the budgets, and which rows a question is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import StatisticalData, StatisticColumn, Text
from apps.core.domains import Domain, statistics_by_id
from apps.core.grades import Grade
from apps.privacy.dp.bounding import Row
from apps.privacy.dp.question import Question
from apps.privacy.models import DatasetBudget, Delivery, RecipientBudget

CITY = ""  # the budget of all data sets together
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Left:
    """What may still be spent, in millionths of epsilon."""

    city: int
    dataset: int
    recipient: int

    @property
    def least(self) -> int:
        """The most that a question may cost."""
        return min(self.city, self.dataset, self.recipient)


def epsilon_text(millionths: int) -> str:
    """``250000`` -> ``"0.25"``: exact, without trailing zeros."""
    return f"{(Decimal(millionths) / MILLION).normalize():f}"


def may_approve(viewer: Viewer, dataset: str) -> bool:
    """Whether the viewer sets this budget; the city's takes the approver of every domain with such data."""
    if viewer.is_program:
        return False  # a program's token decides nothing
    if dataset != CITY:
        return viewer.may(dataset.partition(".")[0], Capability.APPROVE)
    domains = {domain.slug for domain, _data in statistics_by_id().values()}
    return bool(domains) and all(viewer.may(slug, Capability.APPROVE) for slug in domains)


def may_ask(viewer: Viewer, domain: Domain, data: StatisticalData, *, purpose: str = "") -> bool:
    """Analysts of the domain, and who holds an access grant to all its rows for this purpose.

    Statistics cover the whole city, so a role that is limited to a division does not suffice; contractors and
    administrators do not ask; who approves a budget does not spend it.
    """
    if viewer.user_id is None or viewer.vendor or viewer.office or viewer.division:
        return False
    if viewer.may(domain.slug, Capability.APPROVE) or not viewer.is_within_limits(data.model):
        return False
    if f"{domain.slug}-analyst" in viewer.roles:
        return True
    whole = [grant for grant in viewer.grants if not grant.place and not grant.objects]
    return any(grant.object_type == data.model and purpose in {"", grant.purpose} for grant in whole)


def statistics_of(viewer: Viewer) -> dict[str, tuple[Domain, StatisticalData]]:
    """The data sets that the viewer may ask or whose domain is his, by id.

    None for contractors and below L2: the keys of groups are words of real rows that staff know.
    """
    if viewer.vendor or viewer.clearance < Grade.L2:
        return {}
    return {
        key: (domain, data)
        for key, (domain, data) in statistics_by_id().items()
        if domain.slug in viewer.domains or may_ask(viewer, domain, data)
    }


def left_of(dataset: str, *, recipient: int | None) -> Left:
    """What is left for this recipient; nothing where no budget was ever decided."""
    budgets = {row.dataset: row for row in DatasetBudget.objects.filter(dataset__in=[CITY, dataset])}
    own = RecipientBudget.objects.filter(dataset=dataset, recipient=recipient).first()
    city, whole = budgets.get(CITY), budgets.get(dataset)
    return Left(
        city=city.left if city else 0,
        dataset=whole.left if whole else 0,
        recipient=own.left if own else (whole.share if whole else 0),
    )


def deliveries_of(viewer: Viewer) -> QuerySet[Delivery]:
    """What was released to the viewer himself: nobody reads another recipient's answers here.

    Only of data sets that the viewer may still ask or look into; a program sees the answers about the domains
    and object types that its token or key is about.
    """
    rows = Delivery.objects.select_related("release").filter(recipient_id=viewer.user_id or 0)
    return rows.filter(
        release__dataset__in=[
            key
            for key, (domain, data) in statistics_of(viewer).items()
            if viewer.is_within_limits(data.model)
            and (domain.slug in viewer.domains or not viewer.is_program)
        ]
    )


def column_of(data: StatisticalData, key: str) -> StatisticColumn | None:
    """The declared column called ``key``."""
    return next((column for column in data.columns if column.key == key), None)


def column_values(column: StatisticColumn) -> Sequence[tuple[str, Text]]:
    """The public values of a column of categories; none for a column of numbers."""
    if column.register:
        found: Sequence[tuple[str, Text]] = import_string(column.register)()
        return found
    return column.values


def question_rows(question: Question) -> Iterator[Row]:
    """The rows of the question's period that pass its filters."""
    _domain, data = statistics_by_id()[question.dataset]
    rows = import_string(data.rows)(_midnight(question.since), _midnight(question.until))
    for key, kept in question.filters:
        rows = rows.filter(**{f"{_source(data, key)}__in": kept})
    value, group = _source(data, question.column), _source(data, question.group)
    names = ["pk", "person", *filter(None, [value, group])]
    for found in rows.order_by().values_list(*names).iterator():
        rest = list(found[2:])
        yield Row(str(found[0]), found[1], rest.pop(0) if value else None, str(rest.pop(0)) if group else "")


def _source(data: StatisticalData, key: str) -> str:
    column = column_of(data, key)
    return column.source if column else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
