"""Typed reading of environment variables; what is read here is what the configuration page lists.

A secret may come from a file (``NAME_FILE``), so that containers need no secret in their environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable that this system reads."""

    name: str
    kind: str
    default: str
    meaning: str


VARIABLES: dict[str, Variable] = {}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _read(name: str, kind: str, default: str, meaning: str) -> str:
    VARIABLES[name] = Variable(name, kind, default, meaning)
    return os.environ.get(name, default)


def is_set(name: str) -> bool:
    """Whether somebody has given the variable a value."""
    return bool(os.environ.get(name))


def text(name: str, default: str, meaning: str) -> str:
    """The variable as it stands."""
    return _read(name, "text", default, meaning)


def words(name: str, default: str, meaning: str) -> list[str]:
    """A comma-separated list, blanks removed."""
    return [word.strip() for word in _read(name, "list", default, meaning).split(",") if word.strip()]


def integer(name: str, default: int, meaning: str) -> int:
    """A whole number; anything else stops the start with the name of the variable."""
    value = _read(name, "integer", str(default), meaning)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def day(name: str, default: str, meaning: str) -> datetime:
    """The beginning of a day in UTC; anything but YYYY-MM-DD stops the start with its name."""
    value = _read(name, "day", default, meaning)
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day such as {default}, not {value!r}.") from None


def flag(name: str, meaning: str, *, default: bool) -> bool:
    """Yes or no; anything else stops the start with the name of the variable."""
    value = _read(name, "yes/no", "yes" if default else "no", meaning).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value in TRUE


def secret(name: str, default: str, meaning: str) -> str:
    """A secret from ``NAME_FILE`` (read loudly) or else from ``NAME``."""
    value = _read(name, "secret", default, meaning)
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {error}.") from error
