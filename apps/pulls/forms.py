"""The form by which a person names or changes a source in the portal."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.pulls.models import Source
from apps.pulls.services import source_create, source_update

FIELDS = ("domain", "name", "kind", "address", "mapping", "schedule", "secret", "active")
CHANGED = FIELDS[1:]  # a source stays in its domain


class NamingForm:
    """Mixed into a model form of sources: the service saves while the form is checked.

    So what the service refuses is said beside its field.
    """

    viewer: Viewer
    made: Source
    instance: Source
    fields: dict[str, Any]
    errors: dict[str, Any]
    cleaned_data: dict[str, Any]
    add_error: Any
    save_m2m: Any

    def clean(self) -> dict[str, Any]:
        """Save, or say what does not fit."""
        if not self.errors:
            try:
                with transaction.atomic():
                    self.made = self._made()
            except ProblemError as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The service has checked what the model would, and would find its own new row in the way."""

    def _made(self) -> Source:
        values = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        values["mapping"] = values.get("mapping") or {}
        if self.instance.pk:
            return source_update(self.instance, values=values, viewer=self.viewer)
        return source_create(domain=values.pop("domain"), values=values, viewer=self.viewer)

    def save(self, *_args: Any, **_named: Any) -> Source:
        """The source that was saved."""
        self.save_m2m = lambda: None
        return self.made
