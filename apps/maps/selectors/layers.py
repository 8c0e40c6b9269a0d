"""A layer as one viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.data import Capability, Viewer
from apps.core.declarations import MapLayer
from apps.core.domains import Domain, layers_by_id
from apps.core.errors import ProblemError
from apps.core.grades import Grade
from apps.privacy.data import Decision, Outcome
from apps.privacy.services import (
    can_see,
    decide,
    paths_of,
    policy_class,
    possible_fields,
    visible_fields,
    visible_rows,
)


@dataclass(frozen=True, slots=True)
class LayerView:
    """A layer, its model, and the kernel's decisions for one viewer."""

    id: str
    domain: Domain
    layer: MapLayer
    model: type[Model]
    viewer: Viewer
    decisions: dict[str, Decision]

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of the layer that the viewer may know of."""
        return visible_rows(self.viewer, self.model._default_manager.filter(**self.layer.where))

    @property
    def properties(self) -> tuple[str, ...]:
        """The declared properties that the viewer sees clear, the label first."""
        names = dict.fromkeys((self.layer.label, *self.layer.properties, self.layer.category))
        return tuple(name for name in names if name and self.decisions[name].is_clear)

    @property
    def is_coarse(self) -> bool:
        """Whether places are shown by grid cell only, those of ``own_rows`` excepted."""
        return self.decisions["geometry"].outcome is Outcome.MASKED

    @property
    def own_rows(self) -> Q | None:
        """The rows whose places are shown as they are although others are coarse: of the own department."""
        paths = paths_of(self.model)
        is_by_owner = bool(paths.owner) and not (paths.minor or paths.is_minor or paths.consent)
        if not is_by_owner or not possible_fields(self.viewer, self.model)["geometry"].is_clear:
            return None
        return Q(**{paths.owner: self.viewer.department}) | Q(**{f"{paths.owner}__isnull": True})

    @property
    def shows_readings(self) -> bool:
        """Whether the newest readings of the things may be shown, whatever their kind."""
        return decide(self.viewer, "sensing.LatestValue", "result", domain=self.domain.slug).is_clear

    @property
    def shows_live(self) -> bool:
        """Whether the live values of the layer may be shown beside the features."""
        return self.shows_readings and self.viewer.sees_kind("sensing.LatestValue", self.layer.live)

    @property
    def cache_key(self) -> str:
        """Equal for viewers who get the same bytes."""
        rights = policy_class(self.viewer, domain=self.domain.slug, model=self.model)
        return f"{self.id}:{rights}:{get_language()}"


def layer_view(layer_id: str, viewer: Viewer, *, on_map: bool = False) -> LayerView:
    """The layer for this viewer; 404 for a layer that does not exist or that he may not know of.

    ``on_map``: public layers are everybody's, as on the live map; programs and other clients need a role.
    """
    found = layers_by_id().get(layer_id)
    if found is None:
        raise ProblemError(_("There is no such layer, or you may not see it."), "layer", 404, "unknown")
    domain, layer = found
    viewer = _anybody(viewer, domain) if on_map and layer.public else viewer
    if not can_see(viewer, layer.model):
        raise ProblemError(_("There is no such layer, or you may not see it."), "layer", 404, "unknown")
    model = apps.get_model(layer.model)
    view = LayerView(layer_id, domain, layer, model, viewer, visible_fields(viewer, model))
    if not view.decisions["geometry"].is_shown:
        raise ProblemError(_("There is no such layer, or you may not see it."), "layer", 404, "unknown")
    return view


def _anybody(viewer: Viewer, domain: Domain) -> Viewer:
    """Whoever it is as anybody who may use the system: all of a public layer, and nothing but what is public.

    The kernel decides as always, for a reader of the lowest clearance; rules about the roles that somebody
    holds stay in force. A program stays within what it was given.
    """
    if viewer.is_program or viewer.user_id is None:
        return viewer
    reads = frozenset({(domain.slug, Capability.VIEW)})
    return Viewer(user_id=viewer.user_id, roles=viewer.roles, clearance=Grade.L1, rights=reads)


def layers_visible(viewer: Viewer, *, on_map: bool = False) -> list[LayerView]:
    """Every ``layer_view`` that the viewer has, in the order of the declarations."""
    views = []
    for layer_id in layers_by_id():
        try:
            views.append(layer_view(layer_id, viewer, on_map=on_map))
        except ProblemError:
            continue
    return views


def property_titles(view: LayerView) -> list[dict[str, Any]]:
    """Names and titles of the clear properties and the words of their choices, in the viewer's language."""
    fields = {field.name: field for field in view.model._meta.concrete_fields}
    return [_property(fields[name]) for name in view.properties]


def _property(field: Field[Any, Any]) -> dict[str, Any]:
    words = {str(value): str(title) for value, title in field.flatchoices}
    return {"name": field.name, "title": capfirst(str(field.verbose_name))} | (
        {"choices": words} if words else {}
    )
