"""The kernel asked for whole exits: which rows, which fields, which cache."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Exists, Model, Q, QuerySet

from apps.accounts.data import AccessGrant, Limit, Viewer
from apps.core.divisions import division_prefixes
from apps.privacy.data import Decision, Reason, RowFacts
from apps.privacy.policy.facts import facts_reader, paths_of, strictest
from apps.privacy.policy.gate import gate, grants_of, opens, waits_for_grant
from apps.privacy.policy.grades import domain_of
from apps.privacy.policy.tables import Table, class_of, table, table_anywhere
from apps.privacy.selectors.inforce import policy_now
from apps.privacy.services.kernel import UNGRADED, can_see

M = TypeVar("M", bound=Model)


def visible_rows(viewer: Viewer, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of ``queryset`` that the viewer may know of: right domain, right division, or granted to him.

    A model says where its rows belong by class attributes, see ``apps.privacy.policy.facts``.
    """
    model: Any = queryset.model
    label, paths = model._meta.label, paths_of(model)
    if viewer.user_id is not None and (own := getattr(model, "OWN_ROWS", None)):
        queryset = _own_rows(viewer, queryset, *own)
    if paths.domain:
        allowed = [slug for slug in sorted(viewer.domains) if can_see(viewer, label, domain=slug)]
        queryset = queryset.filter(**{f"{paths.domain}__in": allowed})
    elif gate(viewer, label, "") is not Reason.ALLOWED:
        return _granted(viewer, queryset)
    kinds, kind_path = viewer.kinds(label), getattr(model, "KIND_PATH", "")
    if kinds is not None and kind_path:
        queryset = queryset.filter(**{f"{kind_path}__in": kinds})
    if not viewer.division or not paths.place:
        return queryset
    here = _inside(paths.place, viewer.division, viewer.former) | Q(**{paths.place: ""})
    grants = [] if paths.domain else grants_of(viewer, label)
    return queryset.filter(_any_of(here, *(_rows_of(grant, paths.place) for grant in grants)))


def _own_rows(viewer: Viewer, queryset: QuerySet[M], link: str, path: str) -> QuerySet[M]:
    """For somebody whom ``link`` ("school.Teacher.user") names: only rows from which ``path`` leads to him.

    Everybody else is not limited by this.
    """
    label, _dot, name = link.rpartition(".")
    linked = apps.get_model(label)._default_manager.filter(**{name: viewer.user_id})
    own = queryset.model._default_manager.filter(**{path: viewer.user_id}).values("pk")
    return queryset.filter(Q(pk__in=own) | ~Exists(linked))


