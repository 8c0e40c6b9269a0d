"""Questions about uploads."""

from __future__ import annotations

from apps.sensing.models import Upload


def upload_get(upload_id: int) -> Upload:
    """One upload with its job and its owner."""
    return Upload.objects.select_related("job", "uploaded_by").get(pk=upload_id)
