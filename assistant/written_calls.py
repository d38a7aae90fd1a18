"""Finds JSON and tool calls in the words of a model whose server does not take them out by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

_FENCE = re.compile(r"```(?:json|tool_call|tool_code)?\s*|```")
_AROUND = re.compile(r"</?tool_calls?>|<\|python_tag\|>|\[/?TOOL_CALLS\]|</?function_calls?>|[\[\],\s]")


def json_in(text: str) -> dict[str, Any] | None:
    """Return the first JSON object in a text, whatever stands around it; None if there is none."""
    return next((found for found, _ in _objects(_FENCE.sub("", text))), None)


def calls_in(text: str, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the tool calls that a text consists of, as LangChain wants them; none if it says more than that.

    Args:
        text: What a model said.
        names: Tools that there are.
    """
    text = _FENCE.sub("", text)
    calls: list[dict[str, Any]] = []
    rest = text
    for found, written in _objects(text):
        rest = rest.replace(written, "", 1)
        inside = found.get("function")
        call: dict[str, Any] = inside if isinstance(inside, dict) else found
        arguments = call.get("arguments", call.get("parameters", call.get("args")))
        if isinstance(arguments, str):
            arguments = json_in(arguments)
        if call.get("name") not in names or not isinstance(arguments, dict):
            return []
        calls.append({"name": call["name"], "args": arguments, "id": f"written_{len(calls)}"})
    return calls if not _AROUND.sub("", rest) else []


def _objects(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Walk over the outermost JSON objects of a text."""
    decoder, place = json.JSONDecoder(), text.find("{")
    while place >= 0:
        try:
            found, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError:
            place = text.find("{", place + 1)
            continue
        if isinstance(found, dict):
            yield found, text[place:end]
        place = text.find("{", end)
