"""The demonstration on the running system: real processes, HTTP, websocket."""

from __future__ import annotations

from tests.stack import LiveStack


def test_access_goes_from_a_request_to_a_recall_that_closes_everything(live_stack: LiveStack) -> None:
    lines = live_stack.manage("demo_sharing", "--base", live_stack.web_url).splitlines()
    steps = [line for line in lines if line.startswith(("ok", "FAIL"))]
    assert len(steps) == 11
    assert all(line.startswith("ok") for line in steps), "\n".join(steps)
    closed = next(line for line in steps if "live view is closed" in line)
    assert "4403" in closed
