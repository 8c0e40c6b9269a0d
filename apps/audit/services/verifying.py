"""A whole verification, written down in the log itself: pages show when it was and what it found."""

from __future__ import annotations

import structlog

from apps.audit.data import Act, ChainState
from apps.audit.selectors.anchors import file_faults, purge_newest, uncovered_faults
from apps.audit.selectors.chain import MOST_FAULTS, chain_faults
from apps.audit.services.recording import access_record

log = structlog.get_logger("audit")


def access_log_verify() -> ChainState:
    """Follow the chain, the anchors, and the anchors outside the database."""
    found = chain_faults()
    faults = [*found.faults, *file_faults(purge_newest()), *uncovered_faults()][:MOST_FAULTS]
    state = ChainState(found.entries, faults)
    first = str(faults[0].entry_id) if faults else ""
    result = "done" if state.is_whole else "failed"
    access_record(Act("verify", None, "audit.AccessEntry", first, rows=state.entries, result=result))
    if faults:
        log.error("access_log_touched", faults=len(faults), first=first)
    return state
