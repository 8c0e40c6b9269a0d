"""What every body of the REST API is read with: a field that nobody knows is refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import serializers

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class KnownFieldsOnly:
    """For serializers: an unknown field in a body is an error.

    A name that is ignored is worse than an error: whoever mistypes ``fields`` would ask for everything.
    Fields that only answers have are unknown in a body too.
    """

    fields: Mapping[str, Any]

    def to_internal_value(self, data: Any) -> Any:
        """The checked values; a ValidationError names each unknown field and those that there are."""
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            sentence = _("There is no such field; there are: %(values)s.") % {"values": ", ".join(known)}
            unknown = {str(name): [sentence] for name in data if name not in known}
            if unknown:
                raise serializers.ValidationError(unknown, code="unknown")
        return super().to_internal_value(data)  # type: ignore[misc]  # of the serializer beside it


class BodySerializer(KnownFieldsOnly, serializers.Serializer[T]):  # type: ignore[misc]  # DRF types fields apart
    """DRF's serializer that takes known fields only."""


class BodyModelSerializer(KnownFieldsOnly, serializers.ModelSerializer[M]):  # type: ignore[misc]  # as above
    """DRF's serializer of a model that takes known fields only."""
