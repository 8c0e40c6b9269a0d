"""How a question reaches its answer: through Django, or the short way while the reader is remembered."""

from __future__ import annotations
