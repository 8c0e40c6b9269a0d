"""Writing the access log, sealing it, and proving that nobody has touched it; import from here."""

from __future__ import annotations

from apps.audit.data import Act
from apps.audit.selectors.chain import chain_faults, chain_first_break
from apps.audit.services.recording import access_record
from apps.audit.services.sealing import entries_seal, sm3

__all__ = ["Act", "access_record", "chain_faults", "chain_first_break", "entries_seal", "sm3"]
