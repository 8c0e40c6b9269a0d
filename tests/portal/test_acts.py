"""What people do on the pages: allowed, refused by role, refused with a reason."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.core.models import Job
from apps.scheduling.models import Plan, PlanState
from apps.training.models import ModelVersion, Stage
from tests.people import person
from tests.portal import builders

pytestmark = pytest.mark.django_db


def test_a_viewer_finds_no_publish_button_and_is_refused_by_the_server() -> None:
    plan, client = builders.plan(), builders.logged_in(person("viewer", roles=["city-viewer"]))
    url = reverse("admin:plan_publish", args=[plan.pk])
    assert url not in client.get(reverse("admin:plan", args=[plan.pk])).content.decode()
    assert client.post(url).status_code == 403
    assert Plan.objects.get(pk=plan.pk).state == PlanState.CHECKED


def test_a_planner_publishes() -> None:
    plan, client = builders.plan(), builders.logged_in(person("planner", roles=["city-planner"]))
    url = reverse("admin:plan_publish", args=[plan.pk])
    assert url in client.get(reverse("admin:plan", args=[plan.pk])).content.decode()
    assert client.post(url).status_code == 302
    assert Plan.objects.get(pk=plan.pk).state == PlanState.PUBLISHED


def test_a_planner_of_another_domain_does_not_find_the_plan() -> None:
    plan, client = builders.plan(), builders.logged_in(person("other", roles=["farm-planner"]))
    assert client.post(reverse("admin:plan_publish", args=[plan.pk])).status_code == 404


def test_a_parameter_out_of_its_limits_is_named_and_the_input_is_kept() -> None:
    client = builders.logged_in(person("planner", roles=["city-planner"]))
    url = reverse("admin:plan_new") + "?problem=city.inspection_rounds"
    page = client.post(url, {"p-vehicles": "99", "p-sites": "17"}).content.decode()
    assert 'href="#p-vehicles"' in page
    assert 'value="17"' in page
    assert not Plan.objects.exists()


def test_an_unknown_problem_is_not_found() -> None:
    client = builders.logged_in(person("planner", roles=["city-planner"]))
    assert client.get(reverse("admin:plan_new") + "?problem=city.nothing").status_code == 404


def test_a_model_that_beats_its_baseline_is_promoted() -> None:
    model, client = builders.model(), builders.logged_in(person("analyst", roles=["city-analyst"]))
    client.post(reverse("admin:promote", args=[model.pk]))
    assert ModelVersion.objects.get(pk=model.pk).stage == Stage.PROMOTED


def test_a_model_worse_than_its_baseline_is_refused_with_the_reason() -> None:
    model, client = builders.model(mae=9), builders.logged_in(person("analyst", roles=["city-analyst"]))
    answer = client.post(reverse("admin:promote", args=[model.pk]), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert ModelVersion.objects.get(pk=model.pk).stage == Stage.CANDIDATE


def test_an_operator_may_not_promote() -> None:
    model, client = builders.model(), builders.logged_in(person("operator", roles=["city-operator"]))
    assert client.post(reverse("admin:promote", args=[model.pk])).status_code == 403


def test_epochs_that_are_no_number_are_refused() -> None:
    client = builders.logged_in(person("analyst", roles=["city-analyst"]))
    data = {"recipe": "city.traffic_speed", "epochs": "many"}
    answer = client.post(reverse("admin:run_start"), data, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize(("role", "status"), [("city-viewer", 403), ("city-planner", 302)])
def test_only_who_may_start_such_a_job_stops_it(role: str, status: int) -> None:
    job, client = builders.job(), builders.logged_in(person("who", roles=[role]))
    answer = client.post(reverse("admin:job_wish", args=[job.pk]), {"wish": "cancel"})
    assert answer.status_code == status
    assert Job.objects.get(pk=job.pk).wish == ("cancel" if status == 302 else "")


def test_an_upload_without_a_file_is_refused_with_the_way_out() -> None:
    client = builders.logged_in(person("analyst", roles=["city-analyst"]))
    answer = client.post(reverse("admin:upload_send"), {"domain": "city"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_nobody_uploads_to_a_domain_without_the_right() -> None:
    client = builders.logged_in(person("analyst", roles=["city-analyst"]))
    assert client.post(reverse("admin:upload_send"), {"domain": "farm"}).status_code == 403
