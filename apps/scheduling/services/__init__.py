"""Writes of the planning app that are light enough for the web process.

``solving`` beside this file loads the solver: only tasks and commands import it.
"""

from __future__ import annotations

from apps.scheduling.services.plans import plan_copy, plan_create, plan_publish, plan_solve_again, plan_wish

__all__ = ["plan_copy", "plan_create", "plan_publish", "plan_solve_again", "plan_wish"]
