"""Requests that citizens bring to the 12345 hotline."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.encryption import BlindIndexField, EncryptedTextField, SequencedKeyField
from apps.core.geometry import mercator_field
from apps.core.quantities import listed


class RequestState(models.TextChoices):
    """The way of a request: received, assigned to a department, handled, closed after call-back."""

    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Assigned")
    HANDLED = "handled", _("Handled")
    CLOSED = "closed", _("Closed")


# Back one step is allowed: call-back finds that nothing was done, or the wrong department was chosen.
NEXT: dict[str, frozenset[str]] = {
    RequestState.RECEIVED: frozenset({RequestState.ASSIGNED}),
    RequestState.ASSIGNED: frozenset({RequestState.RECEIVED, RequestState.HANDLED}),
    RequestState.HANDLED: frozenset({RequestState.ASSIGNED, RequestState.CLOSED}),
    RequestState.CLOSED: frozenset(),
}


def state_refusal(old: str, new: str) -> str:
    """Why a request cannot take the state called ``new``, and which ones it can take."""
    named = {"old": RequestState(old).label, "new": new}
    if not NEXT[old]:
        return gettext("A closed request cannot be changed; open a new one.")
    labels = [str(state.label) for state in RequestState if state in NEXT[old]]
    named["next"] = listed(labels)
    return gettext("A request cannot go from %(old)s to %(new)s. Next can be: %(next)s.") % named


class RequestCategory(models.TextChoices):
    """What a request is about."""

    ROADS = "roads", _("Roads and traffic")
    NOISE = "noise", _("Noise")
    WASTE = "waste", _("Refuse and cleaning")
    WATER = "water", _("Water and drains")
    LIGHTING = "lighting", _("Street lighting")
    TREES = "trees", _("Trees and parks")
    AIR = "air", _("Air and odour")
    OTHER = "other", _("Other")


class ServiceRequest(models.Model):
    """One request with its text, its place, who brought it, and who deals with it until when."""

    PERSONAL = True
    PLACE_PATH = "division"
    OWNER_PATH = "department__code"  # who deals with it; ``request_handle`` guards the field

    id = SequencedKeyField(primary_key=True)
    number = models.CharField(_("request number"), max_length=40, unique=True)
    text = models.TextField(_("text"))
    category = models.CharField(
        _("category"), max_length=12, choices=RequestCategory, default=RequestCategory.OTHER
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    division = models.CharField(_("division code"), max_length=12, blank=True)
    department = models.ForeignKey(
        "accounts.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.RECEIVED)
    received_at = models.DateTimeField(_("received"))
    deadline = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reporter_name = EncryptedTextField(_("caller"), max_length=80, blank=True)
    reporter_phone = EncryptedTextField(_("caller's telephone"), max_length=24, blank=True)
    reporter_phone_index = BlindIndexField("reporter_phone")
    reporter_id_number = EncryptedTextField(_("caller's identity number"), max_length=18, blank=True)
    reporter_id_number_index = BlindIndexField("reporter_id_number")
    geometry = PointField(_("place"), srid=4326)
    geometry_3857 = mercator_field()

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        ordering = ["deadline", "number"]
        indexes = [models.Index(fields=["state", "deadline"])]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Refuse a state that does not follow the stored one, and work that no department does."""
        stored = ServiceRequest.objects.filter(pk=self.pk).values_list("state", flat=True).first()
        if stored == RequestState.CLOSED:
            raise ValidationError({"state": _("A closed request cannot be changed; open a new one.")})
        if stored not in {None, self.state} and self.state not in NEXT[stored]:
            raise ValidationError({"state": state_refusal(stored, self.get_state_display())})
        if self.state != RequestState.RECEIVED and self.department_id is None:
            raise ValidationError({"department": _("Choose the department that deals with the request.")})


class ReplyKind(models.TextChoices):
    """For whom a reply is meant."""

    NOTE = "note", _("Note for colleagues")
    ANSWER = "answer", _("Answer to the caller")


class RequestReply(models.Model):
    """What somebody wrote on a request, shown no wider than its text; it is added to and never changed."""

    PERSONAL = True
    PLACE_PATH = "request__division"
    OWNER_PATH = "request__department__code"
    FOLLOWS = {"text": "city.ServiceRequest.text"}

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="replies", verbose_name=_("service request")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ReplyKind, default=ReplyKind.NOTE)
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("reply to a service request")
        verbose_name_plural = _("replies to service requests")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def closed_at(self) -> datetime | None:
        """When the request was closed: its replies are archived with it."""
        return self.request.closed_at
