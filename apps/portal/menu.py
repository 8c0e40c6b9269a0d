"""What the menu can hold, and who is offered it: whoever can do something there, or is meant to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Office, Viewer
from apps.catalogue.selectors.entries import is_bureau
from apps.core.declarations import Text
from apps.core.domains import Domain, all_domains, tables_by_id
from apps.portal.selectors.log import may_read_log, object_types_approved
from apps.portal.selectors.waiting import decides
from apps.privacy.selectors.statistics import may_ask
from apps.privacy.services import can_see
from apps.privacy.services.minors import minors_kinds
from apps.subjects.services.incidents import may_handle_incidents
from apps.subjects.services.officers import approved_domains

Right = Callable[[Viewer], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the portal, for whom ``offered`` says."""

    name: str
    title: Text
    icon: str
    offered: Right


@dataclass(frozen=True, slots=True)
class Table:
    """One registered model that is no table of a domain; its admin says whether it may be seen at all."""

    label: str
    icon: str
    offered: Right


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    title: Text
    entries: tuple[Page | Table, ...]
    folded: bool = False  # shut until somebody opens it, or is on one of its pages


def works(viewer: Viewer) -> bool:
    """Somebody with a role in a domain, no administrator."""
    return bool(viewer.domains) and viewer.office is None


def employed(viewer: Viewer) -> bool:
    """The same, and no contractor: they share nothing and run no work of ours."""
    return works(viewer) and not viewer.vendor


def holds(*capabilities: Capability) -> Right:
    """Whether a role of the viewer allows one of them in some domain."""
    return lambda viewer: employed(viewer) and any(held in capabilities for _domain, held in viewer.rights)


def holds_where(capabilities: tuple[Capability, ...], declared: Callable[[Domain], object]) -> Right:
    """The same, in a domain that has something to use it on."""
    return lambda viewer: (
        employed(viewer)
        and any(
            declared(domain) and viewer.may(domain.slug, capability)
            for domain in all_domains()
            for capability in capabilities
        )
    )


def office(*offices: Office) -> Right:
    """One of these administrators."""
    return lambda viewer: viewer.office in offices


def _asks_statistics(viewer: Viewer) -> bool:
    return employed(viewer) and any(
        may_ask(viewer, domain, data) or viewer.may(domain.slug, Capability.APPROVE)
        for domain in all_domains()
        for data in domain.statistics
    )


def _asks_for_minors(viewer: Viewer) -> bool:
    return employed(viewer) and any(label.partition(".")[0] in viewer.domains for label in minors_kinds())


def _reveals(viewer: Viewer) -> bool:
    """Who opens masked fields (for a purpose of their role or of a grant), and who is told of it."""
    return employed(viewer) and bool(viewer.purposes or viewer.grants or holds(Capability.APPROVE)(viewer))


def _asks_for_rows(viewer: Viewer) -> bool:
    return employed(viewer) and any(
        can_see(viewer, table.model) for _domain, table in tables_by_id().values()
    )


def _sees_districts(viewer: Viewer) -> bool:
    return employed(viewer) and can_see(viewer, "city.District")


VIEW, UPLOAD, HANDLE, APPROVE = Capability.VIEW, Capability.UPLOAD, Capability.HANDLE, Capability.APPROVE
TRAIN, PROMOTE, PLAN = Capability.TRAIN, Capability.PROMOTE, Capability.PLAN
runs_jobs = holds(UPLOAD, TRAIN, PLAN)
learns_here = holds_where((VIEW,), lambda one: one.recipes)

