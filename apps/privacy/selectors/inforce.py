"""The policy in force, compiled once in each process and looked after once a second."""

from __future__ import annotations

import asyncio
import time

from apps.privacy.data import VersionState
from apps.privacy.models import PolicyVersion
from apps.privacy.policy.rules import NO_RULES, Policy, policy_of

LOOK_SECONDS = 1.0


class InForce:
    """What this process knows: the compiled policy, and when it last looked for a newer one."""

    def __init__(self) -> None:
        self.policy = NO_RULES
        self.looked = 0.0

    def now(self) -> Policy:
        """The policy in force, at most a second old.

        Inside an event loop nothing is read: there the policy is the one of the last ``policy_look``.
        """
        if time.monotonic() - self.looked > LOOK_SECONDS and not _in_event_loop():
            self.look()
        return self.policy

    def look(self) -> None:
        """Ask for the number in force and compile its rules when it is another."""
        row = PolicyVersion.objects.filter(state=VersionState.IN_FORCE).only("number").first()
        number = row.number if row else 0
        if number != self.policy.number:
            self.policy = policy_compiled(row) if row else NO_RULES
        self.looked = time.monotonic()

    def forget(self) -> None:
        """Look again at the next question."""
        self.looked = 0.0


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


IN_FORCE = InForce()


def policy_now() -> Policy:
    """The compiled policy in force."""
    return IN_FORCE.now()


def policy_look() -> None:
    """Look for a newer policy now; for processes that answer from an event loop."""
    IN_FORCE.look()


def policy_version() -> int:
    """The number of the policy in force; 0 where none is, so that grade and role alone decide."""
    return policy_now().number


def policy_in_force() -> Policy:
    """The policy in force, read now."""
    IN_FORCE.look()
    return IN_FORCE.policy


def policy_compiled(version: PolicyVersion) -> Policy:
    """The rules of a version, compiled."""
    return policy_of(version.number, [rule.compiled for rule in version.rules.order_by("order")])
