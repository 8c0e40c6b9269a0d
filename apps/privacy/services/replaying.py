"""Replay: which of last week's requests would have been answered differently under another policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone

from apps.accounts.data import NOBODY, Viewer
from apps.accounts.selectors import user_get, viewer_for
from apps.audit.selectors.asked import Asked, asked_since
from apps.privacy.data import Outcome, RowFacts
from apps.privacy.policy.decision import decided
from apps.privacy.policy.grades import domain_of, domain_slugs, grades_of
from apps.privacy.policy.rules import Policy

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Replayed:
    """Requests of one person on one object type that would have been answered differently."""

    user_id: int | None
    roles: tuple[str, ...]
    object_type: str
    purpose: str
    requests: int
    fields: Mapping[str, tuple[Outcome, Outcome]]  # name -> before, after


@dataclass(frozen=True, slots=True)
class Replay:
    """The whole answer: how many requests were looked at, how many change, and which."""

    requests: int
    changed: int
    groups: tuple[Replayed, ...]


def policy_replay(old: Policy, new: Policy, *, span: timedelta = WEEK) -> Replay:
    """The requests of the last ``span`` asked again under both policies, with today's rights of people."""
    asked = asked_since(timezone.now() - span)
    viewers = {user_id: _viewer(user_id) for user_id in {one.user_id for one in asked}}
    groups = [_replayed(old, new, replace(viewers[one.user_id], purpose=one.purpose), one) for one in asked]
    changed = sorted((group for group in groups if group.fields), key=lambda group: -group.requests)
    return Replay(sum(one.requests for one in asked), sum(one.requests for one in changed), tuple(changed))


def _viewer(user_id: int | None) -> Viewer:
    """Today's rights; those of nobody where the account has ended."""
    user = user_get(user_id) if user_id else None
    return viewer_for(user) if user else NOBODY


def _replayed(old: Policy, new: Policy, viewer: Viewer, asked: Asked) -> Replayed:
    fields = [name for name in asked.fields if name in grades_of(asked.object_type)]
    outcomes = {
        name: (
            _outcome(old, viewer, asked.object_type, name),
            _outcome(new, viewer, asked.object_type, name),
        )
        for name in fields or grades_of(asked.object_type)
    }
    return Replayed(
        user_id=asked.user_id,
        roles=tuple(sorted(viewer.roles)),
        object_type=asked.object_type,
        purpose=asked.purpose,
        requests=asked.requests,
        fields={name: pair for name, pair in outcomes.items() if pair[0] is not pair[1]},
    )


def _outcome(policy: Policy, viewer: Viewer, object_type: str, field: str) -> Outcome:
    owner = domain_of(object_type)
    domain = owner if owner in domain_slugs() else next(iter(sorted(viewer.domains)), "")
    return decided(policy, viewer, object_type, field, RowFacts(domain=domain)).outcome
