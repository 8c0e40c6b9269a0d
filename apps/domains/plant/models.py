"""Plants, their lines and machines, and the orders that run on them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.places import Located, Named


class Plant(Located):
    """One industrial site; its thing carries the energy meter."""

    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    operator = models.CharField(_("operating company"), max_length=120)

    class Meta(Located.Meta):
        verbose_name = _("plant")
        verbose_name_plural = _("plants")


class Line(Named):
    """A production line of a plant."""

    PLACE_PATH = "plant__division"

    plant = models.ForeignKey(Plant, models.PROTECT, related_name="lines", verbose_name=_("plant"))

    class Meta(Named.Meta):
        verbose_name = _("production line")
        verbose_name_plural = _("production lines")


class Machine(Named):
    """A machine on a line; its thing carries temperature, pressure and vibration."""

    PLACE_PATH = "line__plant__division"

    line = models.ForeignKey(Line, models.PROTECT, related_name="machines", verbose_name=_("production line"))
    thing = models.OneToOneField(
        "sensing.Thing", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thing")
    )
    process = models.CharField(_("process"), max_length=40)
    rated_kw = models.FloatField(_("rated power (kW)"))

    class Meta(Named.Meta):
        verbose_name = _("machine")
        verbose_name_plural = _("machines")


class Order(models.Model):
    """What a customer wants, how many, until when."""

    PLACE_PATH = "plant__division"

    plant = models.ForeignKey(Plant, models.PROTECT, related_name="orders", verbose_name=_("plant"))
    number = models.CharField(_("order number"), max_length=40, unique=True)
    product = models.CharField(_("product"), max_length=80)
    quantity = models.PositiveIntegerField(_("quantity"))
    customer = models.CharField(_("customer"), max_length=120)
    released_at = models.DateTimeField(_("released"))
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["due_at", "number"]

    def __str__(self) -> str:
        return self.number


class Operation(models.Model):
    """One step of an order; the flexible job shop chooses among the machines of its process."""

    PLACE_PATH = "order__plant__division"

    order = models.ForeignKey(Order, models.CASCADE, related_name="operations", verbose_name=_("order"))
    sequence = models.PositiveIntegerField(_("number"))
    process = models.CharField(_("process"), max_length=40)
    minutes = models.FloatField(_("duration (min)"))
    machine = models.ForeignKey(Machine, models.PROTECT, null=True, blank=True, verbose_name=_("machine"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["order", "sequence"]
        constraints = [models.UniqueConstraint(fields=["order", "sequence"], name="operation_sequence_once")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.sequence}"


class Inspection(models.Model):
    """A quality check of a product of an operation, with its picture."""

    PLACE_PATH = "operation__order__plant__division"

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="inspections", verbose_name=_("operation")
    )
    taken_at = models.DateTimeField(_("inspected at"))
    image = models.FileField(_("picture"), upload_to="plant/inspections/%Y/%m/", blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    inspector = models.CharField(_("inspector"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-taken_at"]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.taken_at:%Y-%m-%d %H:%M}"
