"""Fixtures for tests that need more than a database: broker, worker, the whole system, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpRequest
from django.test import TransactionTestCase
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page, sync_playwright

from apps.accounts.data import CONFIRMED_AT, STRONG_SINCE, Viewer, acting_as
from apps.accounts.selectors import names_forget
from apps.privacy.selectors.inforce import IN_FORCE
from apps.sensing.services.storing import KNOWN
from cityplatform.celery import app
from cityplatform.local.mosquitto import mosquitto_server
from cityplatform.local.ports import free_ports
from cityplatform.local.services import Site, running, services_running
from tests.clusters import TEMPLATE, cluster_copy, database_copied, database_url, site_remove
from tests.emptying import database_restore, migrated_remember
from tests.stack import WORKERS, LiveStack, stack_environment, stack_running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


@pytest.fixture(autouse=True)
def english(settings: Any) -> Iterator[None]:
    """Sentences are compared in English, whatever the catalogue and the default language say."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def static_files_on_demand(settings: Any) -> None:
    """A test client makes a handler of its own, and each would list every static file before it answers."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def cast_is_strong() -> Iterator[None]:
    """Whoever logs in has just given his second factor; ``weak_logins`` is for those who have not."""

    def strengthen(request: HttpRequest, **_: object) -> None:
        request.session[STRONG_SINCE] = request.session[CONFIRMED_AT] = timezone.now().isoformat()

    user_logged_in.connect(strengthen, dispatch_uid="tests.strong")
    yield
    user_logged_in.disconnect(dispatch_uid="tests.strong")


@pytest.fixture
def weak_logins(cast_is_strong: None) -> None:
    """A login proves the password only, as it does for people."""
    user_logged_in.disconnect(dispatch_uid="tests.strong")


@pytest.fixture(autouse=True)
def acting() -> Iterator[Viewer]:
    """The test's own queries are work of the platform; a request of the test client acts as its user."""
    with acting_as(Viewer(system="tests")) as viewer:
        yield viewer


@pytest.fixture(autouse=True)
def anchors_of_this_test(settings: Any, tmp_path: Path) -> None:
    """The database forgets the anchors of other tests, so the file beside it must too."""
    settings.AUDIT_ANCHORS = str(tmp_path / "anchors.log")


@pytest.fixture(autouse=True)
def streams_forgotten() -> None:
    """A process remembers the datastreams for half a minute; those of another test exist no more."""
    KNOWN.__dict__.clear()


@pytest.fixture(autouse=True)
def names_forgotten() -> None:
    """The same for the names of divisions."""
    names_forget()


@pytest.fixture(autouse=True)
def policy_forgotten() -> None:
    """A process looks for a new policy once a second; the one of another test is in force no more."""
    IN_FORCE.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is a copy of the migrated one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(TEMPLATE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tests that commit give the database back as the migrations left it."""
    with django_db_blocker.unblock():
        migrated_remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: database_restore())
        yield


@pytest.fixture(scope="session")
def mqtt_url() -> Iterator[str]:
    """A private Mosquitto, started when the first test asks."""
    site = Site(var=Path(os.environ["VAR_DIR"]), ports=free_ports(), durable=False)
    with running(mosquitto_server(site.mosquitto)):
        yield site.mosquitto.url()


@pytest.fixture(scope="module")
def worker_process(django_db_setup: None) -> Iterator[LiveStack]:
    """Real Celery workers for all queues on the test database.

    They end with the module and take nothing that was sent before: other tests send tasks, too.
    """
    site = Site(var=Path(os.environ["VAR_DIR"]) / "worker", ports=free_ports(), durable=False)
    url = database_url(settings.DATABASES["default"]["NAME"])
    environment = stack_environment(site, database_url=url, redis_url=os.environ["REDIS_URL"])
    stack = LiveStack(site, environment | {"VAR_DIR": os.environ["VAR_DIR"], "WORKER_PROCESSES": "1"})
    app.control.purge()
    try:
        stack.start(*WORKERS)
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def celery_worker(transactional_db: None, worker_process: LiveStack) -> LiveStack:
    """Tasks that the test sends are run by a worker; its log is ``celery_worker.log("worker")``."""
    return worker_process


@pytest.fixture(scope="session")
def live_stack() -> Iterator[LiveStack]:
    """Web, gateway and workers on a database of their own with the demonstration city (see tests/stack.py).

    The test talks to it by HTTP, browser or ``live_stack.sql``; the test's ORM sees another database.
    """
    site = Site(var=Path(os.environ["VAR_DIR"]) / "live", ports=free_ports(), durable=False)
    redis_url = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/15"))
    with (
        database_copied(f"live_{os.getpid()}", site.var) as url,
        stack_running(site, stack_environment(site, database_url=url, redis_url=redis_url)) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def durable_stack() -> Iterator[LiveStack]:
    """The whole system with servers of its own and the database settings of production (fsync on)."""
    site = Site(var=Path(os.environ["VAR_DIR"]) / "durable", ports=free_ports())
    cluster_copy(site)
    environment = stack_environment(site, database_url=site.postgres.url(), redis_url=site.redis.url())
    with services_running(site), stack_running(site, environment) as stack:
        yield stack
    site_remove(site.var)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. While it is open a loop runs in this thread, so Django must not refuse its ORM."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here: 'make test' installs it")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window in Chinese; its console errors fail the test."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, f"the page raised errors: {errors}"
