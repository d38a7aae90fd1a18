"""Knows the tools `show_relations` and `relate_tables`: how tables belong together, shown and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from types import MappingProxyType

import plotly.graph_objects as go

from tools import wording
from tools.core import DataTable, Fact, Json, ResultTable, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.figures import PALETTE, finish
from tools.selecting import find_column, fold, nearest
from tools.understanding.relating import Relation, count_relation, relations_of


@tool
def show_relations(workspace: Workspace) -> ToolResult:
    """Show how the loaded tables belong together: which column of one names the rows of another.

    Args:
        workspace: The data.
    """
    known = [each for each in relations_of(workspace.tables) if each.said is not False]
    names = list(workspace.tables)
    facts = [Fact("n_tables", len(names), "tables"), Fact("n_relations", len(known))]
    facts += [Fact("n_rows", table.n_rows, "rows", name) for name, table in workspace.tables.items()]
    if len(names) == 1:
        text = f"There is **one table**, {names[0]}: nothing it could belong to is loaded."
        return ToolResult(text, tuple(facts))
    if not known:
        text = f"**No table names the rows of another one**: {wording.listing(names)} share no key."
        hint = "If two of them do belong together, say by which columns."
        return ToolResult(text, tuple(facts), (hint,), (), _diagram(workspace, ()))
    findings = []
    for relation in known:
        sentence, more = _sentence(workspace, relation)
        findings.append(sentence)
        facts += more
    alone = [name for name in names if not any(name in (each.table, each.other) for each in known)]
    if alone:
        findings.append(f"{wording.listing(alone)} {'stands' if len(alone) == 1 else 'stand'} alone.")
    verb = "belong" if len(names) - len(alone) != 1 else "belongs"
    head = f"**{wording.listing([name for name in names if name not in alone])} {verb} together**"
    by = wording.listing([f"{each.column} in {each.table}" for each in known])
    columns = ("Table", "Column", "Names rows of", "By", "Values", "Found", "Rows without")
    rows = tuple(
        (each.table, each.column, each.other, each.key, each.n_values, each.n_found, each.n_rows_lost)
        for each in known
    )
    table = ResultTable("How tables belong together", columns, rows)
    caveats = ("If one of these is wrong, say that the two tables do not belong together.",)
    return ToolResult(
        f"{head}, by {by}.", tuple(dict.fromkeys(facts)), tuple(findings), (table,),
        _diagram(workspace, known), caveats,
    )  # fmt: skip


@tool
def relate_tables(
    workspace: Workspace, *, table: str, column: str, other: str, key: str | None = None, related: bool = True
) -> ToolResult:
    """Say that a column of one table names the rows of another one, or that it does not.

    Args:
        workspace: The data.
        table: Table with the column.
        column: Column that names rows of the other table.
        other: The other table.
        key: Its column with the same values, each of them once; by default the one of the same name.
        related: False to say that the two do not belong together.
    """
    first, second = _table(workspace, table), _table(workspace, other)
    if first is second:
        raise ToolError(f"{table} and {other} are the same table.", "Name two tables.")
    left = find_column(first, column)
    known = next((r for r in relations_of(workspace.tables) if _same(r, first, left.name, second)), None)
    right = find_column(second, key or (known.key if known else left.name))
    if left.kind != right.kind:
        raise ToolError(
            f"{left.name} holds {left.kind} and {right.name} holds {right.kind}, so no value is in both.",
            f"Say first that {left.name if left.kind == 'number' else right.name} is to be read as text.",
        )
    relation = count_relation(workspace.engine, first, left.name, second, right.name)
    if related and right.n_distinct != second.n_rows - right.n_missing:
        raise ToolError(
            f"{right.name} names no single rows of {second.name}: some of its values come more than once.",
            f"Choose a column of {second.name} in which every value is unique.",
        )
    if related and not relation.n_found:
        raise ToolError(
            f"No value of {left.name} in {first.name} is a {right.name} of {second.name}.",
            "Choose other columns.",
        )
    relation = replace(relation, said=related)
    made = _with(workspace, relation)
    if not related:
        head = f"**{first.name} and {second.name}** are not joined by {left.name} any more."
        return ToolResult(head, (), (), (), _diagram(made, relations_of(made.tables)), (), made)
    sentence, facts = _sentence(made, relation)
    return ToolResult(sentence, tuple(facts), (), (), _diagram(made, relations_of(made.tables)), (), made)


def _same(relation: Relation, table: DataTable, column: str, other: DataTable) -> bool:
    return (relation.table, relation.column, relation.other) == (table.name, column, other.name)


def _table(workspace: Workspace, name: str) -> DataTable:
    known = {fold(each): table for each, table in workspace.tables.items()}
    if fold(name) not in known:
        names = list(workspace.tables)
        raise ToolError(
            f"There is no table {name}.", f"There are {wording.listing(names)}.", nearest(name, names)
        )
    return known[fold(name)]


def _with(workspace: Workspace, relation: Relation) -> Workspace:
    """Return a workspace that knows a relation; an earlier one between the two tables goes."""
    tables = {}
    for name, table in workspace.tables.items():
        pair = {relation.table, relation.other}
        kept = [each for each in table.reading.get("related", ()) if {each["table"], each["other"]} != pair]
        kept += [asdict(relation)] if table.name == relation.table else []
        tables[name] = replace(table, reading={**table.reading, "related": kept})
    return replace(workspace, tables=MappingProxyType(tables))


def _sentence(workspace: Workspace, relation: Relation) -> tuple[str, list[Fact]]:
    table = workspace.tables[relation.table]
    scope = f"{relation.table} to {relation.other}"
    facts = [
        Fact("n_values", relation.n_values, None, scope),
        Fact("n_found", relation.n_found, None, scope),
        Fact("share_found_pct", 100 * relation.share, "%", scope),
        Fact("rows_without", relation.n_rows_lost, "rows", scope),
        Fact("n_rows", table.n_rows, "rows", relation.table),
    ]
    text = (
        f"**{relation.column}** in {relation.table} names a row of {relation.other} (its {relation.key}): "
        f"{relation.n_found:,} of its {relation.n_values:,} values are there "
        f"({wording.share(relation.share)})"
    )
    if relation.n_rows_lost:
        rows = wording.count(relation.n_rows_lost, "row")
        verb = "finds" if relation.n_rows_lost == 1 else "find"
        text += f"; {rows} of {table.n_rows:,} {verb} nothing and count with what is missing"
    return f"{text}.", facts


def _diagram(workspace: Workspace, relations: Sequence[Relation]) -> tuple[Json, ...]:
    """Draw tables as boxes, and a line from the column that names to the key that is named."""
    names = list(workspace.tables)
    per_row = 3
    places = {name: (i % per_row * 1.6, -(i // per_row) * 1.2) for i, name in enumerate(names)}
    figure = go.Figure()
    for relation in relations:
        if relation.said is False:
            continue
        (x0, y0), (x1, y1) = places[relation.table], places[relation.other]
        line = {"color": PALETTE[0], "width": 2}
        figure.add_trace(go.Scatter(x=[x0, x1], y=[y0, y1], mode="lines", line=line, hoverinfo="skip"))
        label = f"{relation.column} → {relation.key}<br>{wording.share(relation.share)} found"
        figure.add_annotation(
            x=(x0 + x1) / 2, y=(y0 + y1) / 2, text=label, showarrow=False, yshift=22, font={"size": 11}
        )
    for name, (x, y) in places.items():
        table = workspace.tables[name]
        box = {"x0": x - 0.45, "x1": x + 0.45, "y0": y - 0.28, "y1": y + 0.28}
        figure.add_shape(type="rect", **box, fillcolor="#eef4f8", line={"color": PALETTE[0]}, layer="above")
        text = f"<b>{name[:22]}</b><br>{wording.count(table.n_rows, 'row')}"
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"color": "#1f2937"})
        figure.add_trace(go.Scatter(x=[x], y=[y], mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    rows = -(-len(names) // per_row)
    figure.update_layout(showlegend=False)
    drawn = finish(figure, "How the tables belong together")
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    drawn["layout"]["xaxis"] = {**hidden, "range": [-0.6, 1.6 * min(len(names), per_row) - 1.0]}
    drawn["layout"]["yaxis"] = {**hidden, "range": [-1.2 * (rows - 1) - 0.6, 0.6]}
    drawn["layout"]["height"] = 140 + 150 * rows
    return (drawn,)
