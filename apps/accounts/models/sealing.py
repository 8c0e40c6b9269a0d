"""Rows that say what somebody may do carry a seal; a row changed behind the application has a wrong one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.seals import seal, seal_holds

M = TypeVar("M", bound="Sealed")


class SealedQuerySet(models.QuerySet[M]):
    """Changes of many rows keep their seals right."""

    @transaction.atomic
    def update(self, **values: Any) -> int:
        """Change rows, and seal them again where a sealed value changed."""
        keys = list(self.values_list("pk", flat=True)) if set(values) & self.model.sealed_names() else []
        changed = super().update(**values)
        rows_seal(self.model, keys)
        return changed

    @transaction.atomic
    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """Make rows and seal them."""
        made = super().bulk_create(objs, *args, **options)
        rows_seal(self.model, [row.pk for row in made])
        return made


class Sealed(models.Model):
    """``SEALED`` names the columns that decide on rights; the primary key is always among them."""

    SEALED: ClassVar[tuple[str, ...]] = ()

    seal = models.CharField(_("seal"), max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save, and seal where a sealed value may have changed (a login changes none)."""
        fields = options.get("update_fields")
        with transaction.atomic():
            super().save(*args, **options)
            if fields is None or set(fields) & self.sealed_names():
                self.seal = rows_seal(type(self), [self.pk])[self.pk]

    @classmethod
    def sealed_names(cls) -> set[str]:
        """Names under which a sealed column may be written."""
        return set(cls.SEALED) | {name.removesuffix("_id") for name in cls.SEALED}

    @property
    def is_whole(self) -> bool:
        """Whether the row is as the application wrote it."""
        return seal_holds(
            self.seal, self._meta.label, [self.pk, *(getattr(self, name) for name in self.SEALED)]
        )


def rows_seal(model: Any, keys: Collection[Any]) -> dict[Any, str]:
    """Seal these rows as the database holds them; returns the seal of each."""
    rows, seals = model._base_manager.using(None), {}
    for pk, *values in rows.filter(pk__in=keys).values_list("pk", *model.SEALED):
        seals[pk] = seal(model._meta.label, [pk, *values])
        rows.filter(pk=pk).update(seal=seals[pk])
    return seals
