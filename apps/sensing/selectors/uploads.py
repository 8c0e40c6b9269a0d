"""Questions about uploads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.accounts.data import Viewer
from apps.privacy.services import row_fields
from apps.sensing.models import Datastream, Upload


def upload_get(upload_id: int) -> Upload:
    """One upload with its job and its owner."""
    return Upload.objects.select_related("job", "uploaded_by").get(pk=upload_id)


def columns_told(viewer: Viewer, upload: Upload) -> bool:
    """Whether the names of a file's columns are the viewer's to know.

    They are a part of the file: told to whom it is shown, and to whoever brought it, who else could not map
    them.
    """
    is_own = viewer.user_id is not None and upload.uploaded_by_id == viewer.user_id
    return is_own or row_fields(viewer, upload)["file"].is_clear


def mapping_told(viewer: Viewer, upload: Upload | None) -> dict[str, Any]:
    """Which column is what, as far as the viewer may know; empty for rows that came in no file."""
    return upload.mapping if upload is not None and columns_told(viewer, upload) else {}


def keys_unknown(domain: str, keys: Iterable[str]) -> list[str]:
    """Those of the keys, each once and in their order, that no active datastream of the domain has."""
    wanted = list(dict.fromkeys(keys))
    streams = Datastream.objects.filter(key__in=wanted, thing__domain=domain, active=True)
    found = set(streams.values_list("key", flat=True))
    return [key for key in wanted if key not in found]
