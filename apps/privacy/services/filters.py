"""Filtering that reads every value exactly, and cannot be used to guess what is masked."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import get_model_field
from rest_framework.request import Request

from apps.core.errors import ProblemError
from apps.core.moments import WRITTEN_DAY, moment_queried
from apps.core.numbers import whole_number
from apps.core.parameters import choice_check, domain_check, kind_check, names_check
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.exits import visible_fields

PLAIN = {"limit", "cursor", "format"}
MOMENTS = (django_filters.IsoDateTimeFilter, django_filters.DateTimeFilter)
WHOLE = (models.IntegerField, models.AutoField)
PERIOD = ("start", "end")


class PolicyFilterBackend(DjangoFilterBackend):
    """Refuses what it cannot read, and filters on fields that the caller does not see clear."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The filtered rows; 400 names the parameter that cannot be read, 403 one on a masked field."""
        decisions = visible_fields(request_viewer(request), queryset.model)
        filterset = self.get_filterset_class(view, queryset)
        filters = filterset.base_filters if filterset else {}
        query = request.query_params
        names_check(query, {*filters, *PLAIN, *getattr(view, "query_names", ())})
        for name in query:
            field = name.partition("__")[0]
            if field in decisions and not decisions[field].is_clear:
                raise ProblemError(_("You may not filter by this field: you do not see it clear."), name, 403)
        for name in filters.keys() & query.keys():
            value_check(filters[name], query[name], name=name, model=queryset.model)
        if "format" in query and "format" not in getattr(view, "query_names", ()):
            choice_check(query["format"], ["json"], "format")
        if filters.keys() >= set(PERIOD) <= query.keys():
            _period_check(*(moment_queried(query[name], name) for name in PERIOD))
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        """As always; a moment is handed on as we have read it."""
        named: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        filterset, data = self.get_filterset_class(view, queryset), named["data"].copy()
        for name in data.keys() & (filterset.base_filters.keys() if filterset else set()):
            if isinstance(filterset.base_filters[name], MOMENTS):
                data[name] = moment_queried(data[name], name).isoformat()
        return {**named, "data": data}


def value_check(one: django_filters.Filter, text: str, *, name: str, model: type[models.Model]) -> None:
    """ProblemError 400 for a text that the filter would leave out, or would read as something else."""
    if isinstance(one, django_filters.BooleanFilter):
        choice_check(text, ["true", "false"], name)
        return
    if isinstance(one, MOMENTS):
        moment_queried(text, name)
        return
    if getattr(model, "KIND_PATH", "") == one.field_name:
        kind_check(text)
        return
    field = get_model_field(model, one.field_name)
    for part in text.split(",") if isinstance(one, django_filters.BaseCSVFilter) else [text]:
        _part_check(field, part, name)


def _part_check(field: Any, text: str, name: str) -> None:
    target = getattr(field, "target_field", field)
    if getattr(field, "choices", None):
        choice_check(text, [str(value) for value, _title in field.flatchoices], name)
    elif isinstance(target, WHOLE):
        if whole_number(text) is None:
            raise ProblemError(_("Give a whole number."), name, code="type")
    elif isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        if not WRITTEN_DAY.fullmatch(text):
            raise ProblemError(_("Give a day such as 2026-11-23."), name, code="type")
    elif name == "domain":
        domain_check(text)


def _period_check(start: Any, end: Any) -> None:
    if start >= end:
        raise ProblemError(_("The start must lie before the end."), "start")
