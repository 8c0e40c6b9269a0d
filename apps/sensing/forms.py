"""The form by which a person corrects readings in the portal."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.errors import ProblemError
from apps.privacy.services import visible_rows
from apps.sensing.models import Datastream, Edit
from apps.sensing.services.corrections import Correction, edit_make

FIELDS = ("datastream", "start", "end", "operation", "value", "quality", "reason")


class CorrectingForm:
    """Mixed into a model form of ``FIELDS``: the correction is made by the service while the form is checked.

    So what the service refuses is said beside its field.
    """

    viewer: Viewer
    made: Edit
    fields: dict[str, Any]
    errors: dict[str, Any]
    cleaned_data: dict[str, Any]
    add_error: Any
    save_m2m: Any

    def clean(self) -> dict[str, Any]:
        """Make the correction, or say what does not fit."""
        if not self.errors:
            try:
                self.made = self._made()
            except ProblemError as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        return self.cleaned_data

    def _made(self) -> Edit:
        values = {name: self.cleaned_data[name] for name in FIELDS}
        stream = values.pop("datastream")
        if not visible_rows(self.viewer, Datastream.objects.filter(pk=stream.pk)).exists():
            raise ProblemError(_("There is no such datastream, or you may not see it."), "datastream")
        with transaction.atomic():
            return edit_make(stream, wish=Correction(**values), viewer=self.viewer)

    def save(self, *_args: Any, **_named: Any) -> Edit:
        """The correction that was made."""
        self.save_m2m = lambda: None
        return self.made
