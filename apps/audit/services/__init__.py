"""Writing the access log, sealing it, and proving that nobody has touched it; import from here."""

from __future__ import annotations

from apps.audit.data import Act
from apps.audit.recorder import Record, action_is, request_recording, seen, viewer_is
from apps.audit.selectors.chain import chain_faults, chain_first_break
from apps.audit.services.anchoring import anchor_make
from apps.audit.services.purging import access_log_purge
from apps.audit.services.reading import log_unwritable, read_record
from apps.audit.services.recording import access_record
from apps.audit.services.requests import RequestFacts, request_act
from apps.audit.services.sealing import entries_seal, sm3
from apps.audit.services.verifying import access_log_verify
from apps.audit.services.waiting import log_state, read_record_soon

__all__ = [
    "Act",
    "Record",
    "RequestFacts",
    "access_log_purge",
    "access_log_verify",
    "access_record",
    "action_is",
    "anchor_make",
    "chain_faults",
    "chain_first_break",
    "entries_seal",
    "log_state",
    "log_unwritable",
    "read_record",
    "read_record_soon",
    "request_act",
    "request_recording",
    "seen",
    "sm3",
    "viewer_is",
]
