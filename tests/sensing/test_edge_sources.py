"""Local sources: lines arrive once each, whatever the way, and clients hear what is safe."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.sensing.edge.sockets import StreamSource, datagram_source, stream_source, unix_source
from apps.sensing.edge.sources import LONGEST, FileSource, Source, Splitter
from cityplatform.local.ports import free_ports
from tests.sensing.edge import ROOT, config_text, line


def gathered(source: Source, count: int) -> list[bytes]:
    """What the source hands over until there are ``count`` lines, or nothing comes any more."""
    lines: list[bytes] = []
    for _turn in range(20):
        lines += source.read(0.05)
        if len(lines) >= count:
            break
    return lines


def test_lines_may_come_in_pieces_and_a_too_long_one_ends() -> None:
    splitter = Splitter()
    assert splitter.split(b"a\nb") == [b"a"]
    assert splitter.split(b"c\n") == [b"bc"]
    assert splitter.split(b"x" * (LONGEST + 1)) == [b"x" * (LONGEST + 1)]
    assert splitter.end() == []


def test_a_file_is_followed_through_rotation_and_restart(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"1\n2\nhalf")
    first = FileSource(path, b"")
    assert gathered(first, 2) == [b"1", b"2"]
    position = first.position()
    first.close()
    path.rename(tmp_path / "log.1")
    with (tmp_path / "log.1").open("ab") as old:
        old.write(b"way\n")
    path.write_bytes(b"3\n")
    second = FileSource(path, position)
    assert gathered(second, 2) == [b"halfway", b"3"]
    with path.open("ab") as grown:
        grown.write(b"4\n")
    assert gathered(second, 1) == [b"4"]
    path.write_bytes(b"5\n")  # cut and written anew
    assert gathered(second, 1) == [b"5"]
    second.close()


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    source = FileSource(tmp_path / "log", b"")
    assert source.read(0.01) == []
    (tmp_path / "log").write_bytes(b"1\n")
    assert gathered(source, 1) == [b"1"]
    source.close()


def tcp() -> tuple[StreamSource, Callable[[], socket.socket]]:
    address = f"127.0.0.1:{free_ports().web}"
    return stream_source(address), lambda: socket.create_connection(("127.0.0.1", int(address[10:])))


def test_each_client_hears_how_many_of_its_lines_are_safe() -> None:
    source, connect = tcp()
    with connect() as first, connect() as second:
        first.sendall(b"1\n2\n")
        second.sendall(b"3\nhalf")
        assert sorted(gathered(source, 3)) == [b"1", b"2", b"3"]
        source.taken()
        assert (first.recv(99), second.recv(99)) == (b'{"taken":2}\n', b'{"taken":1}\n')
        second.close()  # in the middle of a line
        first.sendall(b"4\n")
        assert gathered(source, 1) == [b"4"]
        source.taken()
        assert first.recv(99) == b'{"taken":3}\n'
    source.close()


def test_a_client_that_never_listens_does_not_stop_the_others() -> None:
    source, connect = tcp()
    with connect() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        for _turn in range(50):
            deaf.sendall(b"1\n" * 100)
            gathered(source, 100)
            source.taken()
    source.close()


def test_a_socket_left_by_a_killed_agent_is_replaced(tmp_path: Path) -> None:
    unix_source(tmp_path / "socket")._listener.close()
    source = unix_source(tmp_path / "socket")
    source.close()
    assert not (tmp_path / "socket").exists()


def test_datagrams_hold_one_or_more_lines() -> None:
    port = free_ports().web
    source = datagram_source(f"127.0.0.1:{port}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.sendto(b"1\n2", ("127.0.0.1", port))
        peer.sendto(b"3", ("127.0.0.1", port))
        assert gathered(source, 3) == [b"1", b"2", b"3"]
    source.close()


@pytest.mark.parametrize(("key", "code"), [("word", 0), ("", 2)])
def test_standard_input_is_read_to_its_end(tmp_path: Path, key: str, code: int) -> None:
    (tmp_path / "edge.toml").write_text(
        config_text(tmp_path, source='kind = "stdin"', head="").replace("5.0", "0.2")
    )
    command = [sys.executable, "-m", "apps.sensing.edge", "--config", str(tmp_path / "edge.toml")]
    lines = b"\n".join([line("a", 0), b"broken", line("b", 1)])
    done = subprocess.run(
        command, cwd=ROOT, input=lines, capture_output=True, env={"EDGE_KEY": key}, check=False
    )
    assert done.returncode == code, done.stderr
    assert (b'"taken":2,"unreadable":1' in done.stderr) is (code == 0)
