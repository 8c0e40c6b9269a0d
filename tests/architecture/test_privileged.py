"""What only approvers and offices do asks for the second factor where it is done, not in a middleware."""

from __future__ import annotations

import re
from pathlib import Path

APPS = Path(__file__).resolve().parent.parent.parent / "apps"
DECIDES = re.compile(
    r"Capability\.APPROVE|office is (?:not )?Office|may_decide\(|may_judge\(|is_bureau\(|may_approve\("
)
ASKS = re.compile(
    r"privileged_require\(|approval_require\(|approver_require\(|officer_check\(|incident_check\("
)
# Tries a policy on invented people; looks up whom to tell; says what keys and programs may ask at all.
ONLY_READS = {
    "privacy/services/comparing.py",
    "alerts/services/reveals.py",
    "accounts/services/programs.py",
    "accounts/services/scopes.py",
}


def test_every_service_for_approvers_and_offices_asks_for_the_second_factor() -> None:
    texts = {
        str(path.relative_to(APPS)): path.read_text(encoding="utf-8") for path in APPS.rglob("services/*.py")
    }
    deciding = {name for name, text in texts.items() if DECIDES.search(text)} - ONLY_READS
    assert len(deciding) > 12
    assert not {name for name in deciding if not ASKS.search(texts[name])}
