"""A copy of a domain folder under a new name works without an edit elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
import django; django.setup()
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from apps.core.domains import all_domains, layers_by_id
from apps.privacy.services.kernel import all_grades
assert "harbour" in {domain.slug for domain in all_domains()}
assert apps.get_app_config("harbour").get_model("School") in admin.site._registry
assert reverse("harbour-schools-list") == "/api/v1/harbour/schools/"
assert "harbour.schools" in layers_by_id()
assert "harbour.Student.name" in all_grades()
print("sixth domain works")
"""


@pytest.fixture
def copy_of_the_project(tmp_path: Path) -> Path:
    skip = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", "vendor", ".*_cache")
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=skip)
    folder = copy / "apps/domains/harbour"
    shutil.copytree(copy / "apps/domains/school", folder)
    for file in folder.rglob("*.py"):
        text = file.read_text()
        text = text.replace("apps.domains.school", "apps.domains.harbour").replace(
            '"school.School"', '"harbour.School"'
        )
        text = text.replace('slug="school"', 'slug="harbour"').replace(
            'label = "school"', 'label = "harbour"'
        )
        file.write_text(text.replace('"school.', '"harbour.').replace('("school"', '("harbour"'))
    return copy


def test_a_copied_folder_is_a_working_domain(copy_of_the_project: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cityplatform.settings",
        "PYTHONPATH": str(copy_of_the_project),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=copy_of_the_project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "sixth domain works", done.stderr
