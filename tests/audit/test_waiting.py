"""Entries that wait: whatever they hold, each is written exactly once, and nothing grows without end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.audit.models import AccessEntry
from apps.audit.services import Act, access_record
from apps.audit.services.recording import entry_of
from apps.audit.services.waiting import BEHIND_KEY, LOST, LOST_ENTRIES, MOST, WAITING, Waiting
from apps.core.errors import ProblemError
from cityplatform.local.ports import free_ports

pytestmark = pytest.mark.django_db
HOSTILE = "x\x00y\ud800z" + "长" * 500


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Entries that this test writes itself, without the thread."""
    found = Waiting()
    monkeypatch.setattr(found, "_start", lambda: None)
    return found


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The database cannot be reached until the test says so: nobody listens at its address."""
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", str(free_ports().web))
        yield patch
    connection.close()


def act(number: int, **facts: Any) -> Act:
    return Act("read", object_type="city.Road", rows=number, **facts)


def rows_written() -> list[int]:
    found = AccessEntry.objects.filter(object_type="city.Road")
    return sorted(found.values_list("rows", flat=True))


def lost() -> float:
    return sum(sample.value for metric in LOST_ENTRIES.collect() for sample in metric.samples[::2])


def test_no_text_of_an_act_makes_an_entry_that_the_database_refuses() -> None:
    names = ("object_type", "object_id", "purpose", "result", "role")
    hostile = Act(
        HOSTILE,
        user_id=7,
        rows=-5,
        address="fe80::1%eth0",
        fields=(HOSTILE, "name"),
        objects=(HOSTILE, "1"),
        **dict.fromkeys(names, HOSTILE),
    )
    entry = AccessEntry.objects.get(pk=access_record(hostile).pk)
    assert entry.object_id.startswith("x\ufffdy\ufffdz长")
    assert (entry.user_id, entry.rows, entry.address) == (7, 0, "fe80::1")
    assert len(entry.objects_seen) == len(entry.fields) == 2
    assert access_record(Act("read", address="no address", rows=2**80)).address is None


def test_one_entry_that_the_database_refuses_is_set_aside_and_the_others_are_written_once(
    waiting: Waiting,
) -> None:
    before, bad = lost(), entry_of(act(999))
    bad.user_id = 2**70
    for number in range(5):
        waiting.put(entry_of(act(number)))
    waiting.put(bad)
    for number in range(5, 10):
        waiting.put(entry_of(act(number)))
    assert waiting.flush() == 11
    assert waiting.flush() == 0
    assert rows_written() == list(range(10))
    assert lost() == before + 1
    assert AccessEntry.objects.get(result=LOST).user_id is None  # it was the user that could not be stored


def test_what_can_be_said_of_a_refused_entry_is_kept(waiting: Waiting) -> None:
    bad = entry_of(Act("read", user_id=7, object_type="city.Road"))
    bad.object_id = "x\x00"  # past the cleaning
    waiting.put(bad)
    waiting.flush()
    kept = AccessEntry.objects.get(result=LOST)
    assert (kept.user_id, kept.at, kept.object_type) == (7, bad.at, "")


def test_half_a_surrogate_does_not_end_the_thread(waiting: Waiting) -> None:
    bad = entry_of(act(1))
    bad.request_id = "\ud800"
    waiting.put(bad)
    waiting.put(entry_of(act(2)))
    assert waiting.flush() == 2
    assert rows_written() == [2]


@pytest.mark.django_db(transaction=True)
def test_entries_wait_while_the_database_is_away_and_are_written_once_when_it_is_back(
    waiting: Waiting, database_away: pytest.MonkeyPatch
) -> None:
    for number in range(MOST + 5):
        waiting.put(entry_of(act(number)))
    assert not waiting._flush_all()  # comes back at once, however many wait
    assert connection.connection is None
    database_away.undo()
    assert waiting._flush_all()
    assert waiting._flush_all()
    assert rows_written() == list(range(MOST + 5))


def test_an_entry_whose_commit_got_through_unheard_is_not_written_again(waiting: Waiting) -> None:
    waiting.put(entry_of(act(1)))
    again = waiting._entries[0]
    waiting.flush()
    waiting.put(again)
    waiting.flush()
    assert rows_written() == [1]


def test_memory_is_bounded_and_then_nothing_leaves() -> None:
    full = Waiting(most=3)
    full._start = lambda: None  # type: ignore[method-assign]
    for number in range(3):
        full.put(entry_of(act(number)))
    with pytest.raises(ProblemError) as refused:
        full.put(entry_of(act(3)))
    assert refused.value.status == 503
    full.flush()
    full.put(entry_of(act(3)))


def test_the_process_is_not_ready_while_entries_wait_for_more_than_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WAITING, "_start", lambda: None)
    old = entry_of(act(1))
    old.at = timezone.now() - timedelta(seconds=61)
    WAITING.put(old)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["access_log"]) == (503, "behind")
    WAITING._measure()
    WAITING.flush()
    assert Client().get("/readyz").status_code == 503  # another process of the site says so
    cache.delete(BEHIND_KEY)
    assert Client().get("/readyz").status_code == 200
