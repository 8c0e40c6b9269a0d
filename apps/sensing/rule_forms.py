"""The form by which a person drafts a cleaning rule in the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from apps.accounts.data import Capability, Viewer
from apps.core.domains import all_domains
from apps.core.errors import ProblemError
from apps.privacy.services import visible_rows
from apps.sensing.cleaning.rules import LIMITS
from apps.sensing.models import CleaningRule, Datastream
from apps.sensing.services.rules import RuleWish, rule_draft

LABELS = {
    "low": gettext_lazy("Lowest plausible value"),
    "high": gettext_lazy("Highest plausible value"),
    "max_step": gettext_lazy("Largest plausible step"),
    "stuck_after": gettext_lazy("Stuck after (s)"),
    "max_age": gettext_lazy("Stale after (s)"),
    "rate": gettext_lazy("Largest change a second"),
    "spike": gettext_lazy("Spike beyond (robust deviations)"),
    "window": gettext_lazy("Values in the window of the spike rule"),
    "mend": gettext_lazy("Correct spikes by the median"),
    "clock": gettext_lazy("Clock ahead by more than (s)"),
    "late": gettext_lazy("Clock behind by more than (s)"),
    "peers": gettext_lazy("Unlike its neighbours beyond (robust deviations)"),
}
FIELDS = ("scope", "datastream", *LIMITS)


def drafting_fields(viewer: Viewer) -> dict[str, forms.Field]:
    """The kinds that the viewer may choose, and a field for each limit; an empty one leaves it as it was."""
    made: dict[str, forms.Field] = {
        name: forms.FloatField(label=LABELS[name], required=False, widget=UnfoldAdminDecimalFieldWidget)
        for name in LIMITS
    }
    made["mend"] = forms.BooleanField(label=LABELS["mend"], required=False, widget=UnfoldBooleanSwitchWidget)
    made["scope"] = forms.ChoiceField(
        label=_("Kind of reading"),
        required=False,
        help_text=_("Left out where a datastream is chosen."),
        widget=UnfoldAdminSelectWidget,
        choices=kinds_choices(viewer),
    )
    return made


class DraftingForm:
    """Mixed into a model form of rules with ``drafting_fields``: the service drafts while it is checked.

    So what the service refuses is said beside its field.
    """

    viewer: Viewer
    made: CleaningRule
    fields: dict[str, Any]
    errors: dict[str, Any]
    cleaned_data: dict[str, Any]
    add_error: Any
    save_m2m: Any

    def clean(self) -> dict[str, Any]:
        """Make the draft, or say what does not fit."""
        if not self.errors:
            try:
                with transaction.atomic():
                    self.made = rule_draft(self._wish(), viewer=self.viewer)
            except ProblemError as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The service has checked what the model would."""

    def _wish(self) -> RuleWish:
        values, stream = self.cleaned_data, self.cleaned_data["datastream"]
        if stream and not visible_rows(self.viewer, Datastream.objects.filter(pk=stream.pk)).exists():
            raise ProblemError(_("There is no such datastream, or you may not see it."), "datastream")
        if not stream and not values["scope"]:
            raise ProblemError(_("Choose a kind of reading or a datastream."), "scope", code="missing")
        limits = {name: values[name] for name in LIMITS if values[name] not in {None, False}}
        domain, _slash, kind = values["scope"].partition("/")
        return RuleWish(domain=domain, kind=kind, datastream=stream, limits=limits)

    def save(self, *_args: Any, **_named: Any) -> CleaningRule:
        """The draft that was made."""
        self.save_m2m = lambda: None
        return self.made


def kinds_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """``domain/kind`` and its title, for the domains in which the viewer may draft."""
    found = [
        (f"{domain.slug}/{kind.key}", f"{domain.title} · {kind.title}")
        for domain in all_domains()
        if viewer.may(domain.slug, Capability.UPLOAD)
        for kind in domain.kinds
    ]
    return [("", "–"), *found]
