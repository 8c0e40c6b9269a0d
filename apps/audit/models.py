"""The access log, the chain over it, its anchors, and the history of changed rows. Rows are only added."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccessEntry(models.Model):
    """One act: who did what to which object, why, and with what result. No value of the object is kept."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    user_id = models.BigIntegerField(_("user"), null=True)
    role = models.CharField(_("roles"), max_length=400, blank=True, default="")
    action = models.CharField(_("action"), max_length=24)
    object_type = models.CharField(_("object type"), max_length=60, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    fields = ArrayField(models.CharField(max_length=80), verbose_name=_("fields"), default=list, blank=True)
    objects_seen = ArrayField(
        models.CharField(max_length=130), verbose_name=_("objects"), default=list, blank=True
    )
    purpose = models.CharField(_("purpose"), max_length=80, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    result = models.CharField(_("result"), max_length=12)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    lasting = models.BooleanField(_("kept three years"), default=False)

    class Meta:
        verbose_name = _("access entry")
        verbose_name_plural = _("access log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user_id", "-id"]),
            GinIndex(fields=["objects_seen"], name="audit_objects_seen"),
            BrinIndex(fields=["at"], name="audit_at", pages_per_range=16, autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class AccessLink(models.Model):
    """One place in the chain: the entry that was sealed there, and its digest over everything before.

    ``row_digest`` is SM3 of the entry, so that the chain can be followed past entries that were purged.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    lasting = models.BooleanField(_("kept three years"))
    row_digest = models.BinaryField(_("hash of the entry"), max_length=32)
    digest = models.BinaryField(_("hash"), max_length=32)
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("chain")
        indexes = [BrinIndex(fields=["sealed_at"], name="audit_sealed_at", pages_per_range=16)]

    def __str__(self) -> str:
        return f"{self.position} {self.entry_id}"


class AccessAnchor(models.Model):
    """The end of the chain at one hour, with a code that only the keeper of the key can make.

    A purge leaves an anchor too: up to ``purged_short`` ordinary entries may be missing, up to
    ``purged_long`` all of them and the links themselves.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    position = models.BigIntegerField(pgettext_lazy("place in the chain", "position"))
    digest = models.BinaryField(_("hash"), max_length=32)
    purged_short = models.BigIntegerField(_("purged up to"), default=0)
    purged_long = models.BigIntegerField(_("purged whole up to"), default=0)
    mac = models.CharField(_("authentication code"), max_length=64)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.position} {self.at:%Y-%m-%d %H:%M}"


class Change(models.Model):
    """One row of some table that was inserted, changed or deleted, written by the trigger of that table."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    user_id = models.BigIntegerField(_("user"), null=True)
    actor = models.CharField(_("job"), max_length=120, blank=True)  # a task or command, or the database role
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    operation = models.CharField(
        pgettext_lazy("change of a row", "operation"), max_length=6
    )  # insert, update, delete
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(_("object"), max_length=64)
    changed = models.JSONField(_("changed columns"))  # column -> [old, new]; [] where values are not kept

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history of changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="audit_change_of")]

    def __str__(self) -> str:
        return f"{self.operation} {self.object_type} {self.object_id}"
