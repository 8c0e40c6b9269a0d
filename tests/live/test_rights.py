"""Every role over every live layer and every job: the socket answers as the kernel does."""

import json

import pytest

from apps.accounts.selectors import viewer_for
from apps.core.domains import all_domains, layers_by_id
from apps.core.jobs import job_body, job_create
from apps.core.models import JobKind
from apps.live.selectors import job_text, jobs_recent, layer_class
from tests.people import everybody

pytestmark = pytest.mark.django_db
LIVE = {layer_id: domain.slug for layer_id, (domain, layer) in layers_by_id().items() if layer.live}


def test_every_role_follows_the_live_layers_of_its_domain_and_no_other() -> None:
    for name, user in everybody().items():
        allowed = {layer_id for layer_id in LIVE if layer_class(layer_id, viewer_for(user)) is not None}
        assert allowed == {layer_id for layer_id, slug in LIVE.items() if name.startswith(f"{slug}-")}, name


def test_still_layers_and_unknown_ones_are_not_followed() -> None:
    viewer = viewer_for(everybody()["city-viewer"])
    still = set(layers_by_id()) - set(LIVE)
    assert {layer_class(layer_id, viewer) for layer_id in [*still, "city.none", ""]} == {None}


def test_every_role_hears_of_the_jobs_of_its_domain_and_no_other() -> None:
    for domain in all_domains():
        job_create(JobKind.TRAINING, title=domain.slug, domain=domain.slug, owner=None)
    for name, user in everybody().items():
        viewer = viewer_for(user)
        heard = {json.loads(job_text(job_body(job), viewer))["domain"] for job in jobs_recent(viewer)}
        assert heard == {domain.slug for domain in all_domains() if name.startswith(f"{domain.slug}-")}, name


def test_no_text_is_made_of_a_job_of_another_domain() -> None:
    job = job_create(JobKind.TRAINING, title="hay", domain="farm", owner=None)
    people = everybody()
    for name in ("city-viewer", "nobody", "system", "security", "auditor"):
        assert job_text(job_body(job), viewer_for(people[name])) == ""
