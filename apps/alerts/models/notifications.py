"""Who is told outside the portal, and what still has to be told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.alerts.models.alarms import AlarmEvent
from apps.core.sentences import SentenceField


class Webhook(models.Model):
    """An address that is told of alarms, signed; it learns what its owner may see, and nothing more."""

    DOMAIN_PATH = "domain"

    domain = models.CharField(_("domain"), max_length=16)
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=300)
    generation = models.PositiveIntegerField(
        _("key number"), default=1, help_text=_("Each new key has the next number; only it is valid.")
    )
    active = models.BooleanField(_("active"), default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["domain", "name"]
        constraints = [models.UniqueConstraint(fields=["domain", "name"], name="webhook_name_once_a_domain")]

    def __str__(self) -> str:
        return self.name


class Channel(models.TextChoices):
    """How a notification travels."""

    MAIL = "mail", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class Delivery(models.TextChoices):
    """What has become of a notification."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("not sent: the recipient may not know of it")
    DEAD = "dead", _("given up")


def message_key() -> str:
    """A new id of a message; its receivers know it again by this."""
    return str(uuid.uuid4())


class Notification(models.Model):
    """One message to one recipient, written with the event that it tells of."""

    DOMAIN_PATH = "event__alarm__domain"
    PLACE_PATH = "event__alarm__division"

    key = models.CharField(_("message id"), max_length=36, default=message_key, unique=True, editable=False)
    event = models.ForeignKey(
        AlarmEvent, models.PROTECT, related_name="notifications", verbose_name=_("event")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("webhook")
    )
    state = models.CharField(_("state"), max_length=8, choices=Delivery, default=Delivery.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = SentenceField(_("last fault"), blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user", "webhook"], nulls_distinct=False, name="told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at"], name="notification_due", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"
