"""The newest restore drill, for the home page."""

from __future__ import annotations

from types import SimpleNamespace

from apps.accounts.data import Viewer
from apps.portal.selectors.rows import shown, visible
from apps.privacy.services import can_see

LABEL = "archive.DrillReport"


def drill_newest_shown(viewer: Viewer) -> SimpleNamespace | None:
    """The newest drill that has ended, as the viewer may see it.

    Its ``pk`` is None when there was none; None for a viewer who may not know of drills.
    """
    if not can_see(viewer, LABEL):
        return None
    ended = visible(viewer, LABEL).exclude(outcome="running").order_by("-started_at").first()
    return SimpleNamespace(pk=None) if ended is None else shown(viewer, ended)
