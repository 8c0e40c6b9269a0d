"""Browser libraries: copied as published, with their licences, and loaded from this site alone."""

from __future__ import annotations

import json

import pytest

from cityplatform.local.vendor import LIBRARIES, vendor_copy
from tests.clusters import ROOT


@pytest.mark.parametrize("package", LIBRARIES)
def test_a_library_is_in_place_with_its_licence(package):
    for name in LIBRARIES[package]:
        assert (ROOT / "static" / "vendor" / package / name).stat().st_size > 0
    manifest = json.loads((ROOT / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
    assert manifest["license"] in {"MIT", "BSD-3-Clause", "Apache-2.0"}


def test_the_lock_file_holds_the_versions_of_the_package_file():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version


def test_a_missing_file_stops_the_copy_with_its_name(tmp_path):
    with pytest.raises(SystemExit, match=r"maplibre-gl\.mjs is missing"):
        vendor_copy(tmp_path / "node_modules", tmp_path / "vendor")
