"""Knows how a turn looks as JSON, and how it becomes the same turn again; what turns share is kept once.

Nothing in a record can run: it is numbers, texts and lists, read back into the types they came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter

from assistant.grounding import NumberTrace
from assistant.sent import Sent
from assistant.session import Step, Turn
from assistant.usage import Usage
from tools.core import DataTable, Fact, Json, ResultTable, Segmentation, ToolResult, Workspace
from tools.engine import Engine
from tools.files.rereading import reopened

T = TypeVar("T")


class Writer:
    """Turns turns, steps and workspaces into JSON.

    Attributes:
        pieces: Tables, segmentations and workspaces by their digest; a turn names them by it.
    """

    def __init__(self) -> None:
        self.pieces: dict[str, str] = {}

    def turn(self, turn: Turn) -> Json:
        """Return a turn without its steps, which are records of their own."""
        return {
            "question": turn.question,
            "answer": turn.answer,
            "status": turn.status,
            "choices": turn.choices,
            "next_questions": turn.next_questions,
            "traces": [asdict(trace) for trace in turn.traces],
            "unsupported": turn.unsupported,
            "workspace": self.workspace(turn.workspace),
            "model": turn.model,
            "seconds": turn.seconds,
            "extra": dict(turn.extra),
            "liked": turn.liked,
            "usage": asdict(turn.usage),
            "cost": turn.cost,
            "sent": [asdict(sent) for sent in turn.sent],
        }

    def step(self, step: Step) -> Json:
        """Return a tool call with its result."""
        return {
            "tool": step.tool,
            "arguments": dict(step.arguments),
            "result": self._result(step.result),
            "error": step.error,
            "instead": step.instead,
            "choices": step.choices,
            "seconds": step.seconds,
        }

    def workspace(self, workspace: Workspace | None) -> str | None:
        """Keep a workspace and its parts; return its digest."""
        if workspace is None:
            return None
        return self._keep(
            {
                "tables": {name: self._keep(asdict(table)) for name, table in workspace.tables.items()},
                "main": workspace.main,
                "segmentations": {
                    name: self._keep(one.to_json()) for name, one in workspace.segmentations.items()
                },
                "current": workspace.current,
                "history": [self._keep(one.to_json()) for one in workspace.history],
                "reference_date": workspace.reference_date,
            }
        )

    def _result(self, result: ToolResult | None) -> Json | None:
        if result is None:
            return None
        return {
            "headline": result.headline,
            "facts": [asdict(fact) for fact in result.facts],
            "findings": result.findings,
            "tables": [asdict(table) for table in result.tables],
            "figures": result.figures,
            "caveats": result.caveats,
            "workspace": self.workspace(result.workspace),
        }

    def _keep(self, document: Json) -> str:
        text = written(document)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.pieces[digest] = text
        return digest


class Reader:
    """Makes turns, steps and workspaces from what a `Writer` wrote.

    Args:
        engine: Holds the data that the workspaces speak of.
        pieces: As the writer kept them.
    """

    def __init__(self, engine: Engine, pieces: Mapping[str, str]) -> None:
        self._engine = engine
        self._pieces = pieces
        self._made: dict[str, Any] = {}

    def turn(self, document: Json, steps: tuple[Step, ...]) -> Turn:
        """Return the turn with these steps."""
        return Turn(
            **{
                **document,
                "steps": steps,
                "choices": tuple(document["choices"]),
                "next_questions": tuple(document["next_questions"]),
                "traces": tuple(NumberTrace(**trace) for trace in document["traces"]),
                "unsupported": tuple((text, start, end) for text, start, end in document["unsupported"]),
                "workspace": self.workspace(document["workspace"]),
                "usage": Usage(**document.get("usage", {})),
                "sent": tuple(Sent(**sent) for sent in document.get("sent", ())),
            }
        )

    def step(self, document: Json) -> Step:
        """Return the tool call."""
        result = self._result(document["result"])
        return Step(**{**document, "result": result, "choices": tuple(document["choices"])})

    def workspace(self, digest: str | None) -> Workspace | None:
        """Return the workspace of this digest, the same object each time."""
        return self._piece(digest, self._workspace) if digest else None

    def _workspace(self, document: Json) -> Workspace:
        tables = {name: self._piece(one, _table) for name, one in document["tables"].items()}
        segmentations = {
            name: self._piece(one, Segmentation.from_json) for name, one in document["segmentations"].items()
        }
        return Workspace(
            engine=reopened(self._engine, tables),
            tables=MappingProxyType(tables),
            main=document["main"],
            segmentations=MappingProxyType(segmentations),
            current=document["current"],
            history=tuple(self._piece(one, Segmentation.from_json) for one in document["history"]),
            reference_date=document["reference_date"],
        )

    def _result(self, document: Json | None) -> ToolResult | None:
        if document is None:
            return None
        return ToolResult(
            headline=document["headline"],
            facts=tuple(Fact(**fact) for fact in document["facts"]),
            findings=tuple(document["findings"]),
            tables=tuple(_result_table(table) for table in document["tables"]),
            figures=tuple(document["figures"]),
            caveats=tuple(document["caveats"]),
            workspace=self.workspace(document["workspace"]),
        )

    def _piece(self, digest: str, make: Callable[[Json], T]) -> T:
        if digest not in self._made:
            self._made[digest] = make(json.loads(self._pieces[digest]))
        made: T = self._made[digest]
        return made


def written(document: Json) -> str:
    """Return a record as text; the order of names is kept, for it can matter (tables, arguments)."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    """Return a cell that a tool took from a column as the plain value that it is."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()  # one number of numpy
    raise TypeError(f"a record cannot hold {type(value).__name__}")


@lru_cache(maxsize=1)
def _tables() -> TypeAdapter[DataTable]:
    return TypeAdapter(DataTable)


def _table(document: Json) -> DataTable:
    return _tables().validate_python(document)


def _result_table(document: Json) -> ResultTable:
    return ResultTable(
        document["title"],
        tuple(document["columns"]),
        tuple(map(tuple, document["rows"])),
        tuple(document["units"]),
        document["n_rows_total"],
        document.get("detail", False),
    )
