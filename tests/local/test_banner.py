"""What a person sees when the system is up."""

from __future__ import annotations

import json

from cityplatform.local.banner import banner, when_answers
from cityplatform.local.ports import free_ports
from cityplatform.local.prepare import logins_read


def test_the_banner_shows_where_to_go_and_how_to_log_in(tmp_path):
    rows = [{"username": "lin", "password": "Dora-82", "role_zh": "值班员", "role_en": "Operator"}]
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "logins.json").write_text(json.dumps(rows), encoding="utf-8")
    text = banner(portal="http://127.0.0.1:8700/portal/", logins=logins_read(tmp_path), var=str(tmp_path))
    for part in ("http://127.0.0.1:8700/map/", "lin", "Dora-82", "值班员 / Operator", "Ctrl-C"):
        assert part in text


def test_nobody_who_answers_is_no_error():
    assert not when_answers(free_ports().web, seconds=0.3)
