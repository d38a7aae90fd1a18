"""Lines above blocks of rows become a column where the evidence is clear, and can be rows again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nasty.scoring import read_back
from tools.core import Workspace
from tools.errors import ToolError
from tools.files.grouping import find_labels
from tools.files.loading import load
from tools.understanding.changing import change_reading
from tools.understanding.undoing import how_to_undo

KEYED = [[f"K{i:03d}", f"{i * 7}.50", "web"] for i in range(12)]


def blocks(*labels: str, rows: list[list[str]] = KEYED) -> list[list[str]]:
    """Put labels above equal parts of the rows."""
    n = len(rows) // len(labels)
    return [row for i, each in enumerate(labels) for row in ([each, "", ""], *rows[n * i : n * i + n])]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("Store: Leeds", "Store: York", "Store: Bath"), ["Store"]),
        (("Team = A", "Team = B"), ["Team"]),
        (("Leeds", "York", "Bath"), ["group"]),
        (("Route 12", "Route 14", "Route 15"), ["Route"]),
        (("New York", "New Delhi"), ["group"]),
    ],
)
def test_labels_name_a_column(labels: tuple[str, ...], names: list[str]) -> None:
    found = find_labels(blocks(*labels), 3)
    assert found is not None
    assert [level.name for level in found.levels] == names


def test_rows_of_which_only_the_key_is_known_are_rows() -> None:
    gaps = [["K900", "", ""], *KEYED[:6], ["K901", "", ""], *KEYED[6:]]
    assert find_labels(gaps, 3) is None
    names = [["Ann Rao", "", ""], ["Ben", "1", ""], ["Cleo", "", "x"], ["Dev", "", ""], ["Eve", "2", "y"]]
    assert find_labels(names, 3) is None
    assert find_labels(KEYED, 3) is None


def test_a_sum_named_after_its_group_proves_the_label() -> None:
    rows = [
        ["Income", "", ""], ["Sales", "100", ""], ["Fees", "50", "9"], ["Total Income", "150", "9"],
        ["Expenses", "", ""], ["Rent", "70", ""], ["Wages", "20", "1"], ["Total Expenses", "90", "1"],
    ]  # fmt: skip
    assert find_labels(rows, 3) is not None
    assert find_labels([row for row in rows if "Total" not in row[0]], 3) is None


def test_pages_are_no_groups() -> None:
    assert find_labels(blocks("Page: 1", "Page: 2"), 2) is None


@pytest.fixture
def grouped(tmp_path: Path) -> Workspace:
    path = tmp_path / "sales.csv"
    lines = ["sku,price,channel", *(",".join(row) for row in blocks("City: Leeds", "City: York"))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load([path])


def test_the_labels_become_a_column_and_that_is_told(grouped: Workspace) -> None:
    table = grouped.table
    assert [column.name for column in table.columns] == ["City", "sku", "price", "channel"]
    assert table.n_rows == 12
    step = next(step for step in table.cleaning if step.code == "group_labels")
    assert (step.n_rows, "City: Leeds" in step.sentence) == (2, True)
    assert how_to_undo(step, table) == "keep the group lines as rows"


def test_the_labels_can_be_rows_again(grouped: Workspace) -> None:
    made = change_reading(grouped, group_lines="keep as rows").workspace
    assert made is not None
    table = made.table
    assert [column.name for column in table.columns] == ["sku", "price", "channel"]
    assert table.n_rows == 14
    assert read_back(made, table.name)["sku"].tolist()[::7] == ["City: Leeds", "City: York"]
    with pytest.raises(ToolError, match="No line"):
        change_reading(made, group_lines="keep as rows")


def test_labels_in_an_empty_column_fill_it(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    rows = [["", f"INV{i}", f"{i * 7}.50"] for i in range(8)]
    lines = ["customer,invoice,amount", *(",".join(row) for row in blocks("Rao Ltd", "Iyer Ltd", rows=rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace = load([path])
    frame = read_back(workspace, workspace.table.name)
    assert frame["customer"].tolist() == ["Rao Ltd"] * 4 + ["Iyer Ltd"] * 4
    assert [column.name for column in workspace.table.columns] == ["customer", "invoice", "amount"]
    made = change_reading(workspace, group_lines="keep as rows").workspace
    assert made is not None
    assert read_back(made, made.table.name)["customer"].notna().sum() == 2


def test_labels_behind_the_first_rows_that_were_looked_at_count_too(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = [[f"K{i:05d}", f"{i}.25", "web"] for i in range(40_000)]
    labels = [f"Region: R{i}" for i in range(40)]
    lines = ["sku,price,channel", *(",".join(row) for row in blocks(*labels, rows=rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = load([path])
    frame = read_back(table, table.table.name)
    assert table.table.n_rows == 40_000
    assert frame.groupby("Region").size().tolist() == [1000] * 40


def test_a_header_that_comes_again_below_each_label(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    lines = []
    for i, city in enumerate(("Leeds", "York", "Bath")):
        lines += [
            f"City: {city},,",
            "sku,price,channel",
            *(",".join(row) for row in KEYED[4 * i : 4 * i + 4]),
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace = load([path])
    frame = read_back(workspace, workspace.table.name)
    assert frame["City"].tolist() == [city for city in ("Leeds", "York", "Bath") for _ in range(4)]


def test_a_star_in_the_first_cell_is_a_sum_only_if_all_its_numbers_are(tmp_path: Path) -> None:
    path = tmp_path / "starred.csv"
    rows = [f"{'*' if i % 3 == 1 else ''},K{i},1,{i}.50," for i in range(12)]
    path.write_text("\n".join(["top,sku,n,price,note", *rows, "*,,12,72.00,"]) + "\n", encoding="utf-8")
    assert load([path]).table.n_rows == 12


def test_letters_behind_numbers_of_houses_stay(tmp_path: Path) -> None:
    path = tmp_path / "houses.csv"
    houses = [f"{i} b" if i % 3 == 1 else f"{i}" for i in range(30)]
    rows = [f"K{i},{house},{i}.5{' e' if i % 3 == 1 else ''}" for i, house in enumerate(houses)]
    path.write_text("\n".join(["sku,house,rate", *rows]) + "\n", encoding="utf-8")
    workspace = load([path])
    frame = read_back(workspace, workspace.table.name)
    assert frame["house"].tolist() == houses
    assert frame["rate"].tolist() == [i + 0.5 for i in range(30)]
