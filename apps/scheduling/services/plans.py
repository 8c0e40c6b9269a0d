"""The life of a plan version: draft, checked, published (and then immutable), superseded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.data import Capability, Viewer
from apps.accounts.selectors import division_now, user_get
from apps.audit.services import Act, access_record
from apps.core.divisions import EVERYWHERE
from apps.core.domains import problems_by_id
from apps.core.errors import ProblemError
from apps.core.jobs import job_create, job_wish
from apps.core.locks import Lock, lock_wait
from apps.core.models import Job, JobKind
from apps.core.parameters import choice_check
from apps.core.sentences import Sentence
from apps.core.sentences import sentence as _
from apps.scheduling.models import Plan, PlanState
from apps.scheduling.services.parameters import parameters_check
from apps.scheduling.signals import plan_queued


@transaction.atomic
def plan_create(
    problem: str, *, parameters: Mapping[str, Any], viewer: Viewer, parent: Plan | None = None
) -> Plan:
    """A new draft, queued for solving; ProblemError names the parameter that does not fit.

    It lies in the division that its maker is limited to, a copy in that of its original.
    """
    choice_check(problem, sorted(problems_by_id()), "problem")
    domain, declared = problems_by_id()[problem]
    _require(viewer, domain.slug, Capability.PLAN)
    division = parent.division if parent else viewer.division or EVERYWHERE
    checked = parameters_check(declared.parameters, parameters, viewer=viewer_within(viewer, division))
    lock_wait(Lock.PLAN_VERSIONS)
    version = (Plan.objects.filter(problem=problem).aggregate(last=Max("version"))["last"] or 0) + 1
    plan = Plan.objects.create(
        domain=domain.slug,
        division=division,
        problem=problem,
        title=str(declared.title),
        version=version,
        parameters=checked,
        parent=parent,
        created_by_id=viewer.user_id,
    )
    return _queue(plan, viewer)


def plan_copy(plan: Plan, *, changes: Mapping[str, Any], viewer: Viewer) -> Plan:
    """A what-if copy with some parameters changed, solved anew."""
    return plan_create(plan.problem, parameters={**plan.parameters, **changes}, viewer=viewer, parent=plan)


def viewer_within(viewer: Viewer, division: str) -> Viewer:
    """The viewer as somebody who is limited to the division of a plan, since its people read the plan."""
    if division == EVERYWHERE:
        return viewer
    code, former = division_now(division)
    return replace(viewer, division=code, former=former)


@transaction.atomic
def plan_solve_again(plan: Plan, *, viewer: Viewer) -> Plan:
    """Solve a draft once more, with the speeds of now."""
    _require(viewer, plan.domain, Capability.PLAN)
    stored = Plan.objects.select_for_update(of=("self",)).select_related("job").get(pk=plan.pk)
    if stored.state in {PlanState.PUBLISHED, PlanState.SUPERSEDED}:
        raise ProblemError(_("A published plan is not changed; make a copy."), "state", 409, "immutable")
    if stored.job is not None and not stored.job.is_final:
        raise ProblemError(_("The plan is being solved already."), "job", 409, "running")
    return _queue(stored, viewer)


def plan_job_title(plan: Plan) -> Sentence:
    """The problem and the version, for readers of every language."""
    found = problems_by_id().get(plan.problem)
    return Sentence(
        "%(problem)s · v%(version)d",
        {"problem": found[1].title if found else plan.problem, "version": plan.version},
    )


def _queue(plan: Plan, viewer: Viewer) -> Plan:
    owner = user_get(viewer.user_id) if viewer.user_id else None
    plan.job = job_create(
        JobKind.PLAN, title=plan_job_title(plan), domain=plan.domain, division=plan.division, owner=owner
    )
    plan.save(update_fields=["job"])
    transaction.on_commit(partial(plan_queued.send, sender=Plan, plan_id=plan.pk))
    return plan


def plan_wish(plan: Plan, *, wish: str, viewer: Viewer) -> Job:
    """Ask the solver to ``cancel`` or to ``take`` the best answer so far."""
    _require(viewer, plan.domain, Capability.PLAN)
    if plan.job is None or plan.job.is_final:
        raise ProblemError(_("The plan is not being solved."), "job", 409, "idle")
    return job_wish(plan.job.pk, wish=wish)


@transaction.atomic
def plan_publish(plan: Plan, *, viewer: Viewer) -> Plan:
    """Put a checked plan in force; the one before in its division is superseded.

    Needs the capability ``publish``.
    """
    _require(viewer, plan.domain, Capability.PUBLISH)
    lock_wait(Lock.PLAN_VERSIONS)
    stored = Plan.objects.select_for_update(of=("self",)).select_related("job").get(pk=plan.pk)
    if stored.state != PlanState.CHECKED:
        raise ProblemError(
            _("Only a plan that has been solved and checked can be published."), "state", 409, "state"
        )
    if stored.job is not None and not stored.job.is_final:
        raise ProblemError(_("The plan is being solved already."), "job", 409, "running")
    before = Plan.objects.filter(problem=stored.problem, division=stored.division, state=PlanState.PUBLISHED)
    before.update(state=PlanState.SUPERSEDED)
    stored.state, stored.published_at = PlanState.PUBLISHED, timezone.now()
    stored.published_by_id = viewer.user_id
    stored.save(update_fields=["state", "published_at", "published_by"])
    access_record(Act("publish", viewer.user_id, "scheduling.Plan", str(stored.pk)))
    return stored


def _require(viewer: Viewer, domain: str, capability: Capability) -> None:
    if not viewer.may(domain, capability):
        raise ProblemError(_("Your role does not allow this; ask for the planner role."), "", 403, "role")
