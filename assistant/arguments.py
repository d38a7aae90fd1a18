"""Mends arguments of tool calls where only one thing can be meant, and says what would be right where not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.prompts import fill
from tools.core import ToolSpec, all_tools

MOST_LISTED = 12
_NOTHING: tuple[object, ...] = (None, "", {})


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a tool in words.

    Attributes:
        name: Its key.
        purpose: What it is for.
        needed: Whether a call without it fails.
        choices: The values that it takes, if they are few.
    """

    name: str
    purpose: str
    needed: bool
    choices: tuple[str, ...] = ()


def described(schema: Mapping[str, Any]) -> list[Argument]:
    """Return the arguments of a JSON schema, needed ones first."""
    needed = schema.get("required", ())
    found = [
        Argument(name, about.get("description", ""), name in needed, tuple(map(str, _choices(about))))
        for name, about in schema.get("properties", {}).items()
    ]
    return sorted(found, key=lambda argument: not argument.needed)


def mended(spec: ToolSpec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as they can only be meant.

    JSON that came as text is read, one thing where several are taken becomes a list of one, and nothing ("",
    None, an empty object) where a default stands is left out. What already fits is returned as it is.
    """
    given = dict(arguments)
    if _fits(spec, given):
        return given
    known = spec.schema["properties"]
    better = {name: _meant(value, known.get(name, {})) for name, value in given.items()}
    better = {name: value for name, value in better.items() if name not in known or value not in _NOTHING}
    return better if _fits(spec, better) else given


def what_would_be_right(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return what a model is told whose arguments do not fit; empty where they do, or for an unknown tool."""
    spec = all_tools().get(tool)
    if spec is None or _fits(spec, arguments):
        return ""
    schema = spec.schema
    listed = described(schema)
    unknown = [name for name in arguments if name not in schema["properties"]]
    wrong = {error["loc"][0] for error in _errors(spec, arguments) if error["loc"]}
    shown = [one for one in listed if one.needed or one.name in wrong - set(unknown)] or listed[:MOST_LISTED]
    return fill(
        "wrong_arguments.md",
        tool=tool,
        unknown=unknown,
        arguments=shown,
        nearest=_nearest(unknown, [one.name for one in listed]),
    )


def _fits(spec: ToolSpec, arguments: Mapping[str, Any]) -> bool:
    return not _errors(spec, arguments)


def _errors(spec: ToolSpec, arguments: Mapping[str, Any]) -> list[Any]:
    try:
        spec.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        return list(error.errors())
    return []


def _meant(value: Any, about: Mapping[str, Any]) -> Any:
    takes_list = about.get("type") == "array"
    if (
        isinstance(value, str)
        and value.strip()[:1] in ("{", "[")
        and about.get("type") in ("array", "object")
    ):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return value
    if takes_list and isinstance(value, str | int | float | dict) and value not in ("", {}):
        value = [value]
    if takes_list and isinstance(value, list):
        named = about.get("items", {}).get("$ref", "").endswith(("GroupBy", "Condition"))
        return [{"column": item} if named and isinstance(item, str) else item for item in value]
    return value


def _choices(about: Mapping[str, Any]) -> list[Any]:
    """Return the values that a property takes, also where it may be left empty or holds a list of them."""
    branches = [about, about.get("items", {}), *about.get("anyOf", ())]
    return next((branch["enum"] for branch in branches if "enum" in branch), [])


def _nearest(unknown: list[str], known: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    found = [process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=60) for name in unknown]
    return list(dict.fromkeys(match[0] for match in found if match))
