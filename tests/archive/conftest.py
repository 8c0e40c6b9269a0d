"""Fixtures of the archive's tests."""

from __future__ import annotations

from tests.archive.builders import lake_folder

__all__ = ["lake_folder"]
