"""Knows what words can lead to in a data set: a column, or a content of its cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A column that words may mean.

    Attributes:
        column: Its name.
        score: 1 for its full name, less for a part of it, a synonym or a role.
        how: "name", "part", "role", "concept", "feature" or "taught".
    """

    column: str
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A cell content that words may mean.

    Attributes:
        column: Column that holds it.
        value: As it stands in the data.
        n: Rows that hold it.
        negated: The words deny it ("unmarried").
    """

    column: str
    value: str | float | bool
    n: int
    negated: bool = False
