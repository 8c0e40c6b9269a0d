"""The whole system as processes: every fixture that others build on works."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page

from cityplatform.celery import app
from cityplatform.queues import QUEUES
from tests.stack import LiveStack


def test_the_running_system_is_ready_and_has_logins(live_stack: LiveStack):
    assert httpx.get(f"{live_stack.web_url}/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "redis": "ok",
        "access_log": "ok",
    }
    assert httpx.post(f"{live_stack.gateway_url}/v1/observations", json={}).status_code == 401
    assert {"sysadmin", "secadmin", "auditor"} <= live_stack.logins.keys()
    assert live_stack.sql("SELECT count(*) > 0 FROM sensing_datastream") == [(True,)]


def test_a_person_sees_the_login_page_in_a_browser(live_stack: LiveStack, page: Page):
    page.goto(f"{live_stack.web_url}/portal/")
    page.get_by_role("button").last.wait_for()
    assert "/portal/login/" in page.url


@pytest.mark.parametrize("name", QUEUES)
def test_a_killed_worker_of_each_queue_comes_back_when_started(live_stack: LiveStack, name: str):
    live_stack.start(name)
    live_stack.kill(name)
    live_stack.start(name)
    assert live_stack.processes[name].poll() is None
    live_stack.kill(name)


def test_tasks_that_a_test_sends_are_run_by_a_real_worker(celery_worker: LiveStack):
    assert len(app.control.ping(timeout=5)) == 2


def test_the_broker_for_devices_starts_when_asked(mqtt_url: str):
    assert mqtt_url.startswith("mqtt://cityplatform:")
