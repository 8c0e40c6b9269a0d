from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from apps.accounts.data import Capability
from apps.core.errors import ProblemError
from apps.core.jobs import JobBusyError, job_lock_key, job_start, job_wish
from apps.core.models import JobState
from apps.training.data import RunOptions
from apps.training.models import Run
from apps.training.services import run_cancel, run_create, run_resume
from apps.training.services.training import recipe_evaluate, run_folder, run_train
from tests.training.records import BEGIN, END, SMALL, run_made, streams_with_readings, viewer_who_may

pytestmark = pytest.mark.django_db


def test_a_run_ends_as_a_registered_version_with_its_proof(recipe: str) -> None:
    run = run_made(recipe)
    model = run_train(run)
    run.refresh_from_db()
    assert model is not None
    assert (run.job.state, run.job.done, model.version) == (JobState.SUCCEEDED, 3, 1)
    assert set(model.metrics) == {"30", "60", "90", "120"}
    assert set(model.baselines) == {"last_value", "daily_profile", "weekly_profile"}
    assert 0 < model.coverage["80"]["covered"] <= model.coverage["95"]["covered"] <= 1
    assert len(run.curve) == 3


def test_a_run_remembers_what_was_read_not_what_was_asked_for(recipe: str) -> None:
    ids = streams_with_readings()
    asked = RunOptions(
        epochs=1, data_from=BEGIN - timedelta(days=20), data_until=END + timedelta(days=1), net=SMALL
    )
    run = run_create(recipe, viewer=None, options=asked, queue=False)
    run_train(run)
    run.refresh_from_db()
    assert (run.datastreams, run.data_from, run.data_until) == (ids, BEGIN, END)
    assert run.config["net"]["day_width"] == 0  # eight days teach nothing about weekdays


def test_a_series_that_was_hardly_read_is_left_out(recipe: str) -> None:
    ids = streams_with_readings()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM sensing_observation WHERE datastream_id = %s AND phenomenon_time > %s",
            [ids[0], BEGIN + timedelta(days=2)],
        )
    options = RunOptions(epochs=1, data_from=BEGIN, data_until=END, net=SMALL)
    run = run_create(recipe, viewer=None, options=options, queue=False)
    run_train(run)
    run.refresh_from_db()
    assert run.datastreams == ids[1:]


def test_a_recipe_is_evaluated_here_and_now(recipe: str) -> None:
    streams_with_readings()
    options = RunOptions(epochs=1, data_from=BEGIN, data_until=END, net=SMALL)
    assert set(recipe_evaluate(recipe, options=options).metrics) == {"30", "60", "90", "120"}


def test_a_run_writes_a_tensorboard_log(recipe: str) -> None:
    run = run_made(recipe)
    run_train(run)
    assert list(run_folder(run).glob("events.out.tfevents*"))


def test_a_viewer_may_not_start_a_run(recipe: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        run_create(recipe, viewer=viewer_who_may(Capability.VIEW))
    assert refusal.value.status == 403
    assert not Run.objects.exists()


def test_an_unknown_recipe_is_refused_with_those_that_exist(recipe: str) -> None:
    with pytest.raises(ProblemError, match=recipe):
        run_create("city.nothing", viewer=None)


def test_too_few_readings_end_the_run_with_what_is_needed(recipe: str) -> None:
    streams_with_readings(days=2)
    options = RunOptions(data_from=BEGIN, data_until=END)
    run = run_create(recipe, viewer=None, options=options, queue=False)
    assert run_train(run) is None
    run.refresh_from_db()
    assert run.job.state == JobState.FAILED
    assert "200 are needed" in run.job.message


def test_starting_a_run_reads_no_readings(recipe: str) -> None:
    streams_with_readings()
    with CaptureQueriesContext(connections["default"]) as asked:
        run_create(recipe, viewer=None, options=RunOptions(data_from=BEGIN, data_until=END), queue=False)
    assert not [row["sql"] for row in asked if "sensing_" in row["sql"]]


def test_the_worker_reads_the_readings_once(recipe: str) -> None:
    run = run_made(recipe)
    with CaptureQueriesContext(connections["default"]) as asked:
        run_train(run)
    assert len([row for row in asked if "FROM sensing_observation" in row["sql"]]) == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (RunOptions(data_until=datetime(1, 1, 5, tzinfo=UTC)), "data_until"),
        (RunOptions(data_from=datetime(9999, 12, 31, 23, tzinfo=UTC)), "data_from"),
        (RunOptions(data_from=datetime(2000, 1, 1, tzinfo=UTC), data_until=END), "data_from"),
        (RunOptions(data_from=END, data_until=BEGIN), "data_from"),
    ],
)
def test_a_period_that_nobody_can_have_meant_is_refused(recipe: str, options: RunOptions, field: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        run_create(recipe, viewer=None, options=options)
    assert refusal.value.field == field


def test_too_few_readings_for_intervals_end_the_run_with_the_reason(recipe: str) -> None:
    run = run_made(recipe, nodes=1)
    assert run_train(run) is None
    run.refresh_from_db()
    assert run.job.state == JobState.FAILED
    assert "too few for intervals" in run.job.message


def test_a_queued_run_is_cancelled_at_once(recipe: str) -> None:
    run = run_cancel(run_made(recipe), viewer=None)
    assert run.job.state == JobState.CANCELLED
    assert run_train(run) is None


def test_a_wish_to_cancel_stops_a_running_training(recipe: str) -> None:
    run = run_made(recipe)
    job_start(run.job_id)
    job_wish(run.job_id, wish="cancel")
    assert run_train(run) is None
    run.refresh_from_db()
    assert run.job.state == JobState.CANCELLED
    assert run.curve == []


def test_a_cancelled_run_can_be_continued(recipe: str) -> None:
    run = run_cancel(run_made(recipe), viewer=None)
    again = run_resume(run, viewer=None, queue=False)
    assert run_train(again) is not None
    again.refresh_from_db()
    assert again.job.state == JobState.SUCCEEDED


def test_a_finished_run_can_be_neither_cancelled_nor_continued(recipe: str) -> None:
    run = run_made(recipe)
    run_train(run)
    run.refresh_from_db()
    for act in (run_cancel, run_resume):
        with pytest.raises(ProblemError) as refusal:
            act(run, viewer=None)
        assert refusal.value.status == 409


def test_late_readings_do_not_change_a_run_that_is_continued(recipe: str, var_dir: Path) -> None:
    run = run_made(recipe)
    run_train(run)
    kept = (var_dir / "training" / str(run.pk) / "panel.npz").read_bytes()
    again = run_made_again(run)
    run_train(again)
    assert (var_dir / "training" / str(run.pk) / "panel.npz").read_bytes() == kept


def run_made_again(run: Run) -> Run:
    """The run as if its version had been lost."""
    run.refresh_from_db()
    run.modelversion.delete()
    run.job.__class__.objects.filter(pk=run.job_id).update(state=JobState.FAILED)
    return run_resume(Run.objects.get(pk=run.pk), viewer=None, queue=False)


def test_two_workers_never_train_one_run(recipe: str) -> None:
    run = run_made(recipe)
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [job_lock_key(run.job_id)])
    with pytest.raises(JobBusyError):
        run_train(run)
    other.close()
