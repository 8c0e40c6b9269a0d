"""The access log as pages show it: with the names of the people, and who may ask about which record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.data import Capability, Office, Viewer, acting_as
from apps.audit.selectors.trail import NEWEST, entries_of_object
from apps.core.domains import all_domains
from apps.core.numbers import whole_number
from apps.portal.selectors.rows import visible, visible_get
from apps.portal.selectors.titles import object_title
from apps.privacy.services import visible_fields
from apps.privacy.services.searching import rows_exactly, searchable_fields

ACTIONS = {
    "read": _("read"),
    "change": _("change"),
    "export": _("export"),
    "reveal": _("reveal"),
    "refuse": _("refusal"),
    "subscribe": _("live feed"),
    "login": _("login"),
    "logout": _("logout"),
    "lockout": _("lockout"),
    "grant": _("grant"),
    "request": pgettext_lazy("for data", "request"),
    "approve": _("approval"),
    "release": _("release"),
    "recall": _("recall"),
    "verify": _("verification"),
    "purge": _("purge"),
    "alert_rule": _("alarm rule changed"),
    "answer": _("answer to a person"),
    "backup": _("backup"),
    "budget": _("privacy budget set"),
    "calendar": _("working-day calendar changed"),
    "client_create": _("program registered"),
    "client_end": _("program ended"),
    "client_rotate": _("new secret of a program"),
    "confirm": _("confirmation"),
    "consent": _("consent"),
    "correct": _("correction for a person"),
    "correction": _("correction asked for"),
    "create": _("creation"),
    "delete": _("deletion"),
    "device_create": _("device registered"),
    "device_end": _("device ended"),
    "device_rotate": _("new password of a device"),
    "disable": _("switching off"),
    "draft": pgettext_lazy("act", "draft"),
    "find": _("search for a person"),
    "hold_place": _("legal hold placed"),
    "hold_release": _("legal hold released"),
    "identify": _("identity checked"),
    "incident": _("incident"),
    "key_create": _("key made"),
    "key_revoke": _("key ended"),
    "key_told": _("told of a change of a key"),
    "partition_drop": _("month of readings removed"),
    "promote": _("promotion of a model"),
    "propose": _("proposal"),
    "provision": _("provision of data"),
    "publish": _("publication"),
    "restore_drill": _("restore drill"),
    "retention_set": _("retention period set"),
    "source_create": _("source registered"),
    "source_delete": _("source deleted"),
    "source_update": _("source changed"),
    "webhook_create": _("webhook registered"),
    "webhook_end": _("webhook ended"),
    "webhook_rotate": _("new secret of a webhook"),
    "withdraw": _("withdrawal"),
}
RESULTS = {
    "done": _("done"),
    "refused": _("refused"),
    "failed": _("failed"),
    "lost": _("not written whole"),
}
READERS = frozenset({Office.AUDITOR, Office.SECURITY})
FEED = "live.layer"
SYSTEM = Viewer(system="who saw a record")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and the name of whoever acted."""

    entry: Any
    name: str
    department: str
    object_name: str
    key: str


def may_read_log(viewer: Viewer) -> bool:
    """Auditors and security administrators read the whole log."""
    return viewer.office in READERS


def object_types_approved(viewer: Viewer) -> list[str]:
    """Object types about whose records the viewer may ask who saw them."""
    if may_read_log(viewer):
        domains = {domain.slug for domain in all_domains()}
    else:
        domains = {domain for domain, held in viewer.rights if held is Capability.APPROVE}
    return sorted(model._meta.label for model in apps.get_models() if model._meta.app_label in domains)


def record_seen_by(viewer: Viewer, object_type: str, key: str, *, before: int) -> list[Line]:
    """Who saw a record, for the auditor and for the approver of the department that owns it.

    An approver must be able to see the record himself; anybody else gets 404.
    """
    if object_type not in object_types_approved(viewer):
        raise Http404
    if not may_read_log(viewer):
        visible_get(viewer, object_type, key)
    return lines_of(entries_of_object(object_type, key, before=before))


def record_key(viewer: Viewer, object_type: str, text: str) -> str:
    """The key of the record that somebody calls by its key or by its visible number; "" where none has it.

    Readers of the whole log see no record, so theirs is looked for in the name of the system, and may be one
    that is no more. For others a visible number counts where they see the record and that field of it clear.
    """
    if may_read_log(viewer):
        with acting_as(SYSTEM):
            return _key_of_any(object_type, text)
    rows = visible(viewer, object_type)
    if whole_number(text) is not None and rows.filter(pk=text).exists():
        return text
    decisions = visible_fields(viewer, rows.model)
    found = _key_by(rows, [name for name in _numbers_of(rows.model) if decisions[name].is_clear], text)
    if found:
        return found
    exact = rows_exactly(viewer, rows, text, names=searchable_fields(viewer, rows.model))
    return str(exact[0]) if len(exact) == 1 else ""


def _key_of_any(object_type: str, text: str) -> str:
    """The key of any row, or of one that was, by its key or by what people call it."""
    rows = apps.get_model(object_type)._default_manager.all()
    is_number = whole_number(text) is not None
    if is_number and (rows.filter(pk=text).exists() or _is_logged(object_type, text)):
        return text
    return _key_by(rows, _numbers_of(rows.model), text)


def _key_by(rows: QuerySet[Any], names: list[str], text: str) -> str:
    """The key of the only row in which one of the fields is exactly ``text``; "" without one."""
    for name in names:
        found = list(rows.filter(**{name: text}).values_list("pk", flat=True)[:2])
        if len(found) == 1:
            return str(found[0])
    return ""


def _is_logged(object_type: str, key: str) -> bool:
    return bool(entries_of_object(object_type, key, before=NEWEST))


def _numbers_of(model: type[Model]) -> list[str]:
    """The fields by which people call a record."""
    names = {field.name for field in model._meta.concrete_fields}
    return [name for name in ("number", "code", "pseudonym") if name in names]


def lines_of(entries: Iterable[Any]) -> list[Line]:
    """The entries with names; somebody who was not known has none."""
    entries = list(entries)
    users: Any = apps.get_model("accounts", "User")._default_manager.select_related("department")
    known = users.in_bulk({entry.user_id for entry in entries if entry.user_id})
    return [_line(entry, known.get(entry.user_id)) for entry in entries]


def _line(entry: Any, user: Any) -> Line:
    name = (user.display_name or user.username) if user else ""
    department = str(user.department) if user and user.department else ""
    if entry.object_type == FEED:  # its key is the code of a layer, or "jobs"
        return Line(entry, name, department, object_title(entry.object_id) or object_title(FEED), "")
    return Line(entry, name, department, object_title(entry.object_type), entry.object_id)


def user_id_of(username: str) -> int | None:
    """The number of the account called so; None when there is none."""
    found = apps.get_model("accounts", "User")._default_manager.filter(username=username).first()
    return found.pk if found else None
