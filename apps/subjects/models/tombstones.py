"""What is left of a deletion: which rows are gone, and nothing that they said."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tombstone(models.Model):
    """One deletion of one person: row numbers, what was done to them, and which law kept the others.

    ``rows`` holds ``[object type, id, "delete" or "anonymise", seal]``. The seal is a keyed hash that tells a
    row apart from another one that gets the same number after a restore; nobody can read it backwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(
        "subjects.SubjectRequest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tombstone",
        verbose_name=_("subject request"),
    )
    at = models.DateTimeField(_("time"))
    rows = models.JSONField(_("rows"), default=list)
    kept = models.JSONField(_("kept"), default=list)  # [object type, how many, law, until when]

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.pk)
