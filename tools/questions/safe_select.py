"""Knows which SELECT is safe to run, read from its parse tree: plain functions, tables of the chat."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tools.errors import ToolError

Node = dict[str, Any]

_FIGURES = """count count_star sum avg mean stddev stddev_samp stddev_pop var_samp var_pop corr median
quantile_cont"""
_PLAIN = """min max mode any_value arg_max arg_min bool_and bool_or
+ - * / // % || ~~ !~~ ~~* !~~* abs ceil floor round sqrt ln log10 exp power pow greatest least coalesce
nullif lower upper trim length substring substr left right contains starts_with prefix suffix
date_part date_trunc datepart year month day quarter week hour minute dayofweek isodow dayname monthname
strftime date_diff datediff row_number rank dense_rank percent_rank ntile lag lead first_value last_value"""
_SORTS = """COLUMN_REF CONSTANT FUNCTION COMPARISON CONJUNCTION OPERATOR CASE CAST BETWEEN WINDOW SUBQUERY
STAR"""
_FIGURE_NAMES = frozenset(_FIGURES.split())  # what may be quoted of a group: no single row shows through
_FUNCTIONS = _FIGURE_NAMES | frozenset(_PLAIN.split())
_CLASSES = frozenset(_SORTS.split())
_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE"})
_TABLES = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY"})


def checked(parsed: Node, tables: Collection[str]) -> Node:
    """Return the one statement of a parse tree.

    Args:
        parsed: What the database's parser made of the query.
        tables: Tables that may be read.

    Raises:
        ToolError: If it is anything but one SELECT over these tables with plain functions.
    """
    if parsed.get("error") or len(parsed.get("statements", ())) != 1:
        raise ToolError(
            "This is not one SELECT that can be read.",
            "Write one SELECT without a semicolon; nothing else is run here.",
        )
    statement: Node = parsed["statements"][0]
    known = {table.casefold() for table in tables} | {name.casefold() for name in _named_parts(statement)}
    for node in nodes_of(statement):
        _check(node, known, tables)
    return statement


def nodes_of(tree: Any) -> Iterator[Node]:
    """Yield every node of a parse tree."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes_of(value)


def columns_of(tree: Any) -> frozenset[str]:
    """Return the names of all columns that a parse tree reads, in lower case; "*" for all of them."""
    found = {
        node["column_names"][-1].casefold() for node in nodes_of(tree) if node.get("class") == "COLUMN_REF"
    }
    return frozenset(found | {"*" for node in nodes_of(tree) if node.get("class") == "STAR"})


def _named_parts(statement: Node) -> Iterator[str]:
    for node in nodes_of(statement):
        for part in (node.get("cte_map") or {}).get("map", ()):
            yield part["key"]


def _check(node: Node, known: Collection[str], tables: Collection[str]) -> None:
    kind, sort = node.get("type"), node.get("class")
    reads = sort is None and {"alias", "sample"} <= node.keys() and kind not in _TABLES
    if reads or (isinstance(kind, str) and kind.endswith("_NODE") and kind not in _NODES):
        raise ToolError("Only tables of this chat can be read.", f"They are: {', '.join(sorted(tables))}.")
    if kind == "BASE_TABLE" and (
        node["table_name"].casefold() not in known or node.get("schema_name") or node.get("catalog_name")
    ):
        raise ToolError(
            "The query reads a table that is not in this chat.",
            f"The tables are: {', '.join(sorted(tables))}.",
        )
    if sort is not None and sort not in _CLASSES:
        raise ToolError(
            "The query uses something that is not allowed here.", "Use plain columns and functions."
        )
    if sort in ("FUNCTION", "WINDOW") and (
        node["function_name"].casefold() not in _FUNCTIONS or node.get("schema") or node.get("catalog")
    ):
        raise ToolError(
            "The query calls a function that is not allowed here.",
            "Allowed are counts, sums, averages, quantiles, plain arithmetic, text and dates.",
        )


def is_anonymous(statement: Node, hidden: Collection[str]) -> bool:
    """Return whether each row of the result sums up a group of rows of one table, and names nobody.

    Groups are plain columns, figures are counts, sums, averages and quantiles of plain columns: what could
    pick one person out (a CASE, a minimum, a filter inside) is left to the person's own eyes.

    Args:
        statement: A checked statement.
        hidden: Columns whose values point at single people, in lower case.
    """
    node = statement["node"]
    if node["type"] != "SELECT_NODE" or node["from_table"]["type"] != "BASE_TABLE":
        return False
    if (
        node["cte_map"]["map"]
        or node.get("qualify")
        or node.get("sample")
        or len(node.get("group_sets", ())) > 1
    ):
        return False
    if any(each.get("class") in ("SUBQUERY", "WINDOW", "CASE") for each in nodes_of(node)):
        return False
    if columns_of([node["where_clause"], node["having"], node["modifiers"]]) & set(hidden):
        return False
    groups = [_bare(group) for group in node["group_expressions"]]
    if any(group["class"] != "COLUMN_REF" for group in groups) or columns_of(groups) & set(hidden):
        return False
    return all(_bare(item) in groups or _is_figure(item, hidden) for item in node["select_list"]) and any(
        item["class"] == "FUNCTION" for item in node["select_list"]
    )


def _is_figure(item: Node, hidden: Collection[str]) -> bool:
    if (
        item["class"] != "FUNCTION"
        or item["function_name"].casefold() not in _FIGURE_NAMES
        or item.get("filter")
    ):
        return False
    plain = all(child["class"] in ("COLUMN_REF", "CONSTANT") for child in item["children"])
    counts = item["function_name"].casefold() in ("count", "count_star")
    return plain and (counts or not columns_of(item["children"]) & set(hidden))


def _bare(item: Node) -> Node:
    return {key: value for key, value in item.items() if key not in ("query_location", "alias")}
