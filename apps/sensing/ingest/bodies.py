"""Bytes that a device sent, into a plain value: JSON or MessagePack, as they are or compressed by gzip."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from apps.core.errors import ProblemError
from apps.core.members import (
    Doubled,
    DuplicateMemberError,
    json_read_doubled,
    msgpack_names_once,
    msgpack_read_doubled,
    names_once,
    unread_sentence,
)
from apps.core.sentences import sentence as _

JSON, MSGPACK = "application/json", "application/msgpack"
KINDS = {JSON: JSON, MSGPACK: MSGPACK, "application/x-msgpack": MSGPACK, "application/vnd.msgpack": MSGPACK}
GZIP = 16 + zlib.MAX_WBITS  # zlib's number for a gzip header and trailer


def kind_of(content_type: str) -> str:
    """The kind of a body by its content type (JSON when none is given); ProblemError 415 for any other."""
    name = content_type.partition(";")[0].strip().lower() or JSON
    if name not in KINDS:
        raise ProblemError(_("Send application/json or application/msgpack."), "content-type", 415)
    return KINDS[name]


def is_json(content_type: str) -> bool:
    """Whether a body is JSON by its content type, or has none."""
    name = content_type.partition(";")[0].strip().lower()
    return name in {"", JSON} or name.endswith("+json")


def body_unpack(body: bytes, *, encoding: str, limit: int) -> bytes:
    """The body without its compression, at most ``limit`` bytes; ProblemError 400, 413 or 415."""
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise ProblemError(_("Send the body as it is, or compressed by gzip."), "content-encoding", 415)
    unpacker = zlib.decompressobj(GZIP)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise ProblemError(_("The body is not compressed by gzip."), "body") from error
    if len(plain) > limit:
        raise too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise ProblemError(_("The compressed body is cut off, or something follows it."), "body")
    return plain


def too_large(limit: int) -> ProblemError:
    """What a caller hears whose body is too long."""
    detail = _("Send at most %(limit)d bytes at a time; cut the batch.") % {"limit": limit}
    return ProblemError(detail, "body", 413, "too_large")


def body_parse(body: bytes, kind: str = JSON) -> Any:
    """The value of a body; NaN and Infinity pass, so that only their rows go to quarantine.

    A row that names a member twice passes as ``Doubled``, for the same reason; ProblemError where the body
    itself does, since it is one row then, or columns of which nobody knows which count.
    """
    value = _msgpack(body) if kind == MSGPACK else _json(body)
    if isinstance(value, Doubled):
        raise ProblemError(DuplicateMemberError(value.name).detail, value.name, code="duplicate")
    return value


def _msgpack(body: bytes) -> Any:
    try:
        value = msgspec.msgpack.decode(body)
        return value if msgpack_names_once(body, value) else msgpack_read_doubled(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError, ValueError) as error:
        detail = _(
            "The body is no MessagePack, is cut off or nested too deeply, or holds a text that is no UTF-8."
        )
        raise ProblemError(detail, "body") from error


def _json(body: bytes) -> Any:
    try:
        value = msgspec.json.decode(body)
        if names_once(body, value):
            return value
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json_read_doubled(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ProblemError(unread_sentence(error), "body") from error
