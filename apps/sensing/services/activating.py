"""Things and datastreams that were retired, active again: the way back from a DELETE by SensorThings."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.audit.services import Act, access_record
from apps.core.errors import ProblemError
from apps.sensing.models import Datastream, Thing


@transaction.atomic
def thing_activate(thing: Thing, *, viewer: Viewer) -> Thing:
    """The thing active, with all its datastreams; ProblemError 403 for who may not upload in its domain."""
    _require(viewer, thing)
    for stream in Datastream.objects.filter(thing=thing, active=False):
        _activate(stream, viewer)
    _activate(thing, viewer)
    return thing


@transaction.atomic
def stream_activate(stream: Datastream, *, viewer: Viewer) -> Datastream:
    """The datastream active; ProblemError 409 where its thing is retired."""
    _require(viewer, stream.thing)
    if not stream.thing.active:
        detail = _("The thing of this datastream is retired; activate the thing.")
        raise ProblemError(detail, "thing", 409, "retired")
    _activate(stream, viewer)
    return stream


def _activate(row: Thing | Datastream, viewer: Viewer) -> None:
    row.active = True
    row.save(update_fields=["active"])
    access_record(Act("activate", viewer.user_id, row._meta.label, str(row.pk)))


def _require(viewer: Viewer, thing: Thing) -> None:
    if not viewer.may(thing.domain, Capability.UPLOAD):
        raise ProblemError(_("You may not write in this domain."), "domain", 403, "role")
