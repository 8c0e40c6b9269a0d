"""Public data sets that lie beside the repository, and not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """A file or folder of the shared data; where it is missing the test is skipped, and fails if CI=true."""
    path = SHARED / name
    if not path.exists():
        missing = f"the shared data {path} is not here"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
