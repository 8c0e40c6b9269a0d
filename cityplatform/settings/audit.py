"""The access log: what is no exit of data, and where anchors and lines of it go outside the database."""

from __future__ import annotations

from cityplatform.settings import env
from cityplatform.settings.base import VAR_DIR

# Addresses that show no data, and those that write their own entries.
AUDIT_FREE_PATHS = (
    "/static/",
    "/i18n/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/jsi18n/",
    "/portal/jsi18n/",
    "/portal/login/",
    "/portal/logout/",
    "/api/schema/",
    "/api/docs/",
)
AUDIT_ANCHORS = env.text(
    "AUDIT_ANCHORS",
    str(VAR_DIR / "audit" / "anchors.log"),
    "File outside the database to which every anchor of the access log is added; another disk.",
)
