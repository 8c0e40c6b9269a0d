"""Daily care of accounts."""

from __future__ import annotations

import structlog
from celery import shared_task

from apps.accounts.services import stale_accounts_disable

log = structlog.get_logger("accounts")


@shared_task
def stale_accounts_disable_task() -> None:
    """Disable accounts that nobody has used for long."""
    log.info("stale_accounts_disabled", count=stale_accounts_disable())
