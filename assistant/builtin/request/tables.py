"""Knows the requests about the tables: what is in them, what is wrong, how they are read and related."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from assistant.builtin.request import Request
from tools.understanding.column_kinds import ColumnKind


class DescribeData(Request):
    """What is in the data."""

    tool: ClassVar[str] = "describe_data"
    table: str | None = None
    columns: ColumnKind | None = None


class CheckQuality(Request):
    """What is wrong with the data."""

    tool: ClassVar[str] = "check_quality"
    table: str | None = None
    column: str | None = None


class MissingCount(Request):
    """Cells without a value."""

    tool: ClassVar[str] = "count_missing"
    column: str | None = None
    table: str | None = None


class Duplicates(Request):
    """Rows that occur more than once."""

    tool: ClassVar[str] = "find_duplicates"
    columns: list[str] = Field(default_factory=list)
    table: str | None = None


class ShowUnread(Request):
    """The rows and cells that could not be read."""

    tool: ClassVar[str] = "show_unread"


class ChangeReading(Request):
    """Another reading of a column: date order, meaning, unit, missing values; or of the whole file."""

    tool: ClassVar[str] = "change_reading"
    column: str | None = None
    dates: Literal["day first", "month first"] | None = None
    meaning: str | None = None
    kind: Literal["text", "number", "date"] | None = None
    unit: str | None = None
    multiply_by: float | None = None
    no_value: list[str] = Field(default_factory=list)
    repeated_rows: Literal["keep", "leave out"] | None = None
    decimals: Literal["comma", "point"] | None = None
    header_row: int | None = None
    first_rows_out: int | None = None
    separator: str | None = None
    total_rows: Literal["leave out"] | None = None
    group_lines: Literal["keep as rows"] | None = None


class SwitchCleaning(Request):
    """A step of the cleaning, off or on again."""

    tool: ClassVar[str] = "switch_cleaning"
    step: Literal[
        "birth_century", "placeholder_dates", "implausible_births", "placeholder_words",
        "placeholder_numbers", "blank_cells",
    ]  # fmt: skip
    on: bool = False
    column: str | None = None


class ShowRelations(Request):
    """How the tables belong together."""

    tool: ClassVar[str] = "show_relations"


class RelateTables(Request):
    """By which columns two tables belong together, or that they do not."""

    tool: ClassVar[str] = "relate_tables"
    table: str
    column: str
    other: str
    key: str | None = None
    related: bool = True
