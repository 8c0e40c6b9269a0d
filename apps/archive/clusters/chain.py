"""The access log of another database, proved by this version of the platform in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

from apps.archive.clusters.addresses import Address
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _

QUESTION = "from apps.audit.services import chain_first_break; print(chain_first_break() or 0)"


def chain_break_at(address: Address) -> int | None:
    """The first entry whose hash does not fit there, or None when that log is whole."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    environment |= {"DATABASE_URL": address.url(), "DATABASE_POOL": "0", "PYTHONWARNINGS": "ignore"}
    environment["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE", "cityplatform.settings")
    command = [sys.executable, "-m", "django", "shell", "--verbosity", "0", "-c", QUESTION]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ProblemError(
            _("The access log of the scratch cluster cannot be read: %(words)s")
            % {"words": done.stderr[-300:]}
        )
    return int(done.stdout.split()[-1]) or None
