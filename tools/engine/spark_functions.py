"""Knows Spark's functions as the tools' expressions need them: any name is a column, values serve twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from narwhals._utils import Implementation


def name_of(column: str) -> str:
    """Quote a name so that no character in it can end it or look inside a column."""
    return "`" + column.replace("`", "``") + "`"


class Functions:
    """Spark's functions, to which a text always is the name of a column as it stands."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        if not name.startswith(("asc", "desc")):
            return found
        return lambda column: found(self.col(column) if isinstance(column, str) else column)

    def col(self, name: str) -> Any:
        """Return the column that is called exactly so."""
        return self._module.col(name_of(name))


def functions_of(implementation: Any) -> Functions:
    """Return the functions of a Spark on this machine or of one behind Spark Connect."""
    if implementation is Implementation.PYSPARK_CONNECT:
        from pyspark.sql.connect import functions as remote

        return Functions(remote)
    from pyspark.sql import functions as local

    return Functions(local)


def type_of(frame: Any, column: Any) -> str:
    """Return Spark's name of the type that an expression over a frame has."""
    return str(frame.native.select(column.alias("value")).schema[0].dataType.simpleString())


def using(functions: Any, value: Any, use: Callable[[Any], Any]) -> Any:
    """Use a value several times in an expression that Spark computes it for once."""
    return functions.get(functions.transform(functions.array(value), use), functions.lit(0))


def literal(functions: Any, value: Any) -> Any:
    """Write a value; a moment has no time zone in Spark either, and a day may lie before the year 1000."""
    if isinstance(value, datetime):
        return functions.lit(value.isoformat(" ")).cast("timestamp_ntz")
    if isinstance(value, date):
        return functions.lit(value.isoformat()).cast("date")
    return functions.lit(value)
