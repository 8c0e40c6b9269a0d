"""What every body of the REST API is read with: known fields only, each of its own JSON type.

DRF reads ``"1_000"``, ``true`` and ``"１２.５"`` as numbers, ``"yes"`` as true and 5 as text. A value that is
read as something else than it says is worse than an error, so the types of the API document hold exactly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.utils.html import is_html_input

from apps.core.domains import all_domains
from apps.core.moments import WRITTEN_DAY, moment_read
from apps.core.numbers import DECIMAL

T = TypeVar("T")
M = TypeVar("M", bound=Model)
MOST = sys.float_info.max
NUMBERS = (serializers.IntegerField, serializers.FloatField)
WHOLE = gettext_lazy("Give a whole number such as 12, without quotes.")
TEXTS = (
    *(serializers.CharField, serializers.UUIDField, serializers.TimeField, serializers.DurationField),
    serializers.SlugRelatedField,
)


def is_number(value: object) -> bool:
    """Whether a value of a JSON document is a number that we can store."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST


def is_decimal(value: object) -> bool:
    """Whether it is a number, or the text of one: an exact decimal has no other way into JSON."""
    return is_number(value) or (isinstance(value, str) and DECIMAL.fullmatch(value) is not None)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and WRITTEN_DAY.fullmatch(value) is not None


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


# The first line that fits a field decides.
TYPES: tuple[tuple[Any, Callable[[object], bool], Promise], ...] = (
    (serializers.BooleanField, _is_truth, gettext_lazy("Give true or false, without quotes.")),
    (serializers.IntegerField, is_number, WHOLE),
    (serializers.FloatField, is_number, gettext_lazy("Give a JSON number such as 12.5, without quotes.")),
    (
        serializers.PrimaryKeyRelatedField,
        is_number,
        gettext_lazy("Give the id as a JSON number, without quotes."),
    ),
    (serializers.DecimalField, is_decimal, gettext_lazy('Give a number such as 0.25 or "0.25".')),
    (serializers.DateField, _is_day, gettext_lazy('Give a day such as "2026-11-23".')),
    (TEXTS, _is_text, gettext_lazy("Give a text, in quotes.")),
)


def type_fault(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    """What is wrong with the JSON type of a value, shaped like DRF's errors; None where nothing is.

    Serializers inside look after themselves.
    """
    if value is None:
        return None
    if isinstance(field, serializers.DateTimeField):
        return _moment_fault(value)
    if isinstance(field, serializers.ChoiceField) and not isinstance(value, list):
        return _choice_fault(field, value)
    if isinstance(value, list | Mapping):
        return _inner_faults(field, value)
    for kinds, fits, sentence in TYPES:
        if isinstance(field, kinds):
            return None if fits(value) else [str(sentence)]
    return None


def _inner_faults(field: Any, value: Any) -> Any:
    """Faults of the members of a list or an object, by index or name; a text or number is neither."""
    pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, Mapping) else enumerate(value)
    child = {
        serializers.ListField: getattr(field, "child", None),
        serializers.DictField: getattr(field, "child", None),
        serializers.ManyRelatedField: getattr(field, "child_relation", None),
        serializers.MultipleChoiceField: field,
    }
    for kind, inner in child.items():
        if isinstance(field, kind):
            return {str(key): fault for key, one in pairs if (fault := type_fault(inner, one))} or None
    single = next((str(sentence) for kinds, _fits, sentence in TYPES if isinstance(field, kinds)), None)
    return [single] if single else None


def _choice_fault(field: serializers.ChoiceField, value: Any) -> Any:
    """DRF compares choices as texts, so that "3" would be 3."""
    kind = is_number if is_number(value) else _is_text
    if kind(value) and (value in filter(kind, field.choices) or (value == "" and field.allow_blank)):
        return None
    listed = ", ".join(str(one) or '""' for one in field.choices)
    return [_("Choose one of: %(values)s.") % {"values": listed}]


def _moment_fault(value: Any) -> Any:
    try:
        moment_read(value if isinstance(value, str) else "")
    except ValueError as error:
        return [str(error)]
    return None


def _form_fault(field: Any, value: Any) -> Any:
    """A form has texts only; a number in it is written as JSON would write it."""
    if isinstance(field, serializers.DateTimeField) and value:
        return _moment_fault(value)
    if isinstance(field, NUMBERS) and isinstance(value, str) and value and not DECIMAL.fullmatch(value):
        is_whole = isinstance(field, serializers.IntegerField)
        return [_("Give a whole number such as 12.") if is_whole else _("Give a number such as 12.5.")]
    return None


class DomainField(serializers.ChoiceField):
    """The slug of a declared domain; the API document lists them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([domain.slug for domain in all_domains()], **kwargs)


class KnownFieldsOnly:
    """For serializers: an unknown field in a body is an error, and so is a value of another JSON type.

    A name that is ignored is worse than an error: whoever mistypes ``fields`` would ask for everything.
    Fields that only answers have are unknown in a body too.
    """

    fields: Mapping[str, Any]

    def to_internal_value(self, data: Any) -> Any:
        """The checked values; a ValidationError names each unknown field, and each that has another type."""
        if isinstance(data, Mapping):
            fields = {name: field for name, field in self.fields.items() if not field.read_only}
            sentence = _("There is no such field; there are: %(values)s.") % {"values": ", ".join(fields)}
            unknown = {str(name): [sentence] for name in data if name not in fields}
            if unknown:
                raise serializers.ValidationError(unknown, code="unknown")
            fault_of = _form_fault if is_html_input(data) else type_fault
            wrong = {name: fault for name in data if (fault := fault_of(fields[name], data[name]))}
            if wrong:
                raise serializers.ValidationError(wrong, code="type")
        return super().to_internal_value(data)  # type: ignore[misc]  # of the serializer beside it


class BodySerializer(KnownFieldsOnly, serializers.Serializer[T]):  # type: ignore[misc]  # DRF types fields apart
    """DRF's serializer that takes known fields only."""


class BodyModelSerializer(KnownFieldsOnly, serializers.ModelSerializer[M]):  # type: ignore[misc]  # as above
    """DRF's serializer of a model that takes known fields only."""
