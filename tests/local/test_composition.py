"""The composition of containers says the same as the Procfile and the private servers."""

from __future__ import annotations

import os
import re

import pytest
import yaml
from django.urls import reverse

from cityplatform.local.passwords import NAMES
from cityplatform.local.postgres import DURABLE
from cityplatform.local.supervisor import procfile_read
from tests.clusters import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PROCFILE = procfile_read(ROOT / "Procfile")
TARGETS = set(
    re.findall(
        r"^FROM \S+ AS (\w+)", (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
)


@pytest.mark.parametrize("name", PROCFILE)
def test_a_process_of_the_procfile_is_the_same_container(name):
    assert SERVICES[name]["command"] == PROCFILE[name]


@pytest.mark.parametrize("command", [*PROCFILE.values(), SERVICES["migrate"]["command"]])
def test_a_start_script_can_be_started(command):
    assert os.access(ROOT / command.split()[0], os.X_OK)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_says_whether_it_works(name):
    assert "healthcheck" in SERVICES[name] or name == "web"  # its image has the check


def test_images_are_built_from_stages_that_exist():
    built = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert built == {"web", "worker", "gpu"}
    assert built <= TARGETS


def test_every_secret_comes_from_a_file_and_none_from_the_environment():
    assert set(COMPOSE["secrets"]) == {*NAMES, "keys"}
    assert all("file" in secret for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        for variable in service.get("environment", {}):
            assert not re.search("PASSWORD$|SECRET|_KEY$", variable)


def test_a_service_waits_only_for_services_that_exist():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_only_nginx_is_published_and_it_asks_for_a_login_before_tensorboard():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"nginx": ["${PORT:-8080}:8080"]}
    nginx = (ROOT / "docker" / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    board = nginx.partition("location /tensorboard/ {")[2].partition("}")[0]
    assert "auth_request /tensorboard-admits;" in board
    assert reverse("training-tensorboard") in nginx
    assert "tensorboard" not in (ROOT / "Procfile").read_text(encoding="utf-8")


def test_the_database_has_the_settings_of_make_run():
    text = (ROOT / "docker" / "postgres" / "postgresql.conf").read_text(encoding="utf-8")
    assert dict(re.findall(r"^(\w+) = '(.*)'$", text, re.MULTILINE)).items() >= DURABLE.items()
