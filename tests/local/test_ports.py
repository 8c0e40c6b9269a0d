"""Ports: chosen by the environment, refused with a way out."""

from __future__ import annotations

import socket

import pytest

from cityplatform.local.errors import LocalError
from cityplatform.local.ports import HOST, Ports, free_ports, is_taken, ports_from, require_free


def test_a_variable_moves_one_port_and_leaves_the_others():
    assert ports_from({"WEB_PORT": "9700"}) == Ports(web=9700)


@pytest.mark.parametrize("value", ["web", "-1", "0", "65536", "87 00"])
def test_a_variable_that_is_no_port_stops_the_start_by_name(value):
    with pytest.raises(LocalError, match="WEB_PORT"):
        ports_from({"WEB_PORT": value})


def test_a_taken_port_is_named_together_with_a_free_one():
    with socket.create_server((HOST, 0)) as other:
        number = other.getsockname()[1]
        with pytest.raises(LocalError) as caught:
            require_free(Ports(**dict(free_ports().pairs()) | {"redis": number}))
    assert f"{number} (redis)" in caught.value.problem
    suggested = int(caught.value.way_out.rpartition("REDIS_PORT=")[2])
    assert not is_taken(suggested)


def test_two_services_on_one_port_are_refused():
    with pytest.raises(LocalError, match="same port"):
        require_free(Ports(web=8701))


def test_free_ports_are_free_and_differ():
    ports = free_ports()
    require_free(ports)
    assert len({number for _name, number in ports.pairs()}) == len(ports.pairs())
