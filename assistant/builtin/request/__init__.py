"""Knows what a request is: typed fields that are the arguments of the one tool that answers it.

They are kept by what they are about: `rows` (questions about rows), `tables` (what is in the tables, how
they are read), `segments` (segments made, asked about), `edits` (segments changed, taken back, chosen),
`advice` (forecasts, methods, the field). `outcome` is how a message was read, `calls` the way back from a
tool call. A new kind of request is one class in one of these files.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """Something that one tool call answers; the fields are the tool's arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tool: ClassVar[str] = ""

    def arguments(self) -> dict[str, Any]:
        """Return the tool's arguments as JSON, defaults left out but for the words that carry the meaning."""
        plain: dict[str, Any] = self.model_dump(by_alias=True, exclude_defaults=True, mode="json")
        return {name: _spoken(name, value) for name, value in plain.items()}


def _spoken(name: str, value: Any) -> Any:
    """Write out the statistic of measures and the comparison of conditions, where they are the default."""
    if name in ("where", "having", "or"):
        return [{"column": c["column"], "is": "equal", **_inner(c)} for c in value]
    if name in ("measures", "segments"):
        return [
            _spoken("measure", each)
            if name == "measures"
            else _inner(each)
            if isinstance(each, dict)
            else each
            for each in value
        ]
    return {"statistic": "count", **_inner(value)} if name in ("measure", "per") else value


def _inner(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _spoken(name, each) for name, each in value.items()}
