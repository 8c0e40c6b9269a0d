from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.declarations import Recipe
from apps.core.domains import domain_get, recipes_by_id

RECIPE = "city.trial_speed"


@pytest.fixture
def recipe() -> Iterator[str]:
    """A recipe of half-hour steps, declared for one test; its id."""
    known = recipes_by_id()
    trial = Recipe(
        "trial_speed", "Trial", "forecast", kind="speed", step=1800, history=6, horizon=4, epochs=3
    )
    known[RECIPE] = (domain_get("city"), trial)
    yield RECIPE
    del known[RECIPE]


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Path:
    """Checkpoints and models go into a folder of the test."""
    settings.VAR_DIR = tmp_path
    return tmp_path
