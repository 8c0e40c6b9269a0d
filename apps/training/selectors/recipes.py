"""What the domains want to be learned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import Recipe, Text
from apps.core.domains import Domain, kind_unit, recipes_by_id
from apps.core.errors import ProblemError
from apps.core.quantities import listed
from apps.core.sentences import sentence as _

BASELINES = {
    "last_value": gettext_lazy("last value"),
    "daily_profile": gettext_lazy("daily profile"),
    "weekly_profile": gettext_lazy("weekly profile"),
}


def recipe_get(recipe_id: str) -> tuple[Domain, Recipe]:
    """The recipe called ``<domain>.<key>`` and its domain; ProblemError names those that exist."""
    found = recipes_by_id().get(recipe_id)
    if found is None:
        known = listed(sorted(recipes_by_id()))
        raise ProblemError(_("There is no such recipe; known are: %(known)s.") % {"known": known}, "recipe")
    return found


def recipe_title(recipe_id: str) -> Text:
    """How people call a recipe; the id itself when no domain declares it any more."""
    found = recipes_by_id().get(recipe_id)
    return found[1].title if found else recipe_id


def recipe_unit(recipe_id: str) -> str:
    """The UCUM code of what a recipe forecasts; "" when no domain declares it any more."""
    found = recipes_by_id().get(recipe_id)
    return kind_unit(found[0].slug, found[1].kind) if found else ""


def baseline_title(key: str) -> str:
    """How people call a simple forecast that a network is compared with."""
    return str(BASELINES.get(key, key))


def recipes_of(viewer: Viewer) -> dict[str, Recipe]:
    """The recipes that the viewer may train, by id."""
    return {
        recipe_id: recipe
        for recipe_id, (domain, recipe) in recipes_by_id().items()
        if viewer.may(domain.slug, Capability.TRAIN)
    }
