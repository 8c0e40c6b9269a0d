"""JSON bodies of the API: bounded in size and depth before anything looks at them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser

from apps.core.members import DuplicateMemberError, json_read, unread_sentence
from apps.core.texts import form_unreadable, unstorable_paths

DEEPEST = 64  # levels of lists and objects; no body of ours has more than ten


class BodyTooLargeError(APIException):
    """A body above the limit; no ``ProblemError``, because DRF loads its parsers before our errors."""

    status_code = 413
    default_code = "size"


class BoundedJSONParser(JSONParser):
    """DRF's parser with the limits that Django has for forms: 413 above them, 400 for what is no JSON."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of the body."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            detail = _("The body is larger than %(most)d bytes; send it in parts.")
            raise BodyTooLargeError(detail % {"most": most})
        try:
            value = json_read(codecs.decode(raw, "utf-8"), constant=_no_constant)
        except DuplicateMemberError as error:
            raise ValidationError({error.name: error.detail}, code="duplicate") from error
        except (ValueError, RecursionError) as error:
            raise ParseError(unread_sentence(error)) from error
        if _is_deep(value):
            raise ParseError(unread_sentence(RecursionError()))
        path = next(unstorable_paths(value), None)
        if path is not None:
            raise ValidationError({path: _("A NUL character or half of a surrogate pair is not text.")})
        return value


class ReadableFormParser(MultiPartParser):
    """DRF's parser of forms in parts, with the rule for texts that every form has."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles[Any, Any]:
        """Fields and files."""
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except ParseError as error:  # it quotes its library, in English
            detail = _("The form cannot be read: send multipart/form-data, with the boundary of its parts.")
            raise ParseError(detail) from error
        name = next(form_unreadable(parsed.data), None)
        if name is not None:
            raise ValidationError({name: _("A NUL character or half of a surrogate pair is not text.")})
        return parsed


def _no_constant(name: str) -> Any:
    """NaN and Infinity are no JSON (RFC 8259)."""
    raise ValueError(name)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _step in range(DEEPEST):
        level = [
            item
            for outer in level
            if isinstance(outer, list | dict)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
