"""The hub's parts without a network: a slow client is a sender that waits."""

import asyncio
import json
from typing import Any

from apps.accounts.data import Capability, Viewer
from apps.core.grades import Grade
from apps.core.sentences import packed, sentence
from apps.live.data import Directory, Target
from apps.live.hub.client import MOST_TOLD, Client
from apps.live.hub.feed import MEMORY, Feed
from apps.live.hub.jobs import JobFeed

LIMIT = 3


class Line:
    """A network that takes messages only while it is open."""

    def __init__(self, language: str = "en") -> None:
        self.open, self.sent = asyncio.Event(), list[dict[str, Any]]()
        self.client = Client(send=self._send, limit=LIMIT, language=language)

    async def _send(self, text: str) -> None:
        await self.open.wait()
        self.sent.append(json.loads(text))

    async def received(self) -> list[dict[str, Any]]:
        """Everything that comes once the network is open."""
        self.open.set()
        await asyncio.wait_for(self.client.drain(), 5)
        self.client.close()
        return self.sent


def feed_with(line: Line, *, resume: int | None = None) -> Feed:
    feed = Feed("city.roads", "")
    feed.join(line.client, resume=resume)
    return feed


def frame(feed: Feed, value: float, *, feature: int = 1) -> int:
    """One more frame; its number."""
    feed.take(feature, (int(value), value, 0))
    feed.flush()
    return feed.number


async def test_a_quick_client_gets_every_frame() -> None:
    line = Line()
    line.open.set()
    feed = feed_with(line)
    for value in range(10):
        frame(feed, value)
        await line.client.drain()
    kinds = [message["type"] for message in await line.received()]
    assert kinds == ["snapshot"] + ["frame"] * 10


async def test_a_slow_client_is_cut_to_the_newest_and_told_what_it_missed() -> None:
    line = Line()
    feed = feed_with(line)
    await asyncio.sleep(0)  # the snapshot hangs in the network
    numbers = [frame(feed, value) for value in range(100)]
    _snapshot, skipped, newest = await line.received()
    assert skipped == {"type": "skipped", "layer": "city.roads", "from": numbers[0], "to": numbers[-1]}
    assert (newest["type"], newest["n"], newest["values"]) == ("snapshot", numbers[-1], [[1, 99, 99.0, 0]])


async def test_frames_go_on_after_a_cut() -> None:
    line = Line()
    feed = feed_with(line)
    await asyncio.sleep(0)
    for value in range(100):
        frame(feed, value)
    line.open.set()
    await line.client.drain()
    after = frame(feed, 100)
    last = (await line.received())[-1]
    assert (last["type"], last["n"]) == ("frame", after)


async def test_a_client_that_never_reads_costs_no_memory() -> None:
    line = Line()
    feed = feed_with(line)
    for value in range(1000):
        frame(feed, value)
    assert len(line.client._waiting) <= LIMIT
    line.client.close()


async def test_a_refusal_is_never_cut() -> None:
    line = Line()
    feed = feed_with(line)
    line.client.tell('{"type": "refused"}')
    for value in range(100):
        frame(feed, value)
    assert {"type": "refused"} in await line.received()


async def test_nothing_of_a_feed_comes_after_leaving_it() -> None:
    line = Line()
    feed = feed_with(line)
    for value in range(100):
        frame(feed, value)
    feed.leave(line.client)
    assert await line.received() == []


async def test_a_client_that_asks_and_never_reads_is_flooded() -> None:
    line = Line()
    for _ in range(MOST_TOLD + 2):
        line.client.tell("{}")
    assert line.client.is_flooded
    line.client.close()


async def test_resuming_gives_exactly_the_frames_that_were_missed() -> None:
    line, feed = Line(), Feed("city.roads", "")
    numbers = [frame(feed, value) for value in range(5)]
    feed.join(line.client, resume=numbers[1])
    assert [message["n"] for message in await line.received()] == numbers[2:]


async def test_resuming_beyond_the_memory_gives_a_snapshot() -> None:
    line, feed = Line(), Feed("city.roads", "")
    first = frame(feed, 0)
    for value in range(MEMORY + 5):
        frame(feed, value)
    feed.join(line.client, resume=first)
    assert [message["type"] for message in await line.received()] == ["snapshot"]


async def test_a_number_of_another_process_gives_a_snapshot() -> None:
    line, other, feed = Line(), Feed("city.roads", ""), Feed("city.roads", "")
    frame(feed, 1)
    feed.join(line.client, resume=frame(other, 1))
    assert [message["type"] for message in await line.received()] == ["snapshot"]


def test_numbers_are_exact_in_javascript() -> None:
    assert max(Feed("city.roads", "").number for _ in range(200)) + 10**9 < 2**53


def test_a_feature_that_is_gone_leaves_the_feed() -> None:
    feed = Feed("city.roads", "", {1: (5, 1.0, 0), 2: (5, 2.0, 0)})
    feed.renew({2: (4, 9.0, 0), 3: (5, 3.0, 0)})
    assert feed.values == {2: (5, 2.0, 0), 3: (5, 3.0, 0)}


def test_a_row_without_a_division_is_known_everywhere() -> None:
    targets = {
        1: Target("l", 10, "359902"),
        2: Target("l", 20, ""),
        3: Target("l", 30, "359903001"),
        4: Target("m", 40, ""),
    }
    directory = Directory(targets, dict.fromkeys(targets, (0, 1.0, 0)))
    assert set(directory.readings(layer="l", division="359903")) == {20, 30}


def viewer(*domains: str, clearance: Grade = Grade.L2) -> Viewer:
    return Viewer(
        user_id=1, clearance=clearance, rights=frozenset((slug, Capability.VIEW) for slug in domains)
    )


async def test_job_news_keeps_the_newest_state_for_a_slow_client() -> None:
    line, jobs = Line(), JobFeed()
    jobs.clients[line.client] = viewer("city")
    for done in range(50):
        jobs.take({"id": "a", "domain": "city", "done": done})
        jobs.flush()
    assert (await line.received())[-1] == {"type": "job", "id": "a", "domain": "city", "done": 49}


async def test_job_news_follows_domain_and_clearance() -> None:
    lines = [Line() for _ in range(3)]
    jobs = JobFeed()
    rights = viewer("city"), viewer("farm"), viewer("city", clearance=Grade.L1)
    for line, seen_by in zip(lines, rights, strict=True):
        jobs.clients[line.client] = seen_by
    jobs.take({"id": "a", "domain": "city", "title": "t"})
    jobs.flush()
    assert [len(await line.received()) for line in lines] == [1, 0, 0]


async def test_job_news_comes_in_the_language_of_each_client() -> None:
    lines, jobs = {language: Line(language) for language in ("zh-hans", "en")}, JobFeed()
    for line in lines.values():
        jobs.clients[line.client] = viewer("city")
    jobs.take({"id": "a", "domain": "city", "title": packed(sentence("Restore drill")), "message": "x.csv"})
    jobs.flush()
    said = {language: (await line.received())[-1] for language, line in lines.items()}
    assert {language: body["title"] for language, body in said.items()} == {
        "zh-hans": "恢复演练",
        "en": "Restore drill",
    }
    assert {body["message"] for body in said.values()} == {"x.csv"}
