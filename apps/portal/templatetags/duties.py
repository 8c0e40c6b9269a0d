"""Who can do the next step: empty pages say so, and say it right to the person themselves."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.data import Capability, Viewer
from apps.core.quantities import listed

register = template.Library()
STAGES = {
    "build": _("Building the problem"),
    "search": _("Searching"),
    "import": _("Importing"),
    "export": _("Exporting"),
}


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], *capabilities: str) -> bool:
    """Whether a role of the reader allows one of these in some domain."""
    return bool(_held(context["viewer"]) & {Capability(name) for name in capabilities})


@register.simple_tag(takes_context=True)
def who_may(context: dict[str, Any], *capabilities: str, domain: str = "") -> str:
    """The roles of the reader's domains, or of one, that may do it, as a sentence; "" to somebody who may."""
    viewer: Viewer = context["viewer"]
    wanted = {Capability(name) for name in capabilities}
    domains = viewer.domains & {domain} if domain else viewer.domains
    if _held(viewer, domain) & wanted or not domains:
        return ""
    roles: Any = apps.get_model("accounts", "Role")._default_manager
    found = roles.filter(domain__in=domains, capabilities__overlap=[one.value for one in wanted])
    name = "name_en" if get_language() == "en" else "name_zh"
    names = list(dict.fromkeys(found.values_list(name, flat=True)))
    if not names:
        return gettext("No role of your domains allows this yet; the security administrator gives one.")
    return gettext("This is done by: %(roles)s.") % {"roles": listed(names)}


def _held(viewer: Viewer, domain: str = "") -> set[Capability]:
    return {held for owner, held in viewer.rights if not domain or owner == domain}


@register.simple_tag
def job_stage(job: Any) -> str:
    """What a job is doing now: one that has ended does nothing, whatever it did last."""
    if job.is_final:
        return ""
    return gettext("Being stopped") if job.wish == "cancel" else _staged(job.stage)


def _staged(stage: str) -> str:
    """What a worker wrote: a word of ours, or a message id of the catalogue."""
    return str(STAGES[stage]) if stage in STAGES else stage and gettext(stage)
