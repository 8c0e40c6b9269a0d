"""Writes of the sensing app."""

from __future__ import annotations

from apps.sensing.files.mapping import ColumnMapping
from apps.sensing.services.registering import datastreams_register, things_register
from apps.sensing.services.storing import readings_store, rows_store
from apps.sensing.services.uploads import confirm_require, upload_confirm, upload_create, upload_preview

__all__ = [
    "ColumnMapping",
    "confirm_require",
    "datastreams_register",
    "readings_store",
    "rows_store",
    "things_register",
    "upload_confirm",
    "upload_create",
    "upload_preview",
]
