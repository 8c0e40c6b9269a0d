from __future__ import annotations

import gzip
import socket
import threading
import time

import pytest

from apps.core.egress import EgressError, Limits, address_check, fetch, post
from apps.core.networks import address_permitted
from tests.pulls.servers import Site

LOOPBACK = ["127.0.0.0/8"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[::10.0.0.5]/",
        "http://[::a00:1]/",
        "http://[::169.254.169.254]/",
        "http://[::127.0.0.1]/",
        "http://[::]/",
        "http://[2002:a00:1::]/",
        "http://[2001:0:808:808::f5ff:fffa]/",
        "http://10.0.0.5/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
    ],
)
def test_an_address_inside_the_house_is_refused(url: str) -> None:
    with pytest.raises(EgressError) as refused:
        address_check(url, allowed=[])
    assert refused.value.code == "network"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://",
        "http://user:word@8.8.8.8/",
        "http://8.8.8.8:99999/",
        "http://8.8.8.8/a b",
        "http://8.8.8.8/\r\nX: y",
        "//8.8.8.8/",
        "http://[::1",
        "http://" + "a" * 300 + "/",
        "http://a..b/",
    ],
)
def test_a_hostile_address_is_refused_with_its_reason(url: str) -> None:
    with pytest.raises(EgressError) as refused:
        address_check(url, allowed=["0.0.0.0/0", "::/0"])
    assert refused.value.field == "address"
    assert str(refused.value)


def test_a_public_address_and_an_allowed_network_pass() -> None:
    assert address_check("https://8.8.8.8/x?y=1", allowed=[]).target == "/x?y=1"
    assert address_check("http://127.0.0.1:81/", allowed=LOOPBACK).ips == ("127.0.0.1",)
    assert address_permitted("fd00::1", allowed=["fd00::/8"])
    assert not address_permitted("fd00::1", allowed=LOOPBACK)


def test_a_page_is_fetched_and_unpacked(site: Site) -> None:
    site.pages["/a"] = (200, {"Content-Encoding": "gzip", "ETag": '"1"'}, gzip.compress(b"hello"))
    answer = fetch(site.url("/a"), allowed=LOOPBACK, headers={"X-Own": "1"})
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"hello", '"1"')
    assert site.asked[0][1]["x-own"] == "1"


def test_a_redirect_into_the_house_is_refused(site: Site) -> None:
    site.pages["/a"] = (302, {"Location": "http://169.254.169.254/latest"}, b"")
    with pytest.raises(EgressError, match="may not be called"):
        fetch(site.url("/a"), allowed=LOOPBACK)


def test_a_secret_does_not_follow_a_redirect_to_another_host(site: Site) -> None:
    site.pages["/a"] = (302, {"Location": f"http://localhost:{site.port}/b"}, b"")
    site.pages["/b"] = (200, {}, b"ok")
    sent = {"Authorization": "Bearer x", "Accept": "text/csv"}
    assert fetch(site.url("/a"), allowed=[*LOOPBACK, "::1/128"], headers=sent).body == b"ok"
    assert "authorization" in site.asked[0][1]
    assert "authorization" not in site.asked[1][1]
    assert site.asked[1][1]["accept"] == "text/csv"


def test_endless_redirects_end(site: Site) -> None:
    site.pages["/a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(EgressError) as refused:
        fetch(site.url("/a"), allowed=LOOPBACK)
    assert refused.value.code == "moved"
    assert len(site.asked) == 4


@pytest.mark.parametrize("body", [b"x" * 5000, gzip.compress(b"x" * 5000, mtime=0)])
def test_an_answer_that_is_too_large_is_dropped(site: Site, body: bytes) -> None:
    packed = {"Content-Encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {}
    site.pages["/a"] = (200, packed, body)
    with pytest.raises(EgressError) as refused:
        fetch(site.url("/a"), allowed=LOOPBACK, limits=Limits(size=1000))
    assert refused.value.code == "too_large"


def test_an_answer_that_is_cut_off_is_no_answer(site: Site) -> None:
    site.pages["/a"] = (200, {"Content-Length": "100"}, b"only this")
    with pytest.raises(EgressError) as refused:
        fetch(site.url("/a"), allowed=LOOPBACK)
    assert refused.value.code == "unreachable"


def test_a_trickling_server_does_not_hold_the_worker() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def trickle() -> None:
        peer, _address = listener.accept()
        with peer:
            for _turn in range(100):
                try:
                    peer.sendall(b"H")
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    started = time.monotonic()
    with pytest.raises(EgressError) as refused:
        fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", allowed=LOOPBACK, limits=Limits(seconds=0.4))
    assert refused.value.code == "timeout"
    assert time.monotonic() - started < 2
    listener.close()
    thread.join()


def test_a_closed_port_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(EgressError, match="cannot be reached"):
        post(f"http://127.0.0.1:{port}/", b"{}", allowed=LOOPBACK)


def test_a_post_is_sent_and_not_redirected(site: Site) -> None:
    site.pages["/hook"] = (307, {"Location": "/other"}, b"")
    assert post(site.url("/hook"), b"{}", allowed=LOOPBACK, headers={"X-Sign": "s"}).status == 307
    assert [path for path, _headers in site.asked] == ["/hook"]
