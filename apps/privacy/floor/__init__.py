"""Row security: the floor under personal tables, which holds when a query forgets the kernel."""

from __future__ import annotations
