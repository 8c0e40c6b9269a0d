"""A layer as one viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.data import Viewer
from apps.core.declarations import MapLayer
from apps.core.domains import Domain, layers_by_id
from apps.core.errors import ProblemError
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
        """The rows that the viewer may know of."""
        return visible_rows(self.viewer, self.model._default_manager.all())

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


def layer_view(layer_id: str, viewer: Viewer) -> LayerView:
    """The layer for this viewer; 404 for a layer that does not exist or that he may not know of."""
    found = layers_by_id().get(layer_id)
    if found is None or not can_see(viewer, found[1].model):
        raise ProblemError(_("There is no such layer, or you may not see it."), "layer", 404, "unknown")
    domain, layer = found
    model = apps.get_model(layer.model)
    view = LayerView(layer_id, domain, layer, model, viewer, visible_fields(viewer, model))
    if not view.decisions["geometry"].is_shown:
        raise ProblemError(_("There is no such layer, or you may not see it."), "layer", 404, "unknown")
    return view


def layers_visible(viewer: Viewer) -> list[LayerView]:
    """Every layer that the viewer may see, in the order of the declarations."""
    views = []
    for layer_id in layers_by_id():
        try:
            views.append(layer_view(layer_id, viewer))
        except ProblemError:
            continue
    return views


def property_titles(view: LayerView) -> list[dict[str, str]]:
    """Names and titles of the clear properties, in the viewer's language."""
    fields = {field.name: field for field in view.model._meta.concrete_fields}
    return [{"name": name, "title": capfirst(str(fields[name].verbose_name))} for name in view.properties]
