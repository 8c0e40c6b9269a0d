"""The live map's page: who gets it, what it says, and what it may load."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.people import person

pytestmark = pytest.mark.django_db


def page_of(client: Client, *roles: str, language: str = "zh-hans") -> str:
    client.force_login(person("ana", roles=roles))
    client.cookies["django_language"] = language
    answer = client.get("/map/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    answer = client.get("/map/")
    assert answer.status_code == 302
    assert answer["Location"] == "/portal/login/?next=/map/"


def test_the_page_names_only_the_domains_that_the_viewer_may_see(client: Client) -> None:
    domains = re.search(r'data-domains="([^"]*)"', page_of(client, "city-viewer"))
    assert domains is not None
    assert "city" in domains[1]
    assert "hospital" not in domains[1]


def test_somebody_without_any_role_gets_a_page_without_domains(client: Client) -> None:
    assert 'data-domains="{}"' in page_of(client)


def test_the_page_obeys_its_own_content_rules(client: Client) -> None:
    page = page_of(client, "city-viewer")
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_everything_that_the_page_loads_comes_from_this_site(client: Client) -> None:
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page_of(client, "city-viewer"))
    assert addresses
    assert all(address.startswith(("/", "#")) for address in addresses)


def test_the_content_policy_allows_only_this_site(client: Client) -> None:
    client.force_login(person("ana"))
    policy = client.get("/map/")["Content-Security-Policy"]
    assert {"script-src 'self'", "style-src 'self'"} <= set(policy.split("; "))
    assert "unsafe" not in policy


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_speaks_the_chosen_language(client: Client, language: str) -> None:
    assert f'<html lang="{language}">' in page_of(client, language=language)


def test_the_texts_of_the_scripts_are_a_script_of_this_site(client: Client) -> None:
    answer = client.get("/jsi18n/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")


def test_the_page_answers_only_to_reading(client: Client) -> None:
    client.force_login(person("ana"))
    assert client.post("/map/").status_code == 405
