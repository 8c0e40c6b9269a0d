"""News about people: what the access log and other apps above may want to know."""

from __future__ import annotations

from django.dispatch import Signal

factor_asked = (
    Signal()
)  # user_id: int, kind: str ("enrol", "second factor", "confirm"), result: str, address: str
rights_broken = Signal()  # user_id: int: clearance, role or grant changed behind the application
key_changed = (
    Signal()
)  # key_id: int, owner_id: int, by_id: int | None, deed: str ("key_create", "key_revoke")
accounts_disabled = Signal()  # user_ids: list[int], after a long time without a login
