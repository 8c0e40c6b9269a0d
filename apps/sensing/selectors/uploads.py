"""Questions about uploads."""

from __future__ import annotations

from collections.abc import Iterable

from apps.sensing.models import Datastream, Upload


def upload_get(upload_id: int) -> Upload:
    """One upload with its job and its owner."""
    return Upload.objects.select_related("job", "uploaded_by").get(pk=upload_id)


def keys_unknown(domain: str, keys: Iterable[str]) -> list[str]:
    """Those of the keys, each once and in their order, that no active datastream of the domain has."""
    wanted = list(dict.fromkeys(keys))
    streams = Datastream.objects.filter(key__in=wanted, thing__domain=domain, active=True)
    found = set(streams.values_list("key", flat=True))
    return [key for key in wanted if key not in found]
