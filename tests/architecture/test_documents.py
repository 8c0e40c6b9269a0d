"""What several files say about the same thing is the same."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib

import httpx
import pytest
import yaml

from tests.clusters import ROOT
from tests.stack import LiveStack


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_file_names_the_licence_that_is_given() -> None:
    assert re.match(r"\s*Apache License\s+Version 2\.0,", text("LICENSE"))
    named = {
        "pyproject.toml": tomllib.loads(text("pyproject.toml"))["project"]["license"],
        "package.json": json.loads(text("package.json"))["license"],
        "package-lock.json": json.loads(text("package-lock.json"))["packages"][""]["license"],
        "publiccode.yaml": yaml.safe_load(text("publiccode.yaml"))["legal"]["license"],
        "README.md": re.findall(r"^Licence: (\S+)\.$", text("README.md"), re.MULTILINE)[0],
    }
    assert set(named.values()) == {"Apache-2.0"}, named


def test_the_folders_of_var_that_operations_names_are_those_that_a_run_makes(live_stack: LiveStack) -> None:
    (listed,) = re.findall(r"keeps everything under `var/`(.*?)\.\n", text("docs/operations.md"), re.DOTALL)
    named = set(re.findall(r"`(\w+)/`", listed))
    made = {path.name for path in live_stack.site.var.iterdir() if path.is_dir()} - {"static"}
    assert made <= named, made - named


@pytest.mark.parametrize("name", ["README.md", "README.zh-hans.md"])
def test_the_first_reading_of_the_readme_is_stored(live_stack: LiveStack, name: str) -> None:
    (command,) = re.findall(r"^curl .*?\n```$", text(name), re.MULTILINE | re.DOTALL)
    last = 'curl() { printf %s "${@: -1}"; }; ' + command.removesuffix("```")
    body = subprocess.run(["bash", "-c", last], capture_output=True, text=True, check=True).stdout
    keys = json.loads((live_stack.site.var / "secrets" / "simulator.json").read_text(encoding="utf-8"))
    answer = httpx.post(
        f"{live_stack.gateway_url}/v1/observations",
        content=body,
        headers={"Authorization": f"Bearer {keys['city']}", "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["stored"]) == (201, 1), answer.text
