"""Model fields whose values are encrypted: read as an attribute of a row, never by SQL.

A query gives ``Sealed`` objects, which tell nothing; the attribute of a model instance opens them, because
only there the row is known that a value is bound to. ``values()``, ``update()`` and filters are no use here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from apps.core.encryption.envelope import Place, decrypt, encrypt, is_current

# Django's fields are generic for type checkers only.
FieldBase: Any = models.Field
TextBase: Any = models.CharField
DateBase: Any = models.DateField


class Sealed:
    """An encrypted value on its way between database and model; its text says nothing."""

    __slots__ = ("stored",)

    def __init__(self, stored: bytes) -> None:
        self.stored = stored

    def __str__(self) -> str:
        return "•••"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.stored == other.stored

    def __hash__(self) -> int:
        return hash(self.stored)


class Opening(DeferredAttribute):
    """Opens a sealed value when the attribute is read; the instance keeps the sealed one."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        value = instance.__dict__[name] if name in instance.__dict__ else super().__get__(instance, cls)
        field: Any = self.field
        return field.opened(instance, value) if isinstance(value, Sealed) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class Encrypted(FieldBase):
    """What encrypted fields have in common, whatever they hold."""

    descriptor_class = Opening

    def get_internal_type(self) -> str:
        """Bytes, as far as the database is concerned."""
        return "BinaryField"

    def place(self, instance: models.Model) -> Place:
        """Where the value of this row is bound to."""
        key = instance.pk
        if key is None:
            raise FieldError(f"{self.name} is bound to its row: the key must be known (SequencedKeyField).")
        return Place(self.model._meta.db_table, self.column, str(key))

    def opened(self, instance: models.Model, value: Sealed) -> Any:
        """The value of this row; UnreadableError when it does not belong here."""
        return self.from_text(decrypt(value.stored, self.place(instance)).decode())

    def sealed(self, place: Place, value: Any) -> Sealed:
        """``value`` encrypted for a place."""
        return Sealed(encrypt(self.to_text(value).encode(), place))

    def to_text(self, value: Any) -> str:
        """The text that is encrypted."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """The value behind a decrypted text."""
        return text

    def pre_save(self, model_instance: models.Model, add: Any) -> Any:
        """The value as it is stored; one that is stored already stays, unless its key or cipher is old."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed) and is_current(value.stored):
            return value
        value = getattr(model_instance, self.attname)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        sealed = self.sealed(self.place(model_instance), self.to_python(value))
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def to_python(self, value: Any) -> Any:
        """Sealed values pass, others are read as the field below does."""
        return value if isinstance(value, Sealed) else super().to_python(value)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Sealed | None:
        """Sealed: who has only the value cannot open it."""
        return None if value is None else Sealed(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        """Nothing to prepare."""
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: Any = None) -> Any:
        """Bytes of a sealed value; a plain one has no row here and is refused."""
        if value in {None, b""}:  # a migration asks what an empty column would be filled with
            return None
        if isinstance(value, Sealed):
            return value.stored
        raise FieldError(
            f"{self.name} is encrypted for its row: set the attribute and save() the instance; "
            "update(), bulk_update() and filters cannot."
        )

    def get_placeholder(self, value: Any, _compiler: Any, _connection: Any) -> str:
        """Refuse expressions: the database cannot encrypt."""
        if hasattr(value, "as_sql"):
            raise FieldError(
                f"{self.name} is encrypted: an expression cannot be stored in it; save() a value."
            )
        return "%s"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value; its blind index finds it exactly."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: no query can look into it; use index_matches().")

    def get_transform(self, _lookup_name: str) -> Any:
        """None: nothing can be worked out of it."""
        return None


class EncryptedTextField(Encrypted, TextBase):
    """Text of at most ``max_length`` characters."""


class EncryptedDateField(Encrypted, DateBase):
    """A date."""

    def to_text(self, value: Any) -> str:
        """As ISO 8601."""
        return str(value.isoformat())

    def from_text(self, text: str) -> date:
        """Back from ISO 8601."""
        return date.fromisoformat(text)
