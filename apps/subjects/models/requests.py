"""What people ask about their own data, and the rows that were found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.encryption import EncryptedDateField, EncryptedTextField, SequencedKeyField
from apps.subjects.data import Strength, Told


class Kind(models.TextChoices):
    """The rights of PIPL Art. 44 to 47."""

    FIND = "find", _("Tell what is held")
    EXPORT = "export", _("Hand out a copy")
    CORRECT = "correct", _("Correct")
    DELETE = "delete", _("Delete")


class State(models.TextChoices):
    """The way of a request."""

    RECEIVED = "received", _("Received")
    VERIFIED = "verified", _("Identity checked")
    FOUND = "found", _("Rows confirmed")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


OPEN = (State.RECEIVED, State.VERIFIED, State.FOUND)


class Asker(models.TextChoices):
    """Who asks."""

    SELF = "self", _("the person")
    GUARDIAN = "guardian", _("the guardian of a minor")
    AGENT = "agent", _("somebody with power of attorney")


class Proof(models.TextChoices):
    """How the identity was checked."""

    CARD = "card", _("identity card, seen in person")
    PAPERS = "papers", _("papers of guardianship or attorney, seen in person")
    LOGIN = "login", _("real-name login of the city's service portal")


class Refusal(models.TextChoices):
    """Why a request is refused (PIPL Art. 44 to 50)."""

    IDENTITY = "identity", _("The identity could not be established")
    NOTHING = "nothing", _("No data of the person are held")
    LAW = "law", _("A law forbids it")
    OTHERS = "others", _("It would reveal data of somebody else")
    REPEATED = "repeated", _("The same request was answered before")


class SubjectRequest(models.Model):
    """One request of one person about his own data, from the first word to the answer."""

    id = SequencedKeyField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    asker = models.CharField(_("asked by"), max_length=8, choices=Asker, default=Asker.SELF)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    id_number = EncryptedTextField(_("identity number"), max_length=18, blank=True)
    phone = EncryptedTextField(_("telephone"), max_length=24, blank=True)
    name = EncryptedTextField(_("name of the person"), max_length=80, blank=True)
    birth_date = EncryptedDateField(_("date of birth"), null=True, blank=True)
    institution_number = EncryptedTextField(_("number given by the institution"), max_length=64, blank=True)
    changes = models.JSONField(_("corrections asked for"), default=dict, blank=True)
    received_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    due_on = models.DateField(_("due"))
    proof = models.CharField(_("identity checked by"), max_length=8, choices=Proof, blank=True)
    proof_note = models.CharField(_("note on the check"), max_length=200, blank=True)
    checked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    searched = models.JSONField(_("domains searched"), default=list, blank=True)
    refusal = models.CharField(_("reason of refusal"), max_length=10, choices=Refusal, blank=True)
    answer = models.CharField(_("answer to the person"), max_length=500, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)  # counts and laws, nothing of the person
    file_digest = models.CharField(_("SM3 of the file"), max_length=64, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("subject request")
        verbose_name_plural = _("subject requests")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in OPEN

    def told(self) -> Told:
        """The identifiers to search by."""
        return Told(self.id_number, self.phone, self.name, self.birth_date, self.institution_number)


class SubjectMatch(models.Model):
    """A row that may speak of the person; what is done is done to the confirmed ones alone."""

    request = models.ForeignKey(
        SubjectRequest, models.CASCADE, related_name="matches", verbose_name=_("subject request")
    )
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(_("object"), max_length=64)
    by = models.JSONField(_("found by"), default=list)
    strength = models.CharField(_("strength"), max_length=8, choices=Strength)
    confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        verbose_name = _("row of a person")
        verbose_name_plural = _("rows of a person")
        ordering = ["object_type", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "object_type", "object_id"], name="match_once_a_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"
