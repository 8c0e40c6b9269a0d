"""The portal page of cleaning rules: drafted by a form, then tried, put in force or retired by actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import action, display, register
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.data import Capability, Viewer
from apps.core.errors import ProblemError
from apps.privacy.services.admin import PolicyModelAdmin
from apps.privacy.services.rest import request_viewer
from apps.sensing.data import Flag
from apps.sensing.models import CleaningRule
from apps.sensing.models.flags import FLAG_WORDS
from apps.sensing.rule_forms import FIELDS, LABELS, DraftingForm, drafting_fields
from apps.sensing.services.rules import rule_publish, rule_retire
from apps.sensing.services.trials import RuleTrial, rule_trial

SHOWN = 5  # examples in the message; a program gets more


@register(CleaningRule)
class CleaningRuleAdmin(PolicyModelAdmin):
    """Cleaning rules with what they would have flagged in the last week."""

    change_capability = Capability.UPLOAD
    editable_fields = FIELDS
    autocomplete_fields = ("datastream",)
    list_display = ("id", "domain", "kind", "datastream", "version", "summary", "state", "tried", "made_at")
    list_filter = ("domain", "kind", "state")
    list_select_related = True
    actions = ("try_out", "publish", "retire")
    empty_text = gettext_lazy(
        "A cleaning rule marks readings that cannot be right, such as jumps, stuck values or values unlike "
        "their neighbours. It is drafted, tried on the last week, and then put in force."
    )
    empty_capability = Capability.UPLOAD

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may upload in some domain; the service asks again for the rule's own."""
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A new rule may be filled in; one that was made stays as it is."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """What a person fills in, or all there is to know."""
        return list(FIELDS) if obj is None else super().get_fields(request, obj)

    def get_form(self, request: HttpRequest, obj: Any | None = None, *args: Any, **kwargs: Any) -> Any:
        """The form with a field for each limit, in the name of the reader."""
        if obj is None:
            viewer = request_viewer(request)
            own = {"viewer": viewer, **drafting_fields(viewer)}
            kwargs["form"] = type("RuleForm", (DraftingForm, ModelForm), own)
        return super().get_form(request, obj, *args, **kwargs)

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        """The form has made it already, by the service."""

    @display(description=gettext_lazy("Limits"))
    def summary(self, rule: CleaningRule) -> str:
        """The limits in words."""
        parts = [(LABELS[name], value) for name, value in rule.limits.items() if name in LABELS]
        return "; ".join(f"{label}: {'–' if value is None else f'{value:g}'}" for label, value in parts)

    @display(description=gettext_lazy("Would have flagged"))
    def tried(self, rule: CleaningRule) -> str:
        """The counts of the last trial."""
        trial = rule.trial or {}
        words = _("%(flagged)d of %(values)d values, now %(now)d")
        counts = {"flagged": trial.get("flagged"), "values": trial.get("values")}
        return words % {**counts, "now": trial["flagged_now"]} if "flagged_now" in trial else "–"

    @action(description=gettext_lazy("Try on last week"))
    def try_out(self, request: HttpRequest, queryset: QuerySet[CleaningRule]) -> None:
        """Say what the chosen rules would have flagged."""
        self._each(request, queryset, lambda rule, viewer: report(rule_trial(rule, viewer=viewer)))

    @action(description=gettext_lazy("Put in force"))
    def publish(self, request: HttpRequest, queryset: QuerySet[CleaningRule]) -> None:
        """Let the chosen drafts hold from now on."""

        def deed(rule: CleaningRule, viewer: Viewer) -> str:
            rule_publish(rule, viewer=viewer)
            return _("The rule is in force; every door follows within ten seconds.")

        self._each(request, queryset, deed)

    @action(description=gettext_lazy("Retire"))
    def retire(self, request: HttpRequest, queryset: QuerySet[CleaningRule]) -> None:
        """End the chosen rules."""

        def deed(rule: CleaningRule, viewer: Viewer) -> str:
            rule_retire(rule, viewer=viewer)
            return _("The rule is retired.")

        self._each(request, queryset, deed)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[CleaningRule],
        deed: Callable[[CleaningRule, Viewer], str],
    ) -> None:
        for rule in queryset.order_by("pk"):
            try:
                messages.success(request, format_html("{}: {}", rule, deed(rule, request_viewer(request))))
            except ProblemError as error:
                messages.error(request, f"{rule}: {error}")


def report(trial: RuleTrial) -> SafeString:
    """A trial in words: in all, for each flag, and some values."""
    words = ngettext(
        "Would have flagged %(flagged)d value of %(values)d; the rules in force flag %(now)d.",
        "Would have flagged %(flagged)d values of %(values)d; the rules in force flag %(now)d.",
        trial.flagged,
    )
    head = words % {"flagged": trial.flagged, "values": trial.values, "now": trial.flagged_now}
    counts = [(FLAG_WORDS[Flag[name]], count, trial.now[name]) for name, count in trial.would.items()]
    changed = [(word, would, now) for word, would, now in counts if would or now]
    examples = [
        (example.key, f"{localtime(example.time):%m-%d %H:%M:%S}", example.result)
        for example in trial.examples[:SHOWN]
    ]
    return format_html(
        "{} {} {}",
        head,
        format_html_join(" ", _("{}: {} (now {})."), changed),
        format_html_join(", ", "{} {} {}", examples),
    )
