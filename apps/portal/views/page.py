"""What every page of the portal shares: frame, rights, language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.privacy.services.rest import request_viewer

View = Callable[..., HttpResponse]


class PermissionRefused(PermissionDenied):
    """A role that does not allow the act: answered with 403."""

    STATUS = 403


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """One page inside the portal's frame."""
    return render(request, template, {**site.each_context(request), **context})


def domains_with(viewer: Viewer, capability: Capability) -> frozenset[str]:
    """The domains in which the viewer holds ``capability``."""
    return frozenset(domain for domain, held in viewer.rights if held is capability)


def needs(capability: Capability) -> Callable[[View], View]:
    """Refuse people who hold ``capability`` in no domain; the view still asks for the row's own domain."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not domains_with(request_viewer(request), capability):
                raise PermissionRefused(_("Your role does not allow this."))
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def require(viewer: Viewer, domain: str, capability: Capability) -> None:
    """Refuse an act that no role of the viewer allows in ``domain``."""
    if not viewer.may(domain, capability):
        raise PermissionRefused(_("Your role does not allow this."))
