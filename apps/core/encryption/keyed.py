"""A key that is known before its row is written, because encrypted values are bound to it."""

from __future__ import annotations

from typing import Any

from django.db import connections, models, router

KeyBase: Any = models.BigAutoField  # generic for type checkers only


class SequencedKeyField(KeyBase):
    """A BigAutoField that asks the sequence first, in ``save()`` and in ``bulk_create()``."""

    def get_pk_value_on_save(self, instance: models.Model) -> int:
        """The next number of the table's sequence."""
        alias = instance._state.db or router.db_for_write(type(instance))
        with connections[alias].cursor() as cursor:
            table, column = instance._meta.db_table, self.column
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [f'"{table}"', column])
            return int(cursor.fetchone()[0])

    def has_default(self) -> bool:
        """As if it had one: a new row is inserted at once, without trying an update first."""
        return True

    def get_default(self) -> Any:
        """None until the row is saved."""
        return None
