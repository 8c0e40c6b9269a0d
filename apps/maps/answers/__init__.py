"""What readers get: tiles, their description, and the pages of OGC API Features."""

from __future__ import annotations
