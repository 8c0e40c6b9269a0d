"""What is masked cannot be guessed either: by filters, orders, searches, selections or cache tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from apps.accounts.data import Viewer
from apps.accounts.models import User
from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.core.grades import Grade
from apps.privacy.services import can_see, visible_fields
from apps.privacy.services.admin import PolicyModelAdmin
from apps.privacy.services.rest import PolicyViewSet
from apps.sensing.sensorthings.catalogue import ENTITIES
from apps.sensing.sensorthings.sight import Sight
from tests.exits.planting import MARK, canaries, leaks, plant_all
from tests.exits.routes import address, patterns
from tests.people import person

pytestmark = pytest.mark.django_db
REFUSED = {302, 400, 403, 404}  # Django's admin answers an unknown lookup by going back to the list
OF_DJANGO = {"auth", "oauth2_provider"}  # pages under Django's own permissions, which nobody is given


@pytest.fixture
def everywhere() -> User:
    """Somebody who may look into every domain and is cleared for internal fields only."""
    return person("everywhere", roles=[f"{domain.slug}-viewer" for domain in all_domains()])


@pytest.fixture
def client(everywhere: User) -> Client:
    opened = Client(raise_request_exception=False)
    opened.force_login(everywhere)
    return opened


def closed(viewer: Viewer, model: Any) -> list[str]:
    return [name for name, decision in visible_fields(viewer, model).items() if not decision.is_clear]


def admins(viewer: Viewer) -> Iterator[tuple[str, Any, list[str]]]:
    """``(address of the list, model, closed fields)`` of every admin page that the viewer may open."""
    for model in site._registry:
        label = model._meta.label
        sees = any(can_see(viewer, label, domain=slug) for slug in viewer.domains)
        if sees and model._meta.app_label not in OF_DJANGO:
            meta = model._meta
            yield (
                reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"),
                model,
                closed(viewer, model),
            )


def test_every_admin_page_asks_the_kernel() -> None:
    free = {
        model._meta.label
        for model, admin in site._registry.items()
        if not isinstance(admin, PolicyModelAdmin) and model._meta.app_label not in OF_DJANGO
    }
    assert not free


def test_no_admin_list_filters_or_orders_by_what_is_closed(client: Client, everywhere: User) -> None:
    plant_all()
    answered = []
    for url, model, fields in admins(viewer_for(everywhere)):
        for field in fields:
            kind = model._meta.get_field(field).get_internal_type()
            lookup = (
                f"{field}__startswith=Z" if kind in {"CharField", "TextField"} else f"{field}__isnull=False"
            )
            if client.get(f"{url}?{lookup}").status_code not in REFUSED:
                answered.append(f"{url}?{lookup}")
    assert not answered


def test_a_search_for_a_closed_value_finds_what_any_word_finds(client: Client, everywhere: User) -> None:
    plant_all()
    words = {label: word for word, (label, _domain) in canaries().items()}
    for url, model, fields in admins(viewer_for(everywhere)):
        secrets = [words[label] for name in fields if (label := f"{model._meta.label}.{name}") in words]
        counts = {
            client.get(f"{url}?q={word}").context_data["cl"].result_count  # type: ignore[attr-defined]
            for word in [*secrets[:2], "ZQYnowhere"]
        }
        assert len(counts) == 1, url


def test_the_palette_finds_only_what_is_clear(client: Client, everywhere: User) -> None:
    plant_all()
    found = client.get("/portal/search/", {"s": "ZQX"}).content
    assert MARK in found
    assert not leaks(everywhere, found, canaries(), at="the palette")


def test_no_autocompletion_tells_what_is_closed(client: Client, everywhere: User) -> None:
    plant_all()
    words = canaries()
    for model, admin in site._registry.items():
        for name in admin.autocomplete_fields if model._meta.app_label not in OF_DJANGO else ():
            names = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            query = names | {"field_name": name, "term": "ZQX"}
            found = client.get("/portal/autocomplete/", query).content
            assert not leaks(everywhere, found, words, at=f"autocompletion of {name}")


def test_no_program_filters_orders_or_searches_by_what_is_closed(client: Client, everywhere: User) -> None:
    plant_all()
    viewer, answered = viewer_for(everywhere), list[str]()
    for route, pattern in patterns():
        view: Any = getattr(pattern.callback, "cls", None)
        actions = getattr(pattern.callback, "actions", None) or {}
        if view is None or not issubclass(view, PolicyViewSet) or actions.get("get") != "list":
            continue
        url = address(route, {"format": ".json", "pk": "1"})
        plain = client.get(url).content
        for field in closed(viewer, view.queryset.model):
            for query in (
                f"{field}=Z",
                f"{field}__startswith=Z",
                f"ordering={field}",
                f"search=ZQX&o={field}",
            ):
                answer = client.get(f"{url}?{query}")
                if answer.status_code not in REFUSED and answer.content != plain:
                    answered.append(f"{url}?{query}")
    assert not answered


def test_no_feature_is_filtered_or_ordered_by_what_is_closed(client: Client, everywhere: User) -> None:
    plant_all()
    lowly = person("lowly", roles=["city-viewer"], clearance=Grade.L1)
    client.force_login(lowly)
    for layer_id, (domain, layer) in layers_by_id().items():
        model = next(one for one in site._registry if one._meta.label == layer.model)
        if domain.slug == "city":
            for field in closed(viewer_for(lowly), model):
                for query in (f"{field}=1", f"sortby={field}", f"filter={field}='1'", f"properties={field}"):
                    status = client.get(f"/ogc/collections/{layer_id}/items?{query}").status_code
                    assert status in REFUSED, (layer_id, query)


def test_sensorthings_answers_no_question_about_what_is_closed(client: Client) -> None:
    plant_all()
    lowly = person("lowly", roles=["city-viewer"], clearance=Grade.L1)
    client.force_login(lowly)
    sight, asked = Sight(viewer_for(lowly)), 0
    for entity in ENTITIES:
        for item in entity.properties:
            if sight.is_clear(entity, item):
                continue
            asked += 1
            for option in (f"$filter={item.name} eq 'Z'", f"$orderby={item.name}"):
                answer = client.get(f"/sta/v1.1/{entity.plural}?{option}")
                assert answer.status_code in REFUSED, (entity.name, option)
            selected = client.get(f"/sta/v1.1/{entity.plural}?$select={item.name}").content
            assert MARK not in selected
    assert asked


def test_no_tag_of_one_class_tells_another_that_nothing_changed(client: Client) -> None:
    plant_all()
    other = Client(raise_request_exception=False)
    other.force_login(person("farmer", roles=["farm-viewer"]))
    stranger = Client(raise_request_exception=False)
    for layer_id, (_domain, layer) in layers_by_id().items():
        if layer.public:  # the same for everybody
            continue
        for url in (f"/tiles/{layer_id}/9/423/220.mvt", f"/ogc/collections/{layer_id}/items"):
            tag = client.get(url).headers.get("ETag", '"none"')
            for somebody in (other, stranger):
                answer = somebody.get(url, headers={"if-none-match": tag})
                assert answer.status_code != 304 or layer_id.startswith("farm."), url
