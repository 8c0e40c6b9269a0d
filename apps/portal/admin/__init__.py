"""Admin pages of what lies below the policy kernel: people and the access log.

They stand here and not in their apps, because those apps may not know the kernel that every page asks.
"""

from __future__ import annotations

from apps.portal.admin import log, people, rights

__all__ = ["log", "people", "rights"]
