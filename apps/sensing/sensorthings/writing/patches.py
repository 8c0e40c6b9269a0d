"""JSON Patch (RFC 6902) on the JSON of an entity; frost-sta-client sends such lists."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import ProblemError

MOST, DEEPEST = 50, 10


def patch_apply(document: dict[str, Any], patch: Any) -> dict[str, Any]:
    """The document after add, replace, remove and test; ProblemError names the first that fails."""
    changed = copy.deepcopy(document)
    if not isinstance(patch, list) or len(patch) > MOST:
        raise ProblemError(_("Send a JSON Patch: a list of operations (RFC 6902)."), "body", code="type")
    for index, step in enumerate(patch):
        if not isinstance(step, dict) or not isinstance(step.get("path"), str):
            raise ProblemError(_("An operation has op and path."), str(index), code="type")
        try:
            _step(changed, step)
        except (KeyError, IndexError, ValueError, TypeError):
            detail = _("The operation cannot be done; use add, replace, remove or test on what is there.")
            raise ProblemError(detail, f"{index}.path", code="patch") from None
    return changed


def _step(document: dict[str, Any], step: dict[str, Any]) -> None:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]]
    if not 0 < len(parts) <= DEEPEST:
        raise ValueError(step["path"])
    holder: Any = document
    for part in parts[:-1]:
        holder = holder[int(part) if isinstance(holder, list) else part]
    name: Any = parts[-1]
    if isinstance(holder, list):
        _in_list(holder, name, step)
    elif not isinstance(holder, dict):
        raise TypeError(name)
    elif step["op"] == "remove":
        del holder[name]
    elif step["op"] == "test":
        _same_require(holder[name], step["value"])
    elif step["op"] in {"add", "replace"}:
        holder[name] = step["value"]
    else:
        raise ValueError(step["op"])


def _in_list(holder: list[Any], name: str, step: dict[str, Any]) -> None:
    place = len(holder) if name == "-" else int(name)
    if step["op"] == "add":
        holder.insert(place, step["value"])
    elif step["op"] == "replace":
        holder[place] = step["value"]
    elif step["op"] == "remove":
        del holder[place]
    else:
        _same_require(holder[place], step["value"])


def _same_require(found: Any, wanted: Any) -> None:
    if found != wanted:
        raise ValueError(wanted)
