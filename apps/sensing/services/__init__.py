"""Writes of the sensing app."""

from __future__ import annotations

from apps.sensing.services.registering import datastreams_register, things_register
from apps.sensing.services.storing import readings_store

__all__ = ["datastreams_register", "readings_store", "things_register"]
