"""Questions about corrections."""

from __future__ import annotations

from django.db.models import Q

from apps.sensing.data import ReadingsUsed
from apps.sensing.models.history import Edit


def readings_corrected_since(used: ReadingsUsed) -> bool:
    """Whether any of these readings was corrected, or a correction undone, after they were read."""
    touched = Edit.objects.filter(datastream__in=used.datastream_ids, start__lt=used.end, end__gte=used.start)
    return touched.filter(Q(made_at__gte=used.read_at) | Q(undone_at__gte=used.read_at)).exists()
