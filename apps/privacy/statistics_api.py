"""REST: questions with differential privacy, their answers, and the budgets that they are paid from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.declarations import StatisticalData
from apps.core.domains import Domain
from apps.core.parameters import ReadingView
from apps.core.serializers import BodySerializer, is_decimal
from apps.privacy.models import BudgetDecision, DatasetBudget, Delivery
from apps.privacy.selectors.statistics import (
    MILLION,
    column_values,
    epsilon_text,
    left_of,
    statistics_of,
)
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.budgets import BudgetWish, budget_decide
from apps.privacy.services.questions import Asked
from apps.privacy.services.releases import Preview, deliveries_readable, release_ask, release_preview
from apps.privacy.services.rest import PolicySerializer, PolicyViewSet, policy_serializer, policy_viewset

MOST_ROWS = 10**9
NONE_LEFT = {"limit": 0, "spent": 0, "lifetime": 0}


@extend_schema_field({"type": "string", "format": "decimal"})
class EpsilonField(serializers.Field[int, Any, str, Any]):
    """An exact loss as decimal text; kept in millionths."""

    def to_representation(self, value: int) -> str:
        """``250000`` as ``"0.25"``."""
        return epsilon_text(value)

    def to_internal_value(self, data: Any) -> int:
        """``"0.25"`` as ``250000``, rounded up."""
        if not is_decimal(data):
            raise serializers.ValidationError(_('Give a number such as 0.25 or "0.25".'), code="type")
        value: Decimal = serializers.DecimalField(max_digits=12, decimal_places=6).run_validation(data)
        return int((value * MILLION).to_integral_value())


class AskedSerializer(BodySerializer[Any]):
    """A question; the declared data sets say which columns, values and bounds exist."""

    dataset = serializers.CharField(max_length=60)
    measure = serializers.CharField(max_length=12)
    epsilon = serializers.DecimalField(max_digits=8, decimal_places=4)
    since = serializers.DateField()
    until = serializers.DateField()
    column = serializers.CharField(max_length=40, default="", allow_blank=True)
    group = serializers.CharField(max_length=40, default="", allow_blank=True)
    level = serializers.CharField(max_length=6, default="0.5")
    low = serializers.IntegerField(required=False, allow_null=True)
    high = serializers.IntegerField(required=False, allow_null=True)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=80), max_length=200), default=dict
    )


class AskSerializer(AskedSerializer):
    """A question and what its answer is for."""

    purpose = serializers.CharField(max_length=40)


class TrySerializer(AskedSerializer):
    """A question and how many rows the asker supposes behind its answer."""

    rows = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, default=1000)


class PreviewSerializer(BodySerializer[Any]):
    """What the question would cost at most and how far off each number may be; looks at no data."""

    cost = EpsilonField()
    radius = serializers.FloatField(help_text="Each number is closer than this in 95 of 100 releases.")
    rows = serializers.IntegerField()
    left = EpsilonField(source="left.least")
    is_affordable = serializers.BooleanField()
    question = serializers.SerializerMethodField()

    def get_question(self, preview: Preview) -> dict[str, Any]:
        """The frozen question, every bound and key included."""
        return preview.question.as_dict()


class CellSerializer(BodySerializer[Any]):
    """One number of an answer."""

    key = serializers.CharField()
    value = serializers.FloatField()
    radius = serializers.FloatField()


class ReleaseSerializer(PolicySerializer):
    """An answer that was released to the caller, and what it cost him."""

    dataset = serializers.CharField(source="release.dataset", read_only=True)
    question = serializers.JSONField(source="release.question", read_only=True)
    answer = CellSerializer(source="release.answer", many=True, read_only=True)
    epsilon = EpsilonField(source="release.epsilon", read_only=True)
    cost = EpsilonField(read_only=True)
    dataset_cost = EpsilonField(read_only=True)

    class Meta:
        model = Delivery
        fields = [
            *("id", "domain", "release", "dataset", "question", "answer", "epsilon"),
            *("purpose", "cost", "dataset_cost", "delivered_at", "masked"),
        ]
        read_only_fields = fields


class ReleaseViewSet(mixins.CreateModelMixin, PolicyViewSet):
    """Answers with differential privacy: those released to the caller, and the way to ask for another."""

    queryset = Delivery.objects.select_related("release")
    serializer_class = ReleaseSerializer
    filterset_fields = ["domain"]

    def get_queryset(self) -> QuerySet[Any]:
        """Only what was released to the caller himself."""
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return deliveries_readable(request_viewer(self.request))

    @extend_schema(request=AskSerializer, responses={201: ReleaseSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask; paid from the budgets, unless the caller holds the answer to this very question already."""
        wanted = AskSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        purpose = values.pop("purpose")
        delivery = release_ask(Asked(**values), viewer=request_viewer(request), purpose=purpose)
        return Response(self.get_serializer(delivery).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TrySerializer, responses=PreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Cost and expected error of a question, without asking it."""
        wanted = TrySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        rows = values.pop("rows")
        found = release_preview(Asked(**values), viewer=request_viewer(request), rows=rows)
        return Response(PreviewSerializer(found).data)


class ColumnSerializer(BodySerializer[Any]):
    """A declared column with its public bounds or values."""

    key = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    edges = serializers.ListField(child=serializers.IntegerField())
    values = serializers.ListField(child=serializers.CharField())


class BudgetSerializer(BodySerializer[Any]):
    """A data set that answers statistical questions, and what is left of its budgets for the caller."""

    dataset = serializers.CharField()
    title = serializers.CharField()
    person = serializers.CharField(help_text="Whom the promise protects.")
    rows_per_person = serializers.IntegerField()
    limit = EpsilonField()
    spent = EpsilonField()
    lifetime = EpsilonField()
    left_city = EpsilonField()
    left_dataset = EpsilonField()
    left_recipient = EpsilonField()
    columns = ColumnSerializer(many=True)


class BudgetWishSerializer(BodySerializer[Any]):
    """A decision on a budget: without a data set it is the city's, with a recipient his alone."""

    dataset = serializers.CharField(max_length=60, default="", allow_blank=True)
    limit = EpsilonField()
    share = EpsilonField(default=0)
    renew = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=300)
    recipient = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


