"""What a rule may say: objects and fields that exist, and masks that fit their kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.utils.translation import gettext as _

from apps.core.errors import ProblemError
from apps.core.grades import Grade, Mask
from apps.privacy.data import Effect
from apps.privacy.models import PolicyRule
from apps.privacy.policy.facts import model_of
from apps.privacy.policy.grades import domain_of, grades_of, object_types
from apps.privacy.policy.rules import ALL

# What each mask can read; a field's own mask always fits it.
KINDS: dict[Mask, tuple[type[models.Field[Any, Any]], ...]] = {
    **dict.fromkeys(
        (
            *(Mask.NAME, Mask.PHONE, Mask.IDENTITY, Mask.ADDRESS, Mask.TEXT),
            *(Mask.EMAIL, Mask.PLATE),
        ),
        (models.CharField, models.TextField),
    ),
    **dict.fromkeys((Mask.YEAR, Mask.AGE), (models.DateField,)),
    Mask.BAND: (models.IntegerField, models.FloatField),
    Mask.POINT: (GeometryField,),
}
NAMES = ("key", "object_type", "field", "roles", "least_grade", "effect", "mask", "purposes", "note")
DEFAULTS: dict[str, Any] = {
    "field": ALL,
    "roles": [],
    "least_grade": Grade.L1.value,
    "mask": Mask.NONE.value,
    "purposes": [],
    "note": "",
}


def rule_choices() -> dict[str, list[tuple[Any, Any]]]:
    """What a form offers: object types (and whole domains), effects, masks and grades with their words."""
    known = object_types()
    groups = sorted({f"{domain_of(name)}.{ALL}" for name in known})
    field: Any = PolicyRule._meta.get_field
    choices = {name: list(field(name).flatchoices) for name in ("effect", "mask", "least_grade")}
    return {**choices, "object_type": [(name, name) for name in (*groups, *known)]}


def rule_fields(object_type: str) -> list[str]:
    """The fields that a rule about one object type can name; none for a whole domain or an unknown one."""
    return sorted(grades_of(object_type)) if object_type in object_types() else []


def rule_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a rule with their defaults; ProblemError for what does not exist or does not fit."""
    clean = {name: values.get(name, DEFAULTS.get(name)) for name in NAMES}
    for name in ("key", "object_type", "effect"):
        if not clean[name]:
            raise ProblemError(_("Give a value."), name, code="required")
    if clean["effect"] not in set(Effect):
        known = ", ".join(Effect)
        raise ProblemError(
            _("There is no such effect; choose one of %(known)s.") % {"known": known}, "effect"
        )
    _check_field(clean["object_type"], clean["field"])
    _check_mask(clean)
    return clean


def _check_field(object_type: str, field: str) -> None:
    known = object_types()
    is_group = object_type == ALL or object_type in {f"{domain_of(name)}.{ALL}" for name in known}
    if not is_group and object_type not in known:
        raise ProblemError(_("There is no such object type."), "object_type", code="unknown")
    if field == ALL:
        return
    if is_group:
        raise ProblemError(_("A rule for many object types speaks of all their fields (*)."), "field")
    if field not in grades_of(object_type):
        raise ProblemError(_("The object type has no such field."), "field", code="unknown")


def _check_mask(clean: Mapping[str, Any]) -> None:
    mask, object_type, field = clean["mask"], clean["object_type"], clean["field"]
    if mask == Mask.NONE:
        return
    if clean["effect"] != Effect.MASK or field == ALL or mask not in set(Mask):
        raise ProblemError(_("A mask is chosen for one field, by a rule that masks."), "mask")
    model: Any = model_of(object_type)
    kinds = KINDS[Mask(mask)]
    if grades_of(object_type)[field].mask != mask and not isinstance(model._meta.get_field(field), kinds):
        raise ProblemError(_("This mask does not fit the kind of the field."), "mask")
