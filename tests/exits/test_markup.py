"""Names and texts that are markup, on every page that draws them, in Chromium: shown, never run."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.core.grades import Grade
from apps.sensing.models import Datastream, Thing
from apps.sensing.services import readings_store
from apps.sensing.services.partitions import partitions_ensure
from tests.e2e.test_map import ROWS, open_map
from tests.maps.builders import request_at
from tests.people import person
from tests.portal import builders
from tests.sensing.builders import batch
from tests.stack import LiveStack

# Runs where markup is run: as an element, out of an attribute, out of a script, out of a template.
BAIT = "<img src=x onerror=window.hit=1>\"'><svg onload=window.hit=1></script><script>window.hit=1</script>"
WATCH = "window.hit = 0; window.addEventListener('error', (event) => event.preventDefault());"
HIT = "window.hit || document.querySelectorAll('img[src=x], svg[onload]').length"


def logged_in(page: Page, address: str) -> None:
    """An operator with every right that a page of the city asks for."""
    user = person("operator", roles=["city-operator", "city-planner"], clearance=Grade.L3)
    User.objects.filter(pk=user.pk).update(language="en")
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.goto(f"{address}/portal/login/")
    page.fill("#id_username", "operator")
    page.fill("#id_password", builders.PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/portal/")


@pytest.mark.django_db(transaction=True)
def test_pages_tables_charts_and_the_palette_show_markup_as_text(page: Page, live_server: Any) -> None:
    series = builders.stream("R1")
    moment = series.thing.created_at
    partitions_ensure(start=moment, end=moment)
    readings_store(batch=batch([series.pk], [0.0], [50.0]))
    Thing.objects.update(name=BAIT[:200])
    Datastream.objects.update(name=BAIT, description=BAIT)
    model, plan = builders.forecast(series).model_version, builders.plan()
    job = builders.job()
    job.title = BAIT[:120]
    job.save()
    row = request_at(118.05, 24.45)
    type(row).objects.filter(pk=row.pk).update(text=BAIT, address=BAIT[:200])
    logged_in(page, live_server.url)
    for path in (
        *("datastreams/", f"datastreams/{series.pk}/", "jobs/", "forecasts/", f"models/{model.pk}/"),
        *(f"plans/{plan.pk}/", "city/servicerequest/", f"city/servicerequest/{row.pk}/change/"),
        *("search/?s=%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D1%3E", "sensing/thing/", "uploads/"),
    ):
        page.goto(f"{live_server.url}/portal/{path}")
        page.wait_for_timeout(300)
        assert not page.evaluate(HIT), path


def test_the_map_shows_markup_as_text_in_table_and_side_panel(page: Page, live_stack: LiveStack) -> None:
    bait = BAIT[:110]  # in both languages: the account remembers the one that another test chose
    live_stack.sql(
        "UPDATE city_roadsegment SET name = %s, name_en = %s WHERE code = 'R0002' RETURNING id", bait, bait
    )
    page.add_init_script(WATCH)
    open_map(page, live_stack, "lin.operator")
    page.fill("#filter", "onerror")
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator(ROWS).first.press("Enter")
    expect(page.locator("#detail h2")).to_contain_text("onerror")
    page.wait_for_timeout(500)
    assert not page.evaluate(HIT)
