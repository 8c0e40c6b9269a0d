"""One decision for every exit; import from here."""

from __future__ import annotations

from apps.privacy.policy.facts import paths_of
from apps.privacy.selectors.inforce import policy_version
from apps.privacy.services.exits import (
    RowPolicy,
    policy_class,
    possible_fields,
    row_fields,
    visible_fields,
    visible_rows,
    with_facts,
)
from apps.privacy.services.kernel import can_see, decide, domain_of
from apps.privacy.services.masks import line_masked, masked
from apps.privacy.services.reasons import explained

__all__ = [
    "RowPolicy",
    "can_see",
    "decide",
    "domain_of",
    "explained",
    "line_masked",
    "masked",
    "paths_of",
    "policy_class",
    "policy_version",
    "possible_fields",
    "row_fields",
    "visible_fields",
    "visible_rows",
    "with_facts",
]
