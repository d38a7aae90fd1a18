"""Knows how a number with decimals is written inside a formula, whose name becomes that of a column.

Engines take a dot in a column's name for one between table and column, so 0.35 is written 0,35 there.
"""

from __future__ import annotations

import re
from typing import Any

NUMBER = r"\d+(?:[.,]\d+)?%?"
_DECIMAL = re.compile(r"(?:^|(?<= [-+*/] ))(\d+)\.(\d+)(?=%?(?: [-+*/] |$))")
_FORMULA = re.compile(r" [-+*/] ")
_NAMING_COLUMNS = frozenset({"column", "columns", "than", "features", "ignore", "by", "x", "y"})


def without_dots(arguments: Any, names_columns: bool = False) -> Any:
    """Return arguments with the decimals of their formulas as a column's name can hold them.

    Args:
        arguments: JSON; everything that names no column stays as it is.
        names_columns: Whether a text in it names a column.
    """
    if isinstance(arguments, str):
        is_formula = names_columns and _FORMULA.search(arguments)
        return _DECIMAL.sub(r"\1,\2", arguments) if is_formula else arguments
    if isinstance(arguments, dict):
        return {key: without_dots(value, key in _NAMING_COLUMNS) for key, value in arguments.items()}
    if isinstance(arguments, list | tuple):
        return [without_dots(value, names_columns) for value in arguments]
    return arguments


def with_dots(name: str) -> str:
    """Return the name of a formula as people write its numbers."""
    return re.sub(r"(?:^|(?<= [-+*/] ))(\d+),(\d+)(?=%?(?: [-+*/] |$))", r"\1.\2", name)
