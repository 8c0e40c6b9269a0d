"""Requests that leave the house: the address is resolved, checked, and then that very address is called.

An address inside the own network is refused unless the caller allows its network, so that nobody can make
the server read its own neighbours (server-side request forgery, OWASP A10); a name that resolves to another
address a moment later (DNS rebinding) changes nothing. Redirects are checked again like the first address.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from apps.core.errors import ProblemError
from apps.core.networks import address_permitted
from apps.core.sentences import sentence as _

WEB = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 1 << 16
GZIP = 16 + zlib.MAX_WBITS  # zlib's number for a gzip header and trailer


class EgressError(ProblemError):
    """A request that was not made, or got no usable answer; the code says why, the sentence what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take in all (s), the size of its answer (bytes), how often it may move."""

    seconds: float = 20.0
    size: int = 32 << 20
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class ResolvedAddress:
    """An address that may be called: the parts of the URL, and the checked IP addresses in order."""

    scheme: str
    host: str
    port: int
    target: str  # path and query
    ips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


def address_check(
    url: str, *, allowed: Sequence[str], schemes: Mapping[str, int] | None = None
) -> ResolvedAddress:
    """The resolved address of ``url``; EgressError when its form or its network is refused.

    ``allowed`` lists networks as CIDR that may be called although they are private; ``schemes`` maps each
    permitted scheme to its usual port.
    """
    ports = WEB if schemes is None else schemes
    host, port, scheme = _parts(url, ports)
    parts = urlsplit(url)
    ips = _resolve(host, port)
    permitted = tuple(ip for ip in ips if address_permitted(ip, allowed=allowed))
    if not permitted:
        detail = _("The address %(host)s lies inside a network that may not be called from here.")
        raise EgressError(detail % {"host": host}, "address", code="network")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]{}|")
    return ResolvedAddress(scheme, host, port, f"{path}?{query}" if query else path, permitted)


def _parts(url: str, ports: Mapping[str, int]) -> tuple[str, int, str]:
    unreadable = EgressError(_("This is no complete address; give scheme, host and path."), "address")
    if any(ord(sign) <= ord(" ") for sign in url):
        raise unreadable
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise unreadable from error
    if parts.scheme not in ports:
        names = ", ".join(sorted(ports))
        raise EgressError(_("The address must begin with one of: %(names)s.") % {"names": names}, "address")
    if not host or port == 0:
        raise unreadable
    if parts.username or parts.password:
        raise EgressError(
            _("Leave user and password out of the address; name a secret instead."), "address", code="secret"
        )
    return host, port or ports[parts.scheme], parts.scheme


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        detail = _("The name %(host)s is not known; check its spelling and the name server.")
        raise EgressError(detail % {"host": host}, "address", code="unknown_host") from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def fetch(
    url: str,
    *,
    allowed: Sequence[str],
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Answer:
    """GET an address, following redirects; EgressError when there is no answer. Any status is an answer."""
    bounds, sent = limits or Limits(), dict(headers or {})
    ends = time.monotonic() + bounds.seconds
    for _turn in range(bounds.redirects + 1):
        answer = _exchange(_Request("GET", url, sent), allowed=allowed, ends=ends, size=bounds.size)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        target = urljoin(url, answer.headers["location"])
        if urlsplit(target)[:2] != urlsplit(url)[:2]:
            sent = {name: value for name, value in sent.items() if name.lower() in PUBLIC}
        url = target
    raise EgressError(_("The address was redirected too often; give the final one."), "address", code="moved")


PUBLIC = {"accept", "user-agent", "if-none-match", "if-modified-since"}  # what another host may be told


def post(
    url: str,
    body: bytes,
    *,
    allowed: Sequence[str],
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Answer:
    """POST a body; redirects are not followed. EgressError when there is no answer."""
    bounds = limits or Limits()
    request = _Request("POST", url, dict(headers or {}), body)
    return _exchange(request, allowed=allowed, ends=time.monotonic() + bounds.seconds, size=bounds.size)


def _exchange(request: _Request, *, allowed: Sequence[str], ends: float, size: int) -> Answer:
    address = address_check(request.url, allowed=allowed)
    late = EgressError(_("The other side took too long to answer."), "address", 504, "timeout")
    try:
        with _connected(address, ends) as connection:
            connection.request(
                request.method, address.target, request.body, {"Accept-Encoding": "gzip", **request.headers}
            )
            response = connection.getresponse()
            body = _read(response, size)
    except TimeoutError as error:
        raise late from error
    except ssl.SSLCertVerificationError as error:
        detail = _("The certificate of %(host)s is not trusted: %(reason)s.")
        values = {"host": address.host, "reason": error.verify_message}
        raise EgressError(detail % values, "address", 502, "certificate") from error
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= ends:
            raise late from error
        detail = _("%(host)s cannot be reached or broke off; see whether it runs.")
        raise EgressError(detail % {"host": address.host}, "address", 502, "unreachable") from error
    if time.monotonic() >= ends:
        raise late
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, _unpacked(body, headers, size), request.url)


@contextmanager
def _connected(address: ResolvedAddress, ends: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the checked address that is cut when the time is up, however slowly bytes trickle."""
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.host, address.port)
    plain = _dial(address, ends)
    watch = threading.Timer(max(0.0, ends - time.monotonic()), _cut, [plain])
    watch.daemon = True
    watch.start()
    try:
        connection.sock = _secured(plain, address)
        yield connection
    finally:
        watch.cancel()
        connection.close()
        plain.close()


def _secured(plain: socket.socket, address: ResolvedAddress) -> socket.socket:
    if address.scheme != "https":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)


def _cut(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


def _dial(address: ResolvedAddress, ends: float) -> socket.socket:
    failure: OSError = TimeoutError()
    for ip in address.ips:
        try:
            return socket.create_connection((ip, address.port), timeout=max(0.01, ends - time.monotonic()))
        except OSError as error:
            failure = error
    raise failure


def _read(response: http.client.HTTPResponse, size: int) -> bytes:
    parts, total = [], 0
    while part := response.read(CHUNK):
        total += len(part)
        if total > size:
            raise _too_large(size)
        parts.append(part)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)


def _unpacked(body: bytes, headers: Mapping[str, str], size: int) -> bytes:
    if headers.get("content-encoding", "").lower() != "gzip":
        return body
    try:
        plain = zlib.decompressobj(GZIP).decompress(body, size + 1)
    except zlib.error as error:
        raise EgressError(_("The answer is damaged."), "address", 502, "damaged") from error
    if len(plain) > size:
        raise _too_large(size)
    return plain


def _too_large(size: int) -> EgressError:
    detail = _("The answer is larger than %(limit)d bytes; ask for less at a time.") % {"limit": size}
    return EgressError(detail, "address", 502, "too_large")
