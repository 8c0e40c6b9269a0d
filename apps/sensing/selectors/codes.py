"""What the gateway says of rows and bodies, for the page that explains it."""

from __future__ import annotations

from apps.sensing.ingest.codes import OF_BODIES, OF_ROWS, SHOWN

__all__ = ["OF_BODIES", "OF_ROWS", "SHOWN"]
