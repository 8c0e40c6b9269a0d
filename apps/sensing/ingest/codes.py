"""The codes of what is wrong with a row or a body, as every door says them, and what each means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SHOWN = 100  # faults, and conflicts, that an answer lists
# Of a row: it lies in quarantine with this code, and the other rows are stored.
OF_ROWS = {
    "missing": _("One of the three fields is missing or null."),
    "unknown": _("The key may write no such datastream."),
    "unknown_member": _("A member that no reading has. Leave it out, or put an underscore before its name."),
    "duplicate": _("A name stands twice in one object."),
    "type": _("A value is of the wrong kind, such as a text for a number."),
    "format": _("The time is no ISO 8601 text."),
    "no_offset": _("The time has no offset. Add Z or +08:00."),
    "too_old": _("The time lies before the first day that is plausible for the datastream."),
    "future": _("The time lies more than five minutes ahead."),
    "comparator": _("The result is a limit such as “<5”, no number."),
    "not_finite": _("The result is NaN or infinite."),
    "precision": _("A whole number that is too large to be kept exactly."),
    "unit": _("The unit does not fit the datastream, or nobody can say what it means."),
    "refused": _("The database cannot hold the row."),
}
# Of a body: it is refused whole.
OF_BODIES = {
    "invalid": _("The body, its content type or its encoding cannot be read; the sentence says why."),
    "missing": _("A body of columns, or one object, lacks a field."),
    "unknown_member": _("The body lacks a field and has a member that probably means it."),
    "duplicate": _("A name stands twice in the body itself."),
    "type": _("Several results came with a single time and a single datastream."),
    "length": _("The columns differ in length."),
    "too_large": _("The body is larger than what is taken at a time. Cut the batch."),
}
