from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from apps.accounts.demo import PEOPLE
from apps.accounts.models import Role, User
from apps.accounts.seeding import people_seed
from apps.accounts.selectors import api_key_valid, viewer_for
from apps.domains.city.models import District, InspectionSite, RoadLink, RoadSegment, ServiceRequest
from apps.domains.city.seeding import seed
from apps.domains.city.selectors import road_weights
from apps.domains.city.simulator import CitySimulator
from apps.sensing.models import Datastream, LatestValue

pytestmark = pytest.mark.django_db
MODELS = (District, RoadSegment, RoadLink, InspectionSite, ServiceRequest, Datastream, Role, User)


@pytest.fixture
def secrets(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    people_seed()
    return tmp_path / "secrets"


def test_every_login_works_and_only_the_owner_reads_the_file(secrets: Path) -> None:
    rows = json.loads((secrets / "logins.json").read_text())
    assert len(rows) == len(PEOPLE)
    assert stat.S_IMODE((secrets / "logins.json").stat().st_mode) == 0o600
    user = User.objects.get(username=rows[0]["username"])
    assert user.check_password(rows[0]["password"])


def test_the_health_department_sees_nothing_of_the_city(secrets: Path) -> None:
    assert viewer_for(User.objects.get(username="luo.health")).domains == {"hospital"}
    assert viewer_for(User.objects.get(username="lin.operator")).may("city", "handle")


def test_the_simulator_gets_a_key_that_lasts(secrets: Path) -> None:
    key = json.loads((secrets / "simulator.json").read_text())["city"]
    found = api_key_valid(key)
    assert found is not None
    assert (found.domain, found.scopes) == ("city", ["ingest"])
    people_seed()
    assert json.loads((secrets / "simulator.json").read_text())["city"] == key


def test_seeding_twice_changes_nothing(secrets: Path) -> None:
    seed()
    before = [model.objects.count() for model in MODELS], (secrets / "logins.json").read_text()
    people_seed()
    seed()
    assert before == ([model.objects.count() for model in MODELS], (secrets / "logins.json").read_text())


def test_the_past_can_be_filled_in_and_the_graph_read(secrets: Path) -> None:
    seed()
    stored = CitySimulator().backfill(days=1)
    assert stored > 0.98 * 288 * Datastream.objects.count()
    assert LatestValue.objects.count() == Datastream.objects.count()
    weights = road_weights(list(RoadSegment.objects.order_by("code").values_list("thing", flat=True)[:50]))
    np.testing.assert_array_equal(np.diag(weights), 1)
    assert 0 < weights.sum() - 50 < 50 * 8
