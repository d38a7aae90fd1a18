"""Knows which request stands for a tool call: every request class of this package, by its tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.builtin.request import Request, advice, edits, rows, segments, tables

_FAMILIES = (rows, tables, segments, edits, advice)

REQUESTS: Mapping[str, type[Request]] = {
    kind.tool: kind
    for family in _FAMILIES
    for kind in vars(family).values()
    if isinstance(kind, type) and issubclass(kind, Request) and kind.tool
}


def request_from_call(tool: str, arguments: Mapping[str, Any]) -> Request | None:
    """Turn an earlier tool call back into a request; None for tools that no request stands for."""
    kind = REQUESTS.get(tool)
    known = {name: value for name, value in arguments.items() if kind and name in kind.model_fields}
    return kind.model_validate(known) if kind else None
