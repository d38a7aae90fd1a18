"""Answers what no other tool covers: one SELECT that is parsed first, within limits of time and rows."""

from __future__ import annotations

import copy
from typing import Any

from tools.core import Fact, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.questions.safe_select import Node, checked, is_anonymous, nodes_of

MOST_ROWS = 500
MOST_SECONDS = 10.0
LONGEST = 4_000  # characters of a query
SMALLEST_GROUP = 5  # people of whom an aggregate may be quoted
_NAMING_PEOPLE = ("customer_key", "row_key", "personal", "free_text")
_SIZE = "n_people_in_row"


@tool
def query_tables(workspace: Workspace, query: str) -> ToolResult:
    """Run one read-only SQL SELECT for a question that no other tool covers; the rows go to the person.

    Tables and columns are called as in the description of the data. Numbers may be quoted only where each
    row of the result sums up a group of at least five (GROUP BY over plain columns with count, sum, avg or
    median); everything else only the person sees.

    Args:
        workspace: The data.
        query: One SELECT in DuckDB's dialect, without a semicolon.
    """
    if len(query) > LONGEST:
        raise ToolError("The query is too long.", f"Use at most {LONGEST:,} characters.")
    statement = checked(workspace.engine.parsed(query), workspace.tables)
    anonymous = is_anonymous(statement, _hidden_columns(workspace))
    asked = _with_sizes(statement, workspace) if anonymous else statement
    columns, rows = workspace.engine.query(_stored(asked, workspace), MOST_SECONDS, MOST_ROWS + 1)
    sizes = [int(row[-1] or 0) for row in rows] if anonymous else []
    if anonymous:
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    cut = len(rows) > MOST_ROWS
    shown, n_shown = rows[:MOST_ROWS], min(len(rows), MOST_ROWS)
    facts = (Fact("n_result_rows", n_shown), *_facts(statement, columns, shown, sizes))
    caveats = [f"Only the first {MOST_ROWS:,} rows are shown; the result has more."] if cut else []
    facts = (*facts, Fact("most_rows", MOST_ROWS)) if cut else facts
    return ToolResult(
        f"The query gave **{n_shown:,} row{'' if n_shown == 1 else 's'}**; the table shows them.",
        facts,
        tables=(ResultTable("Result of the query", tuple(columns), tuple(shown)),),
        caveats=tuple(caveats),
    )


def _hidden_columns(workspace: Workspace) -> frozenset[str]:
    return frozenset(
        column.name.casefold()
        for table in workspace.tables.values()
        for column in table.columns
        if column.role in _NAMING_PEOPLE
    )


def _with_sizes(statement: Node, workspace: Workspace) -> Node:
    """Add to each row how many people it sums up: customers where the table names them, rows elsewhere."""
    asked: Node = copy.deepcopy(statement)
    node = asked["node"]
    name = node["from_table"]["table_name"].casefold()
    customer = next(t.customer for t in workspace.tables.values() if t.name.casefold() == name)
    counting = "count(*)" if customer is None else 'count(DISTINCT "' + customer.replace('"', '""') + '")'
    counted = workspace.engine.parsed(f"SELECT {counting} AS {_SIZE}")
    node["select_list"].append(counted["statements"][0]["node"]["select_list"][0])
    return asked


def _stored(statement: Node, workspace: Workspace) -> Node:
    """Return the statement with tables called as they are stored."""
    stored: Node = copy.deepcopy(statement)
    by_name = {name.casefold(): name for name in workspace.tables}
    for node in nodes_of(stored):
        if node.get("type") == "BASE_TABLE" and (name := by_name.get(node["table_name"].casefold())):
            node["alias"] = node["alias"] or name
            node["table_name"] = workspace.engine.stored_name(name)
    return stored


def _facts(
    statement: Node, columns: list[str], rows: list[tuple[Scalar, ...]], sizes: list[int]
) -> list[Fact]:
    """Return the figures of groups that are large enough.

    Where one group alone is too small it follows from the total, so the next smallest is held back as well.
    """
    if not sizes:
        return []
    selected: list[Any] = statement["node"]["select_list"]
    small = {place for place, size in enumerate(sizes) if size < SMALLEST_GROUP}
    if len(small) == 1 and len(sizes) > 1:
        rest = [place for place in range(len(sizes)) if place not in small]
        small.add(min(rest, key=lambda place: (sizes[place], place)))
    found = []
    for place, row in enumerate(rows):
        if place in small:
            continue
        named = [f"{columns[i]} = {row[i]}" for i, item in enumerate(selected) if item["class"] != "FUNCTION"]
        found += [
            Fact(columns[i], row[i], None, "; ".join(named))
            for i, item in enumerate(selected)
            if item["class"] == "FUNCTION" and isinstance(row[i], int | float)
        ]
    return found
