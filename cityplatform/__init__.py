"""Wiring only: settings, URLs, ASGI and Celery applications. Nothing imports this package."""

from __future__ import annotations

from cityplatform.celery import app as celery_app

__all__ = ["celery_app"]
