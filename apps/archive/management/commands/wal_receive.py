"""``manage.py wal_receive``: become the process that receives the database's log, for ever."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from apps.archive.clusters.addresses import backup_address
from apps.archive.services.wal import log_receive


class Command(BaseCommand):
    """Receive; where no role may, wait and do nothing."""

    help = "Receive the log of the database, which completes the base backups."

    def handle(self, *args: Any, **options: Any) -> None:
        """Never returns."""
        address = backup_address()
        if address is None:
            self.stdout.write("BACKUP_DATABASE_URL is empty: backups are dumps, no log is received")
            signal.pause()
            return
        log_receive(address)