def _granted(viewer: Viewer, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows that were granted to somebody who holds no role."""
    label = queryset.model._meta.label
    grants = grants_of(viewer, label) if waits_for_grant(gate(viewer, label, ""), label) else []
    if not grants:
        return queryset.none()
    return queryset.filter(_any_of(*(_rows_of(grant, paths_of(queryset.model).place) for grant in grants)))


def _rows_of(grant: AccessGrant, place: str) -> Q:
    """The rows that a grant speaks of; none where it names a place and the rows have none."""
    rows = Q(pk__in=sorted(grant.objects)) if grant.objects else Q()
    if not grant.place:
        return rows
    return rows & (_inside(place, grant.place, grant.former) if place else Q(pk__in=[]))


def _inside(path: str, division: str, former: frozenset[str]) -> Q:
    """The rows of a division, and of the ended divisions that are parts of it now."""
    first, *others = (Q(**{f"{path}__startswith": prefix}) for prefix in division_prefixes(division, former))
    return _any_of(first, *others)


def _any_of(first: Q, *others: Q) -> Q:
    """One of the conditions; an empty one is met by every row."""
    for other in others:
        first = first | other if first and other else Q()
    return first


def visible_fields(viewer: Viewer, model: type[Model], *, purpose: str = "") -> dict[str, Decision]:
    """The decision for each concrete field of ``model``, for any row that the viewer may know of.

    Where decisions depend on the row the strictest is assumed: ask ``row_fields`` for a row at hand.
    """
    if purpose:
        viewer = replace(viewer, purpose=purpose)
    found = _fields(viewer, model, strictest(model._meta.label))
    return {field.name: found.get(field.name, UNGRADED) for field in model._meta.concrete_fields}


def possible_fields(viewer: Viewer, model: type[Model]) -> dict[str, Decision]:
    """As ``visible_fields`` for the row that is most open: a grown-up's, of the viewer's own department."""
    found = _fields(viewer, model, RowFacts(department=viewer.department))
    return {field.name: found.get(field.name, UNGRADED) for field in model._meta.concrete_fields}


def row_fields(viewer: Viewer, row: Model) -> Table:
    """The decision for each field of one row that the viewer may know of (one of ``visible_rows``)."""
    return RowPolicy(viewer, type(row)).fields(row)


class RowPolicy:
    """The decisions for many rows of one model: worked out once for each class of rows."""

    def __init__(self, viewer: Viewer, model: type[Model]) -> None:
        self.viewer, self.model = viewer, model
        self.facts = facts_reader(viewer, model)
        self._tables: dict[RowFacts, Table] = {}

    def fields(self, row: Model) -> Table:
        """The decision for each field of a visible row; the same object for equal rows."""
        facts = self.facts(row)
        found = self._tables.get(facts)
        if found is None:
            found = self._tables[facts] = _fields(self.viewer, self.model, facts)
        return found


def _fields(viewer: Viewer, model: type[Model], facts: RowFacts) -> Table:
    """The decisions of a row with these facts; of a platform row whose domain is not known, the strictest.

    Rows of domains that are not the viewer's are not visible at all.
    """
    is_anywhere = bool(paths_of(model).domain) and not facts.domain
    decisions = table_anywhere if is_anywhere else table
    return decisions(policy_now(), class_of(viewer), model._meta.label, facts)


def with_facts(queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows together with the rows that their decisions depend on, so that none is read for itself."""
    paths = paths_of(queryset.model)
    ways = {path.rpartition("__")[0] for path in (paths.owner, paths.minor, paths.consent) if "__" in path}
    return queryset.select_related(*sorted(ways)) if ways else queryset


def policy_class(viewer: Viewer, *, domain: str, model: type[Model] | None = None) -> str:
    """A short key: two viewers with the same key get the same bytes of everything in ``domain``.

    With ``model`` only of its rows, which most people may share even where others are somebody's own.
    """
    policy = policy_now()
    parts = (
        policy.number,
        viewer.user_id if _has_own_rows(domain, model) else None,
        domain in viewer.domains,
        int(viewer.clearance),
        viewer.division,
        sorted(viewer.former),
        viewer.department,
        viewer.office,
        viewer.vendor,
        viewer.purpose,
        viewer.is_program,
        viewer.limits if viewer.limits is None else sorted(_limit_key(limit) for limit in viewer.limits),
        sorted(purpose for owner, purpose in viewer.purposes if owner == domain),
        sorted(viewer.roles & policy.roles),
        sorted(_grant_key(grant) for grant in viewer.grants if _matters(grant, domain)),
    )
    return hashlib.blake2s(repr(parts).encode(), digest_size=6).hexdigest()


def _has_own_rows(domain: str, model: type[Model] | None) -> bool:
    """Whether what is seen can depend on who somebody is, beside all that a role gives."""
    return hasattr(model, "OWN_ROWS") if model is not None else bool(_own_links(domain))


@cache
def _own_links(domain: str) -> frozenset[str]:
    """The fields that say whose rows are whose, such as "school.Teacher.user", of the models of an app."""
    models = apps.get_app_config(domain).get_models() if domain in apps.app_configs else ()
    return frozenset(model.OWN_ROWS[0] for model in models if hasattr(model, "OWN_ROWS"))


def owns_rows(viewer: Viewer, domain: str) -> bool:
    """Whether somebody is limited to rows of his own in a domain."""
    links = (link.rpartition(".") for link in _own_links(domain))
    return any(
        apps.get_model(label)._default_manager.filter(**{name: viewer.user_id}).exists()
        for label, _dot, name in links
    )


def _matters(grant: AccessGrant, domain: str) -> bool:
    """Whether a grant can change what is seen in a domain; grants on platform objects always can."""
    return domain_of(grant.object_type) == domain or not opens(grant.object_type)


def _limit_key(limit: Limit) -> tuple[object, ...]:
    return limit.object_type, sorted(limit.fields), sorted(limit.kinds)


def _grant_key(grant: AccessGrant) -> tuple[object, ...]:
    limits = sorted(grant.fields), grant.place, sorted(grant.former), sorted(grant.objects)
    return grant.object_type, grant.purpose, *limits
