"""Structured logs, one JSON object a line, personal data removed."""

from __future__ import annotations

from apps.core.logs import logging_config
from cityplatform.settings import env

LOGGING = logging_config(level=env.text("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."))
LOGGING_CONFIG = "apps.core.logs.configure"
