"""Observations as a stream of CSV, Parquet or Arrow: whatever their number, the memory stays the same."""

from __future__ import annotations
