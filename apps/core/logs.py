"""Structured logs: one JSON object a line, an event name and key-values, no personal data."""

from __future__ import annotations

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# A mainland mobile or identity number, or an e-mail address, wherever it hides in a log line.
PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")
SECRET_KEYS = re.compile(r"password|secret|token|authorization|cookie|phone|id_number", re.IGNORECASE)

Event = MutableMapping[str, Any]


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Blank keys that name secrets and every value that looks like a person's number or address."""
    for key, value in event.items():
        if SECRET_KEYS.search(key):
            event[key] = "[removed]"
        elif isinstance(value, str):
            event[key] = PERSONAL.sub("[removed]", value)
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact,
]


def logging_config(*, level: str) -> dict[str, Any]:
    """The dictionary for ``logging.config``: everything to standard error as JSON."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    quiet = {name: {"level": "WARNING"} for name in ("axes", "uvicorn.access", "asyncio", "httpx", "py4j")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": quiet,
    }


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library and structlog write through one formatter."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
