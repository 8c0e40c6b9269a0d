"""Sensor files of any city become road segments, datastreams and readings."""

from __future__ import annotations

from apps.domains.city.services.importing.series import Imported, SeriesSource, series_import

__all__ = ["Imported", "SeriesSource", "series_import"]