BudgetDecisionSerializer = policy_serializer(BudgetDecision)


class BudgetViewSet(viewsets.ViewSetMixin, ReadingView):
    """What may still be asked about each data set, and the decisions of approvers."""

    @extend_schema(operation_id="privacy_budgets_list", responses=BudgetSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The data sets of the caller's domains, with what is left."""
        viewer = request_viewer(request)
        budgets = {row.dataset: row for row in DatasetBudget.objects.all()}
        rows = [
            _line(key, domain, data, budgets.get(key), viewer.user_id)
            for key, (domain, data) in statistics_of(viewer).items()
        ]
        return Response(BudgetSerializer(rows, many=True).data)

    @extend_schema(request=BudgetWishSerializer, responses={201: BudgetDecisionSerializer})
    def create(self, request: Request) -> Response:
        """Set or renew a budget; needs the capability to approve."""
        wanted = BudgetWishSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        decision = budget_decide(BudgetWish(**wanted.validated_data), viewer=request_viewer(request))
        found = BudgetDecisionSerializer(decision, context={"request": request}).data
        return Response(found, status=status.HTTP_201_CREATED)


def _line(
    key: str, domain: Domain, data: StatisticalData, budget: DatasetBudget | None, recipient: int | None
) -> dict[str, Any]:
    left = left_of(key, recipient=recipient)
    spent = {name: getattr(budget, name) for name in NONE_LEFT} if budget else NONE_LEFT
    columns = [
        {
            "key": column.key,
            "title": str(column.title),
            "unit": column.unit,
            "low": column.low,
            "high": column.high,
            "edges": column.edges,
            "values": [value for value, _title in column_values(column)],
        }
        for column in data.columns
    ]
    return {
        "dataset": key,
        "title": f"{domain.title} · {data.title}",
        "person": str(data.person),
        "rows_per_person": data.rows_per_person,
        **spent,
        "left_city": left.city,
        "left_dataset": left.dataset,
        "left_recipient": left.recipient,
        "columns": columns,
    }


ROUTES = {
    "releases": ReleaseViewSet,
    "budgets": BudgetViewSet,
    "budget-decisions": policy_viewset(BudgetDecision, filters=("domain", "dataset")),
}
