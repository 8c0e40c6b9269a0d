"""The rules of one policy version, compiled: they narrow what grade and role allow, never widen it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.accounts.data import Viewer
from apps.core.grades import FieldGrade, Grade, Mask
from apps.privacy.data import Decision, Effect, Outcome, Reason
from apps.privacy.policy.grades import all_grades, domain_of

# From wide to narrow: a rule moves to the right only.
WIDTH = {Outcome.CLEAR: 0, Outcome.MASKED: 1, Outcome.AGGREGATED: 2, Outcome.HIDDEN: 3}
ALL = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which fields of which objects, for which roles, and what happens to them."""

    key: str
    object_type: str  # "hospital.Patient", "hospital.*" or "*"
    effect: Effect
    field: str = ALL
    roles: frozenset[str] = frozenset()  # keys of roles; empty: everybody
    least: Grade = Grade.L1  # only fields of this grade and above
    mask: Mask = Mask.NONE  # for Effect.MASK; NONE takes the mask of the field's grade
    purposes: frozenset[str] = frozenset()  # for Effect.PURPOSE; empty: any stated purpose

    def speaks_of(self, object_type: str, name: str, declared: FieldGrade) -> bool:
        """Whether the rule is about this field."""
        objects = self.object_type in {ALL, object_type, f"{domain_of(object_type)}.{ALL}"}
        return objects and self.field in {ALL, name} and declared.grade >= self.least

    def meets(self, viewer: Viewer) -> bool:
        """Whether the rule is about this viewer: one of his roles is enough."""
        return not self.roles or not self.roles.isdisjoint(viewer.roles)

    def decision(self, viewer: Viewer, declared: FieldGrade, *, is_granted: bool) -> Decision | None:
        """What the rule leaves of the field; None where its condition is met."""
        if self.effect is Effect.HIDE:
            return Decision(Outcome.HIDDEN, Reason.RULE, rule=self.key)
        if self.effect is Effect.AGGREGATE:
            return Decision(Outcome.AGGREGATED, Reason.RULE, rule=self.key)
        if self.effect is Effect.MASK:
            return below(declared, Reason.RULE, rule=self.key, mask=self.mask)
        if self.effect is Effect.PURPOSE:
            is_stated = bool(viewer.purpose) and (not self.purposes or viewer.purpose in self.purposes)
            return None if is_stated else below(declared, Reason.PURPOSE, rule=self.key)
        return None if is_granted else below(declared, Reason.APPROVAL, rule=self.key)


def below(declared: FieldGrade, reason: Reason, *, rule: str = "", mask: Mask = Mask.NONE) -> Decision:
    """What is left of a field that may not be shown clear: the given mask, its own, or nothing."""
    chosen = declared.mask if mask is Mask.NONE else mask
    if chosen is Mask.NONE:
        return Decision(Outcome.HIDDEN, reason, rule=rule)
    return Decision(Outcome.MASKED, reason, chosen, rule)


@dataclass(frozen=True, eq=False)
class Policy:
    """The rules of one version in their order. Compared by identity: a version never changes."""

    number: int = 0
    rules: tuple[Rule, ...] = ()
    _found: dict[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """The roles that some rule names."""
        return frozenset(role for rule in self.rules for role in rule.roles)

    def rules_for(self, object_type: str, name: str) -> tuple[Rule, ...]:
        """The rules about one field, the first first."""
        key = (object_type, name)
        if key not in self._found:
            declared = all_grades()[f"{object_type}.{name}"]
            self._found[key] = tuple(
                rule for rule in self.rules if rule.speaks_of(object_type, name, declared)
            )
        return self._found[key]

    def first(self, viewer: Viewer, object_type: str, name: str) -> Rule | None:
        """The first rule about the field and the viewer."""
        return next((rule for rule in self.rules_for(object_type, name) if rule.meets(viewer)), None)


NO_RULES = Policy()


def policy_of(number: int, rules: Iterable[Rule]) -> Policy:
    """A compiled policy."""
    return Policy(number, tuple(rules))


def narrower(decision: Decision, other: Decision) -> Decision:
    """The narrower of two; the first where they are equally wide."""
    return other if WIDTH[other.outcome] > WIDTH[decision.outcome] else decision
