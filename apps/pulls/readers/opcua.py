"""Values of an OPC UA server in a plant, with the time and the status that the device itself gives them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from apps.core.egress import address_check
from apps.core.errors import ProblemError
from apps.core.sentences import sentence as _
from apps.pulls.data import Fetched, OpcuaMapping, Remark
from apps.pulls.models import Source
from apps.pulls.readers.reaching import secret_read

SCHEMES = {"opc.tcp": 4840}
NODE_PATTERN = r"(ns=\d+;)?[isgb]=.+"  # OPC UA part 6, 5.3.1.10


def read(source: Source, mapping: OpcuaMapping) -> Fetched:
    """The value of every mapped node now; a bad one is a row without a value, which quarantine shows.

    The time at the device is that of the last change, so a value that has not changed since the last run
    counts at the time of this one: a sensor at rest is not a silent one.
    """
    nodes = list(mapping.nodes)
    values = asyncio.run(_read_values(_address(source.address), nodes, mapping.user, secret_read(source)))
    rows, remarks = [], []
    known = source.position.get("source_times", {})
    times: dict[str, str] = {}
    for (node, key), value in zip(mapping.nodes.items(), values, strict=True):
        times[node] = at = _moment(value)
        if known.get(node) == at:
            at = timezone.now().isoformat()
        rows.append({"datastream": key, "phenomenonTime": at, "result": _result(value)})
        if value.StatusCode.is_uncertain():
            reason = _("The device says: %(status)s.") % {"status": value.StatusCode.name}
            remarks.append(Remark(key, datetime.fromisoformat(at), reason, quality=1))
    bad = [value.StatusCode.name for value in values if value.StatusCode.is_bad()]
    note = _("Bad at the device: %(names)s.") % {"names": ", ".join(sorted(set(bad)))} if bad else ""
    return Fetched(rows, remarks=tuple(remarks), note=note, position={"source_times": times})


def _address(address: str) -> str:
    """The address with the checked IP in the place of the name."""
    checked = address_check(address, allowed=settings.PULL_ALLOWED_NETWORKS, schemes=SCHEMES)
    ip = checked.ips[0]
    host = f"[{ip}]" if ":" in ip else ip
    return f"opc.tcp://{host}:{checked.port}{urlsplit(address).path}"


async def _read_values(address: str, nodes: Sequence[str], user: str, secret: str) -> list[Any]:
    """The data values in the order of the nodes; ProblemError in words when the server does not answer."""
    asyncua = import_module("asyncua")
    client = asyncua.Client(url=address, timeout=settings.PULL_SECONDS)
    if user:
        client.set_user(user)
        client.set_password(secret)
    try:
        ids = [asyncua.ua.NodeId.from_string(node) for node in nodes]
        async with asyncio.timeout(settings.PULL_SECONDS), client:
            values: list[Any] = await client.uaclient.read_attributes(ids, asyncua.ua.AttributeIds.Value)
            return values
    except TimeoutError as error:
        raise ProblemError(
            _("The OPC UA server took too long to answer."), "address", 504, "timeout"
        ) from error
    except (OSError, ConnectionError) as error:
        raise ProblemError(
            _("The OPC UA server cannot be reached."), "address", 502, "unreachable"
        ) from error
    except asyncua.ua.UaError as error:
        detail = _("The OPC UA server refuses: %(reason)s.") % {"reason": type(error).__name__}
        raise ProblemError(detail, "address", 502, "refused") from error


def _result(value: Any) -> Any:
    """The number; None for a bad value, since whatever it holds means nothing."""
    if value.StatusCode.is_bad() or value.Value is None:
        return None
    found = value.Value.Value
    return float(found) if isinstance(found, bool) else found


def _moment(value: Any) -> str:
    """The time at the device, else at the server, else now; OPC UA times are in UTC."""
    moment = value.SourceTimestamp or value.ServerTimestamp or timezone.now()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
