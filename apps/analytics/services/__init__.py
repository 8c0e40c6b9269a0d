"""Writes of the analytics app; answering has a file of its own, which loads the engines."""

from __future__ import annotations

from apps.analytics.services.asking import analysis_ask

__all__ = ["analysis_ask"]
