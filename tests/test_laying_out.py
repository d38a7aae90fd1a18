"""A loaded file is laid out anew by what a person says: its header, separator, decimals, lines of sums."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.parsing.corrections import read_correction
from assistant.builtin.request.outcome import Reading
from tests.small_tables import run
from tools.core import Workspace
from tools.errors import ToolError
from tools.files.loading import load

HEADER = "client,bought,paid,city"
ROWS = [f"C{i % 9},{i % 28 + 1:02d}/0{i % 6 + 1}/2024,{i}.5,{['Pune', 'Agra'][i % 2]}" for i in range(40)]


def opened(folder: Path, *lines: str) -> Workspace:
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    return load([path])


def columns(workspace: Workspace) -> list[str]:
    return [column.name for column in workspace.table.columns if column.derived_from is None]


def laid_out(workspace: Workspace, **what: object) -> Workspace:
    made = run(workspace, "change_reading", **what).workspace
    assert made is not None
    return made


def test_the_header_stands_in_another_row(tmp_path: Path) -> None:
    workspace = opened(tmp_path, "Shop,Region,Currency,Version", "Ann,North,EUR,two", HEADER, *ROWS)
    assert columns(workspace) != HEADER.split(",")
    made = laid_out(workspace, header_row=3)
    assert columns(made) == HEADER.split(",") and made.table.n_rows == 40
    assert made.table.column("bought").kind == "date" and made.table.column("paid").kind == "number"
    assert columns(workspace) != HEADER.split(","), "the earlier workspace is as it was"


def test_a_row_above_the_header_that_was_found_can_be_it(tmp_path: Path) -> None:
    workspace = opened(tmp_path, "Orders of 2024", "", HEADER, *ROWS)
    assert workspace.table.n_rows == 40
    assert laid_out(workspace, header_row=4).table.n_rows == 39
    with pytest.raises(ToolError, match="no row 900"):
        run(workspace, "change_reading", header_row=900)


def test_there_is_no_header(tmp_path: Path) -> None:
    workspace = opened(tmp_path, "a,b,c", *(f"x{i},y{i % 3},z{i % 2}" for i in range(20)))
    assert columns(workspace) == ["a", "b", "c"]
    made = laid_out(workspace, header_row=0)
    assert columns(made) == ["column_1", "column_2", "column_3"] and made.table.n_rows == 21
    back = laid_out(made, header_row=1)
    assert columns(back) == ["a", "b", "c"] and back.table.n_rows == 20


def test_the_first_rows_are_no_data(tmp_path: Path) -> None:
    workspace = opened(tmp_path, HEADER, "x,01/01/1900,0,test", "y,01/01/1900,0,test", *ROWS)
    made = laid_out(workspace, first_rows_out=2)
    assert made.table.n_rows == 40 and columns(made) == HEADER.split(",")
    step = next(step for step in made.table.cleaning if step.code == "as_you_asked")
    assert step.n_rows == 2
    with pytest.raises(ToolError, match="40 rows"):
        run(made, "change_reading", first_rows_out=40)


def test_lines_are_parted_at_another_sign(tmp_path: Path) -> None:
    workspace = opened(tmp_path, "client;note;paid", *(f"C{i};a, b, c;{i}.5" for i in range(30)))
    made = laid_out(workspace, separator=";")
    assert columns(made) == ["client", "note", "paid"] and made.table.column("paid").kind == "number"
    with pytest.raises(ToolError, match="No line holds a tab"):
        run(workspace, "change_reading", separator="\t")


def test_rows_that_are_called_a_total_are_left_out(tmp_path: Path) -> None:
    workspace = opened(tmp_path, HEADER, *ROWS[:20], "Total North,,1,Pune", *ROWS[20:])
    assert workspace.table.n_rows == 41
    made = laid_out(workspace, total_rows="leave out")
    assert made.table.n_rows == 40
    with pytest.raises(ToolError, match="No row of orders is called a total"):
        run(made, "change_reading", total_rows="leave out")


def test_text_becomes_numbers_by_their_decimal_comma(tmp_path: Path) -> None:
    rows = [f"C{i};{i},5 {'about' if i % 9 == 4 else ''}" for i in range(40)]
    workspace = opened(tmp_path, "client;paid", *rows)
    assert workspace.table.column("paid").kind == "text"
    made = laid_out(workspace, column="paid", decimals="comma")
    assert made.table.column("paid").kind == "number" and made.table.column("paid").maximum == 39.5
    with pytest.raises(ToolError, match="how they were written is not kept"):
        run(made, "change_reading", column="paid", decimals="comma")
    with pytest.raises(ToolError, match="No column"):
        run(made, "change_reading", decimals="point")


SAID = {
    "the header is in row 3": {"header_row": 3},
    "column names are in the second line": {"header_row": 2},
    "line 4 holds the column names": {"header_row": 4},
    "use row 2 as header": {"header_row": 2},
    "the headings start at line 5 of the file": {"header_row": 5},
    "the file has no header": {"header_row": 0},
    "there are no column names": {"header_row": 0},
    "the first two rows are not data": {"first_rows_out": 2},
    "the first row is just units": {"first_rows_out": 1},
    "skip the first 3 lines": {"first_rows_out": 3},
    "use semicolon": {"separator": ";"},
    "it is separated by tabs": {"separator": "\t"},
    "the delimiter is a pipe": {"separator": "|"},
    "decimal comma": {"decimals": "comma"},
    "the numbers use a decimal comma": {"decimals": "comma"},
    "comma is the decimal separator": {"decimals": "comma"},
    "you took the wrong row for the header, it's row 4": {"header_row": 4},
    "lines 1 and 2 are no data": {"first_rows_out": 2},
    "please split the columns at the tabs": {"separator": "\t"},
    "we write decimals with a comma": {"decimals": "comma"},
    "the grand total is in the data, leave it out": {"total_rows": "leave out"},
    "paid should be multiplied by 1000": {"column": "paid", "multiply_by": 1000.0},
    "ignore the total rows": {"total_rows": "leave out"},
    "the totals are not data": {"total_rows": "leave out"},
    "paid is text": {"column": "paid", "kind": "text"},
    "city should be a number": {"column": "city", "kind": "number"},
    "city is a date, day first": {"column": "city", "kind": "date", "dates": "day first"},
    "bought is a date, month first": {"column": "bought", "dates": "month first"},
}


@pytest.mark.parametrize(("said", "asked"), SAID.items())
def test_what_is_said_about_the_layout_is_read(said: str, asked: dict[str, object], tmp_path: Path) -> None:
    outcome = read_correction(said, catalog_of(opened(tmp_path, HEADER, *ROWS)))
    assert isinstance(outcome, Reading)
    assert [(r.tool, r.arguments()) for r in outcome.requests] == [("change_reading", asked)]


def test_a_number_is_said_to_be_a_value(tmp_path: Path) -> None:
    outcome = read_correction("-999 is a value in paid", catalog_of(opened(tmp_path, HEADER, *ROWS)))
    assert isinstance(outcome, Reading)
    (request,) = outcome.requests
    assert (request.tool, request.arguments()) == (
        "switch_cleaning",
        {"step": "placeholder_numbers", "column": "paid"},
    )


@pytest.mark.parametrize(
    "said",
    [
        "use city",
        "the first 5 rows",
        "leave out Pune",
        "sum of paid",
        "skip Agra",
        "total paid by city",
        "split by city",
        "paid per row",
        "how many rows have no header?",
    ],
)
def test_other_orders_lay_nothing_out(said: str, tmp_path: Path) -> None:
    outcome = read_correction(said, catalog_of(opened(tmp_path, HEADER, *ROWS)))
    requests = outcome.requests if isinstance(outcome, Reading) else ()
    assert not any(request.tool == "change_reading" for request in requests)
