"""Filtering and ordering that cannot be used to guess what is masked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from apps.core.errors import ProblemError
from apps.privacy.services.asking import request_viewer
from apps.privacy.services.exits import visible_fields

PLAIN = {"limit", "cursor", "format", "bbox", "time", "language"}


class PolicyFilterBackend(DjangoFilterBackend):
    """Refuses unknown parameters and filters on fields that the caller does not see clear."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The filtered rows; 400 for an unknown parameter, 403 for one on a masked field."""
        decisions = visible_fields(request_viewer(request), queryset.model)
        known = self._known(view, queryset)
        for name in request.query_params:
            field = name.partition("__")[0]
            if name not in known:
                raise ProblemError(
                    _("There is no such filter; see the API document for those that exist."), name
                )
            if field in decisions and not decisions[field].is_clear:
                raise ProblemError(_("You may not filter by this field: you do not see it clear."), name, 403)
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def _known(self, view: Any, queryset: QuerySet[Any]) -> set[str]:
        filterset = self.get_filterset_class(view, queryset)
        names = set(filterset.base_filters) if filterset else set()
        return names | PLAIN | set(getattr(view, "query_names", ()))
