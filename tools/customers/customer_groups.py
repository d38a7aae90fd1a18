"""Knows which customers a request is about and which group each of them is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.conditions import select
from tools.core import Fact, Workspace
from tools.errors import ToolError
from tools.frames import CUSTOMERS, open_table
from tools.selecting import Condition, columns_named, find_column

MANY_GROUPS = 40
MISSING = "(missing)"

Groups = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Grouped:
    """Customers of a request.

    Attributes:
        of: Group of each customer, shape (customers,); None for one outside the conditions.
        words: The conditions as a fragment, empty for everybody.
        caveats: What was assumed on the way.
        facts: Numbers that stand in the words and caveats.
    """

    of: Groups
    words: str = ""
    caveats: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Whether each customer meets the conditions."""
        return np.array([group is not None for group in self.of], dtype=bool)

    @cached_property
    def names(self) -> list[str]:
        """The groups, by name."""
        return sorted({str(group) for group in self.of[self.inside]})

    def members(self, name: str) -> npt.NDArray[np.bool_]:
        """Return whether each customer is in this group."""
        return np.asarray(self.of == name, dtype=bool)


def group_customers(
    workspace: Workspace, known: pd.Series, by: str | None, where: Sequence[Condition]
) -> Grouped:
    """Find out which customers meet the conditions and which group each of them is in.

    Args:
        workspace: Tables and segmentations.
        known: Names of the customers, under the name of their column.
        by: Column of the table `customers` to group by; None puts everybody into the group "".
        where: Conditions on columns of the table `customers`.

    Raises:
        ToolError: If a column is not one of the customers, or has too many values to group by.
    """
    if by is None and not where:
        return Grouped(np.full(len(known), "", dtype=np.object_))
    needed = [*([by] if by else []), *sorted(columns_named(where))]
    table, frame = open_table(workspace, CUSTOMERS, needed)
    key = str(known.name if table.column(str(known.name)) else table.customer)
    selection = select(workspace, table, frame, where)
    column = find_column(table, by).name if by else None
    kept = selection.frame.select(*dict.fromkeys([key, *([column] if column else [])]))
    found = workspace.engine.collect(kept)
    named = _named(found[column], column) if column else np.full(len(found), "", dtype=np.object_)
    place = pd.Index(found[key]).get_indexer(pd.Index(known))
    groups: Groups = np.full(len(known), None, dtype=np.object_)
    groups[place >= 0] = named[place[place >= 0]]
    if (place < 0).all():
        raise ToolError("No customer meets these conditions.", "Loosen one of them.")
    return Grouped(groups, selection.words, selection.caveats, selection.facts)


def _named(values: pd.Series, column: str) -> Groups:
    n = values.nunique()
    if n > MANY_GROUPS:
        raise ToolError(
            f"{column} has {n:,} different values, too many to total by.",
            "Choose a column with fewer, such as segment.",
            ("segment",),
        )
    if pd.api.types.is_bool_dtype(values.dtype):
        values = values.map({True: "yes", False: "no"})
    return np.asarray(values.astype("str").where(values.notna(), MISSING).to_numpy(dtype=object))
