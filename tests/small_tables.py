"""Makes workspaces from small pandas frames, for tests of tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tools.core import Column, DataTable, Role, ToolResult, Workspace, all_tools
from tools.engine import Engine


def workspace_of(
    frame: pd.DataFrame,
    roles: Mapping[str, Role] | None = None,
    units: Mapping[str, str] | None = None,
    grain: str = "rows",
    name: str = "table",
) -> Workspace:
    """Store a frame and describe its columns as loading would."""
    engine = Engine()
    table = table_of(engine, frame, roles or {}, units or {}, grain, name)
    return Workspace(engine, {name: table}, name)


def table_of(
    engine: Engine,
    frame: pd.DataFrame,
    roles: Mapping[str, Role],
    units: Mapping[str, str],
    grain: str,
    name: str,
) -> DataTable:
    engine.store(name, frame)
    columns = tuple(_column(frame[each], roles.get(str(each)), units.get(str(each))) for each in frame)
    by_role = {column.role: column.name for column in columns}
    return DataTable(
        name, f"{name}.csv", len(frame), columns, grain, by_role.get("customer_key"), by_role.get("time"),  # type: ignore[arg-type]
        by_role.get("clock"), by_role.get("amount"),
    )  # fmt: skip


def _column(values: pd.Series, role: Role | None, unit: str | None) -> Column:
    kinds = pd.api.types
    dated = kinds.is_datetime64_any_dtype(values)
    kind = (
        "boolean"
        if kinds.is_bool_dtype(values)
        else "number"
        if kinds.is_numeric_dtype(values)
        else "date"
        if dated
        else "text"
    )
    present = values.dropna()
    ends: tuple[Any, Any] = (None, None)
    if kind == "number" and len(present):
        ends = float(present.min()), float(present.max())
    if kind == "date" and len(present):
        ends = str(present.min())[:10], str(present.max())[:10]
    counted = tuple((str(k), int(v)) for k, v in present.value_counts().items()) if kind == "text" else ()
    return Column(
        str(values.name), kind, role or ("category" if kind == "text" else "measure"), unit,  # type: ignore[arg-type]
        n_missing=int(values.isna().sum()), n_distinct=int(present.nunique()), minimum=ends[0],
        maximum=ends[1], values=counted,
    )  # fmt: skip


def run(workspace: Workspace, tool: str, **arguments: Any) -> ToolResult:
    """Call a tool as the agent does, with plain JSON arguments."""
    return all_tools()[tool].call(workspace, arguments)


def fact(result: ToolResult, name: str, scope: str = "") -> Any:
    """Return the value of the fact of this name whose scope holds the given text."""
    found = [each.value for each in result.facts if each.name == name and scope in each.scope]
    assert found, f"no fact {name} about {scope!r} among {[(f.name, f.scope) for f in result.facts]}"
    return found[0]
