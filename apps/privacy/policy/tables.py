"""Decisions for all fields of an object type at once, kept for each class of viewers and of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, reduce
from types import MappingProxyType

from apps.accounts.data import Capability, Viewer
from apps.privacy.data import Decision, RowFacts
from apps.privacy.policy.decision import decided
from apps.privacy.policy.facts import followed
from apps.privacy.policy.grades import grades_of
from apps.privacy.policy.rules import Policy, narrower

KEPT = 20_000  # tables of about a dozen references each: some ten megabytes
Table = Mapping[str, Decision]


@lru_cache(maxsize=4096)
def class_of(viewer: Viewer) -> Viewer:
    """The viewer without what no decision depends on: people with equal classes share every table."""
    relevant = frozenset(
        grant for grant in viewer.grants if grant.purpose == viewer.purpose or not viewer.purpose
    )
    return replace(
        viewer,
        user_id=None,
        rights=frozenset((domain, Capability.VIEW) for domain in viewer.domains),
        grants=frozenset(replace(grant, id=0) for grant in relevant),
        strong=False,
        key=None,
        confirmed=False,
        system="",
    )


@lru_cache(maxsize=KEPT)
def table(policy: Policy, viewer_class: Viewer, object_type: str, facts: RowFacts) -> Table:
    """``{"name": decision}`` for every graded field; the same object each time."""
    found = {name: decided(policy, viewer_class, object_type, name, facts) for name in grades_of(object_type)}
    for name, original, field in followed(object_type):
        found[name] = narrower(found[name], decided(policy, viewer_class, original, field, facts))
    return MappingProxyType(found)


@lru_cache(maxsize=KEPT)
def table_anywhere(policy: Policy, viewer_class: Viewer, object_type: str, facts: RowFacts) -> Table:
    """As ``table`` for a row of one of the viewer's domains, not known which: the narrowest of each field."""
    places = [replace(facts, domain=slug) for slug in sorted(viewer_class.domains)] or [facts]
    first, *others = (table(policy, viewer_class, object_type, place) for place in places)
    return MappingProxyType(
        {name: reduce(narrower, (other[name] for other in others), one) for name, one in first.items()}
    )
