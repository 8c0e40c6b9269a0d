"""The base of pages that belong to one of the three administrators."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from apps.accounts.data import Office
from apps.privacy.services.admin import PolicyModelAdmin
from apps.privacy.services.rest import request_viewer


class OfficeAdmin(PolicyModelAdmin):
    """Written by one office (``writer``), read by whoever the kernel lets see it."""

    writer: Office | None = None
    editable_fields: tuple[str, ...] = ()

    def is_writer(self, request: HttpRequest) -> bool:
        """Whether the viewer holds the office that writes here."""
        return self.writer is not None and request_viewer(request).office is self.writer

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The writer adds."""
        return self.is_writer(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The writer changes, where there is something to change."""
        return self.is_writer(request) and bool(self.editable_fields)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The form for a new row has the fields themselves: who writes them chooses their values."""
        return list(self._form_names(request, None)) if obj is None else super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Nothing is read-only in the form for a new row."""
        return [] if obj is None else super().get_readonly_fields(request, obj)
