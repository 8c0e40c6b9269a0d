"""Long work that people watch: one row a job."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.divisions import EVERYWHERE
from apps.core.sentences import SentenceField


class JobState(models.TextChoices):
    """Where a job stands; the last three are final."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class JobKind(models.TextChoices):
    """What a job does; ``capability`` is what somebody needs to start one, and so to stop somebody else's."""

    UPLOAD = "upload", _("import of a file")
    TRAINING = "training", _("training of a model")
    PLAN = "plan", _("search for a plan")
    ANALYSIS = "analysis", _("analysis")
    BACKUP = "backup", _("backup")
    RESTORE_DRILL = "restore_drill", _("restore drill")
    LAKE_EXPORT = "lake_export", _("export to the lake")
    KEYS_ROTATE = "keys_rotate", _("encryption with a new key")

    @property
    def capability(self) -> str:
        """The word of the capability as a role has it; empty for what only the platform itself starts."""
        return CAPABILITIES.get(self, "")


# Words, for what a role may hold is declared one layer above (accounts.data.Capability).
CAPABILITIES = {
    JobKind.UPLOAD: "upload",
    JobKind.TRAINING: "train",
    JobKind.PLAN: "plan",
    JobKind.ANALYSIS: "train",
}


class Job(models.Model):
    """One piece of work with a stage, a progress of ``done`` out of ``total``, and figures to watch."""

    DOMAIN_PATH = "domain"
    PLACE_PATH = "division"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40, choices=JobKind)
    title = SentenceField(_("title"))
    domain = models.CharField(_("domain"), max_length=16, blank=True)
    division = models.CharField(_("division code"), max_length=12, blank=True, default=EVERYWHERE)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(_("stage"), max_length=80, blank=True)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("total"), default=0)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    message = SentenceField(_("message"), blank=True)
    result_url = models.CharField(_("result"), max_length=200, blank=True)
    wish = models.CharField(_("requested action"), max_length=10, blank=True)  # "", "cancel" or "take"
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)  # workers that have begun it
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "-created_at"]),
            models.Index(fields=["domain", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in FINAL
