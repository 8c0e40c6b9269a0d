"""Plain values of the maps app: the parameters of a query, and what a reader asks and gets."""

from __future__ import annotations

from apps.maps.data.exchange import Answer, Asked
from apps.maps.data.parameters import bbox_read, box_read, period_read, span_read

__all__ = ["Answer", "Asked", "bbox_read", "box_read", "period_read", "span_read"]
