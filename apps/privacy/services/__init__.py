"""One decision for every exit; import from here."""

from __future__ import annotations

from apps.privacy.services.exits import policy_class, visible_fields, visible_rows
from apps.privacy.services.kernel import can_see, decide, domain_of
from apps.privacy.services.masks import masked

__all__ = ["can_see", "decide", "domain_of", "masked", "policy_class", "visible_fields", "visible_rows"]
