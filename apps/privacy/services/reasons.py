"""Why, in words: the sentence behind a decision, and who can change it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.grades import Grade
from apps.privacy.data import Decision, Outcome, Reason
from apps.privacy.policy.grades import all_grades

WORDS: dict[Reason, Promise] = {
    Reason.ALLOWED: gettext_lazy("Shown clear."),
    Reason.NO_ROLE: gettext_lazy("You hold no role in this domain."),
    Reason.OFFICE: gettext_lazy("Administrators see no business data."),
    Reason.OTHER_PLACE: gettext_lazy("The record lies outside your division."),
    Reason.OTHER_DEPARTMENT: gettext_lazy("The record belongs to another department."),
    Reason.CLEARANCE: gettext_lazy(
        "The field is graded above your clearance; the security administrator can raise it."
    ),
    Reason.PURPOSE: gettext_lazy("This grade needs a stated purpose."),
    Reason.APPROVAL: gettext_lazy("Data of a minor: a responsible person must approve the access first."),
    Reason.CONSENT: gettext_lazy("The person concerned has not agreed, or has withdrawn the consent."),
    Reason.RULE: gettext_lazy("A rule of the policy in force keeps this from you."),
    Reason.SYNTHETIC: gettext_lazy("Contractors see synthetic data only."),
    Reason.SCOPE: gettext_lazy("The program's token is not about this."),
    Reason.UNKNOWN: gettext_lazy("No grade is declared for this field."),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.CLEAR: gettext_lazy("clear"),
    Outcome.MASKED: gettext_lazy("masked"),
    Outcome.AGGREGATED: gettext_lazy("only in counts and sums"),
    Outcome.HIDDEN: gettext_lazy("hidden"),
}
GRADES: dict[Grade, Promise] = {
    Grade.L1: gettext_lazy("L1 public"),
    Grade.L2: gettext_lazy("L2 internal"),
    Grade.L3: gettext_lazy("L3 restricted"),
    Grade.L4: gettext_lazy("L4 secret"),
}
SECURITY = gettext_lazy("The security administrator can grant it.")
APPROVER = gettext_lazy("An approver of the domain can grant it for a purpose and a time.")
GRANTERS: dict[Reason, Promise] = {
    Reason.NO_ROLE: SECURITY,
    Reason.OTHER_PLACE: SECURITY,
    Reason.OTHER_DEPARTMENT: gettext_lazy("The owner of the record can share it."),
    Reason.PURPOSE: gettext_lazy("State a purpose that your role has, or ask an approver of the domain."),
    Reason.APPROVAL: APPROVER,
    Reason.RULE: gettext_lazy("The security administrators can change the rule together."),
}


def explained(decision: Decision, *, object_type: str = "", field: str = "") -> str:
    """The reason as a sentence in the reader's language: why, the grade, the rule, who can grant it."""
    parts = [str(WORDS[decision.reason])]
    declared = all_grades().get(f"{object_type}.{field}")
    if declared is not None and not decision.is_clear:
        parts.append(_("Grade of the field: %(grade)s.") % {"grade": GRADES[declared.grade]})
    if decision.rule:
        parts.append(_("Rule: %(rule)s.") % {"rule": decision.rule})
    if decision.reason in GRANTERS:
        parts.append(str(GRANTERS[decision.reason]))
    return " ".join(parts)
