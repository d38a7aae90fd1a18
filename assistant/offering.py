"""Describes the tools to a model in few words: each kind of argument in full once, then by its first keys.

The schemas as pydantic writes them, with every reference filled in, take 31,000 tokens: more than most models
on somebody's own machine can read at once, and dear with every request. Told so, they take 11,000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core import ToolSpec

IN_FULL = "aggregate"  # the one tool that tells every key of conditions, measures and groups
MOST_KEYS = 6  # of such an argument elsewhere
_SAID = ("description", "enum", "type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def told_schema(spec: ToolSpec) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments as a model is told it.

    It says less than what is taken: a call is checked against the whole one. Each kind of object is written
    out once, at the place nearest to the top; deeper down, and in all tools but one, it is told in short.
    """
    teller = _Teller(spec.name, spec.schema.get("$defs", {}))
    return teller.of_object(spec.schema, [])


class _Teller:
    """Writes the schema of one tool."""

    def __init__(self, tool: str, kinds: Mapping[str, Any]) -> None:
        self._tool, self._kinds = tool, kinds
        self._told: dict[str, str] = {}  # kind of object -> the argument where it is written out

    def of_object(
        self, about: Mapping[str, Any], path: Sequence[str], most: int | None = None
    ) -> dict[str, Any]:
        properties = about.get("properties", {})
        shown = dict(list(properties.items())[:most])
        for name, one in shown.items():  # the kinds of this level first: nearer to the top is easier to find
            if (kind := _kind_in(one)) is not None:
                self._told.setdefault(kind, ".".join([*path, name]))
        found = {name: self._of(one, [*path, name]) for name, one in shown.items()}
        needed = [name for name in about.get("required", ()) if name in found]
        told: dict[str, Any] = {"type": "object", "properties": found}
        return {**told, "required": needed} if needed else told

    def _of(self, about: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
        if "$ref" in about:
            told = self._of_kind(about["$ref"].split("/")[-1], path)
            words = [one["description"] for one in (about, told) if "description" in one]
            return {**told, "description": ". ".join(words)} if words else told
        if "anyOf" in about:
            branches = [self._of(one, path) for one in about["anyOf"] if one.get("type") != "null"]
            plain = [
                one for one in branches if one != {"type": "integer"} or {"type": "number"} not in branches
            ]
            return {**(plain[0] if len(plain) == 1 else {"anyOf": plain}), **_description(about)}
        if about.get("type") == "array":
            return {"type": "array", "items": self._of(about.get("items", {}), path), **_description(about)}
        told = {key: about[key] for key in _SAID if key in about}
        return {**told, "default": about["default"]} if about.get("default") not in (None, False) else told

    def _of_kind(self, kind: str, path: Sequence[str]) -> dict[str, Any]:
        about, here = self._kinds[kind], ".".join(path)
        if "properties" not in about:
            return self._of(about, path)
        if self._told.setdefault(kind, here) != here:
            return {"type": "object", "description": f"With the keys of `{self._told[kind]}`"}
        if self._tool == IN_FULL or len(about["properties"]) <= MOST_KEYS:
            return self.of_object(about, path)
        return self.of_object(about, path, MOST_KEYS)


def _kind_in(about: Mapping[str, Any]) -> str | None:
    """Return which kind of object a property holds, alone, in a list or as one of several."""
    branches = [about, about.get("items", {}), *about.get("anyOf", ())]
    return next((one["$ref"].split("/")[-1] for one in branches if "$ref" in one), None)


def _description(about: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": about["description"]} if "description" in about else {}
