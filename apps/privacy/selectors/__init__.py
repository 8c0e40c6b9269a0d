"""Questions that the privacy app answers about its own rows and its policy."""

from __future__ import annotations

from apps.privacy.selectors.inforce import policy_compiled, policy_look, policy_version

__all__ = ["policy_compiled", "policy_look", "policy_version"]
