"""The flags of a reading in words, and the column that holds their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from apps.sensing.data import Flag

if TYPE_CHECKING:
    Number = models.SmallIntegerField[Any, Any]
else:
    Number = models.SmallIntegerField

FLAG_WORDS = {
    Flag.RANGE: gettext_lazy("out of range"),
    Flag.STEP: gettext_lazy("jump"),
    Flag.STUCK: gettext_lazy("stuck"),
    Flag.GAP: gettext_lazy("after a gap"),
    Flag.SPIKE: gettext_lazy("spike"),
    Flag.CLOCK: gettext_lazy("clock skew"),
    Flag.CROSS: gettext_lazy("unlike its neighbours"),
    Flag.CONVERTED: gettext_lazy("sent in another unit"),
    Flag.CORRECTED: gettext_lazy("changed by a person or a rule"),
    Flag.ANOMALY: gettext_lazy("unusual for this series"),
}


def _described() -> str:
    listed = "; ".join(f"{flag.value} {FLAG_WORDS[flag]}" for flag in Flag)
    return gettext("The sum of: %(flags)s.") % {"flags": listed}


FLAGS_HELP: Any = lazy(_described, str)()


class FlagsField(Number):
    """The sum of the flags, which says what each of them means; for the database a plain number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"help_text": FLAGS_HELP, **kwargs})

    def deconstruct(self) -> Any:
        """As the number that it is: migrations need not follow the words."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        return name, "django.db.models.SmallIntegerField", args, kwargs
