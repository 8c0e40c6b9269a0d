"""Long series for charts: which width fits, and which points to keep. Pure functions over numpy arrays."""

from __future__ import annotations