TOP = (
    Page("admin:index", _("My work"), "home", lambda _viewer: True),
    Page("admin:waiting", _("Waiting for your decision"), "inbox", decides),
    Page("live_map", _("Live map"), "map", works),
)
BEFORE_DOMAINS = (Group("", TOP),)
AFTER_DOMAINS = (
    Group(
        _("Readings and alarms"),
        (
            Page("admin:streams", _("Datastreams"), "sensors", employed),
            Page("admin:alarms", _("Alarms"), "notifications", employed),
            Page("admin:alarm_rules", _("Alarm rules"), "notifications_active", holds(HANDLE)),
            Page("admin:uploads", _("Uploads"), "upload_file", holds(UPLOAD)),
            Table("pulls.Source", "cloud_download", holds(UPLOAD)),
            Table("sensing.QuarantinedRow", "report", holds(UPLOAD)),
            Table("sensing.Edit", "edit_note", holds(UPLOAD)),
            Table("sensing.CleaningRule", "rule", holds(UPLOAD, HANDLE)),
            Table("sensing.Device", "router", holds(UPLOAD)),
            Table("alerts.Webhook", "webhook", holds(APPROVE)),
            Table("alerts.Notification", "outgoing_mail", holds(HANDLE)),
        ),
    ),
    Group(
        _("Forecasts and plans"),
        (
            Page("admin:forecasts", _("Forecasts"), "show_chart", learns_here),
            Page("admin:districts", _("Figures of the districts"), "location_city", _sees_districts),
            Page("admin:plans", _("Plans"), "route", holds_where((VIEW,), lambda one: one.problems)),
            Page(
                "admin:runs",
                _("Training runs"),
                "model_training",
                holds_where((TRAIN,), lambda one: one.recipes),
            ),
            Page(
                "admin:models",
                _("Models"),
                "deployed_code",
                holds_where((TRAIN, PROMOTE), lambda one: one.recipes),
            ),
            Page("admin:jobs", _("Jobs"), "pending_actions", runs_jobs),
        ),
    ),
    Group(
        _("Sharing"),
        (
            Page("admin:catalogue", _("Catalogue"), "menu_book", employed),
            Page("admin:data_requests", _("My data requests"), "assignment", employed),
            Page("admin:approvals", _("Approvals"), "approval", holds(APPROVE)),
            Page("admin:statistics", _("Protected statistics"), "shield_person", _asks_statistics),
            Page("admin:microdata", _("Releases of rows"), "ios_share", _asks_for_rows),
            Page("admin:synthetic", _("Synthetic data"), "science", lambda viewer: viewer.vendor),
            Page("admin:work_calendar", _("Working-day calendar"), "calendar_month", is_bureau),
            Page("admin:developer", _("For developers"), "code", employed),
        ),
    ),
    Group(
        _("Protection of people"),
        (
            Page("admin:minors", _("Minors' data"), "family_restroom", _asks_for_minors),
            Page("admin:reveals", _("Reveals"), "visibility", _reveals),
            Page(
                "admin:subject_requests",
                _("Subject requests"),
                "person_search",
                lambda viewer: bool(approved_domains(viewer)),
            ),
            Page("admin:incidents", _("Incidents"), "crisis_alert", may_handle_incidents),
            Page("admin:vendors", _("Contractors"), "engineering", holds(APPROVE)),
            Page(
                "admin:policies",
                _("Privacy policy"),
                "policy",
                lambda viewer: can_see(viewer, "privacy.PolicyVersion"),
            ),
            Page("admin:access_log", _("Access log"), "receipt_long", may_read_log),
            Page(
                "admin:access_who",
                _("Who saw this record"),
                "manage_search",
                lambda viewer: bool(object_types_approved(viewer)),
            ),
            Page("admin:my_trail", _("My data trail"), "footprint", lambda _viewer: True),
        ),
    ),
    Group(
        _("Archive"),
        (
            Table("archive.LakeFile", "inventory_2", holds(APPROVE)),
            Table("archive.DueDay", "pending", holds(APPROVE)),
            Table("archive.RetentionRule", "auto_delete", holds(APPROVE)),
            Table("archive.LegalHold", "gavel", holds(APPROVE)),
            Table("archive.Backup", "backup", office(*Office)),
            Table("archive.DrillReport", "fact_check", office(*Office)),
        ),
        folded=True,
    ),
    Group(
        _("Accounts"),
        (
            Table("accounts.User", "person", office(*Office)),
            Table("accounts.Department", "account_balance", office(*Office)),
            Table("accounts.Division", "location_on", office(*Office)),
            Table("accounts.Role", "badge", office(*Office)),
            Table("accounts.RoleGrant", "key", office(*Office)),
            Table("accounts.Transfer", "move_location", office(*Office)),
            Table("accounts.ApiKey", "vpn_key", office(*Office)),
        ),
    ),
)
