"""Fetching from outside systems."""

from __future__ import annotations

from apps.core.networks import networks_read
from cityplatform.settings import env

PULL_ALLOWED_NETWORKS = networks_read(
    env.words(
        "PULL_ALLOWED_NETWORKS",
        "",
        "Private networks (CIDR) that sources may be fetched from; public addresses always may.",
    )
)
PULL_SECONDS = env.integer("PULL_SECONDS", 30, "Seconds that one answer of a source may take.")
PULL_MAX_BYTES = env.integer("PULL_MAX_BYTES", 64 * 1024 * 1024, "Largest answer of a source.")
PULL_SECRETS_DIR = env.text(
    "PULL_SECRETS_DIR", "", "Folder with the secrets of sources, one file each: <domain>/<name>."
)
