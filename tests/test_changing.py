"""Every decision about meaning can be changed, counted and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.records import Reader, Writer
from tests.small_tables import fact, run
from tools.core import ToolResult, Workspace
from tools.engine import Engine
from tools.errors import ToolError
from tools.files.loading import load
from tools.understanding.undoing import how_to_undo

Loader = Callable[[str], Workspace]


@pytest.fixture
def given(tmp_path: Path) -> Loader:
    def build(text: str) -> Workspace:
        path = tmp_path / "orders.csv"
        path.write_text(text)
        return load([path])

    return build


def changed(result: ToolResult) -> Workspace:
    assert result.workspace is not None
    return result.workspace


def values(workspace: Workspace, column: str) -> list[str]:
    frame = workspace.engine.collect(workspace.engine.frame(workspace.main))
    return [str(value)[:10] for value in frame[column]]


OPEN = "order_id,customer_id,email,order_date,balance,Segmentation,score\n" + "".join(
    f"o{i},C{i % 20},p{i % 30}@mail.org,{i % 9 + 1}/8/2024,{i % 50 + 1},{'ABCD'[i % 4]},"
    f"{-999 if i % 10 == 3 else i}\n"
    for i in range(300)
)


def test_the_other_order_of_open_dates(given: Loader) -> None:
    workspace = given(OPEN)
    assert values(workspace, "order_date")[0] == "2024-08-01"
    result = run(workspace, "change_reading", dates="month first")
    made = changed(result)
    assert values(made, "order_date")[:3] == ["2024-01-08", "2024-02-08", "2024-03-08"]
    assert fact(result, "maximum", "order_date") == "2024-09-08" and "9 Aug 2024" in result.headline
    assert not [f for f in made.table.findings if f.code == "date_order_open"]
    assert [s for s in made.table.cleaning if s.code == "as_you_asked" and "month first" in s.sentence]
    assert values(workspace, "order_date")[0] == "2024-08-01", "the earlier workspace is as it was"
    back = changed(run(made, "change_reading", column="order_date", dates="day first"))
    assert values(back, "order_date") == values(workspace, "order_date")


def test_dates_of_both_orders_are_read_in_one(given: Loader) -> None:
    days = ["13/1/2024", "1/14/2024", "2/3/2024", "5/6/2024"]
    workspace = given("id,day\n" + "".join(f"K{i},{days[i % 4]}\n" for i in range(80)))
    assert workspace.table.columns[1].kind == "text"
    result = run(workspace, "change_reading", column="day", dates="day first")
    made = changed(result)
    assert made.table.columns[1].kind == "date" and made.table.columns[1].n_missing == 20
    assert values(made, "day")[:4] == ["2024-01-13", "NaT", "2024-03-02", "2024-06-05"]
    left = run(made, "show_unread")
    assert fact(left, "unread_cells") == 20 and {row[2] for row in left.tables[0].rows} == {"1/14/2024"}


def test_a_proven_order_stays(given: Loader) -> None:
    workspace = given("id,day\n" + "".join(f"K{i},{i % 28 + 1}/8/2024\n" for i in range(80)))
    with pytest.raises(ToolError, match="cannot be read month first: `13/8/2024`"):
        run(workspace, "change_reading", column="day", dates="month first")


def test_another_customer(given: Loader) -> None:
    result = run(given(OPEN), "change_reading", column="email", meaning="customer")
    table = changed(result).table
    assert (table.customer, table.grain) == ("email", "transactions")
    assert fact(result, "n_customers") == 30 and fact(result, "n_customers_before") == 20


def test_thousands_and_units(given: Loader) -> None:
    workspace = given(OPEN)
    result = run(workspace, "change_reading", column="balance", multiply_by=1000, unit="EUR")
    made = changed(result)
    column = made.table.column("balance")
    assert column is not None and (column.maximum, column.unit) == (50_000, "EUR")
    assert made.engine.collect(made.engine.frame("orders"))["balance"].sum() == 1000 * sum(
        i % 50 + 1 for i in range(300)
    )
    again = changed(run(made, "change_reading", column="balance", multiply_by=1))
    assert again.table.column("balance").maximum == 50  # type: ignore[union-attr]


def test_a_label_a_placeholder_and_text(given: Loader) -> None:
    made = changed(run(given(OPEN), "change_reading", column="Segmentation", meaning="outcome"))
    made = changed(run(made, "switch_cleaning", step="placeholder_numbers"))
    made = changed(run(made, "change_reading", column="score", no_value=["-999"]))
    made = changed(run(made, "change_reading", column="balance", kind="text"))
    label, score, balance = (made.table.column(name) for name in ("Segmentation", "score", "balance"))
    assert label is not None and label.role == "outcome"
    assert score is not None and (score.n_missing, score.minimum) == (30, 0)
    assert balance is not None and balance.kind == "text" and dict(balance.values)["7"] == 6


def test_a_number_for_nothing_is_missing_until_it_is_said_to_be_a_value(given: Loader) -> None:
    workspace = given(OPEN)
    score = workspace.table.column("score")
    assert score is not None and (score.n_missing, score.minimum) == (30, 0)
    (step,) = [s for s in workspace.table.cleaning if s.code == "placeholder_numbers"]
    assert step.n_rows == 30 and "-999" in step.sentence
    assert how_to_undo(step, workspace.table) == "-999 is a value in score"
    kept = changed(run(workspace, "switch_cleaning", step="placeholder_numbers", column="score"))
    score = kept.table.column("score")
    assert score is not None and (score.n_missing, score.minimum) == (0, -999)
    below = given(OPEN.replace(",0\n", ",-3\n"))
    assert not [s for s in below.table.cleaning if s.code == "placeholder_numbers"], "others are below 0"


def test_text_as_numbers_counts_what_is_none(given: Loader) -> None:
    text = "id,v\n" + "".join(f"K{i},{'about ' if i % 4 == 0 else ''}{i}\n" for i in range(80))
    workspace = given(text)
    assert workspace.table.columns[1].kind == "text"
    made = changed(run(workspace, "change_reading", column="v", kind="number"))
    assert made.table.columns[1].kind == "number" and made.table.columns[1].n_missing == 20
    assert [s.n_rows for s in made.table.cleaning if s.code == "unreadable_cells"] == [20]


def test_repeated_rows_are_left_out_and_come_back(given: Loader) -> None:
    workspace = given(OPEN + "".join(OPEN.splitlines(keepends=True)[5:12]))
    assert workspace.table.n_rows == 307
    result = run(workspace, "change_reading", repeated_rows="leave out")
    made = changed(result)
    assert made.table.n_rows == 300 and fact(result, "rows_left_out") == 7
    assert values(made, "order_id") == [f"o{i}" for i in range(300)]
    assert changed(run(made, "change_reading", repeated_rows="keep")).table.n_rows == 307


BIRTHS = "customer_id,dob,channel,order_date,amount\n" + "".join(
    f"C{i},{'1/1/1800' if i % 10 == 0 else f'{i % 28 + 1}/{i % 12 + 1}/{50 + i % 50}'},"
    f"{'N/A' if i % 5 == 0 else 'web'},{i % 28 + 1}/3/16,{i}.5\n"
    for i in range(500)
)


def test_cleaning_steps_are_switched_off_and_on(given: Loader) -> None:
    workspace = given(BIRTHS)
    assert workspace.table.column("dob").n_missing == 50  # type: ignore[union-attr]
    off = changed(run(workspace, "switch_cleaning", step="placeholder_dates"))
    assert off.table.column("dob").n_missing == 0 and values(off, "dob")[0] == "1800-01-01"  # type: ignore[union-attr]
    on = changed(run(off, "switch_cleaning", step="placeholder_dates", on=True))
    assert on.table == workspace.table
    words = changed(run(workspace, "switch_cleaning", step="placeholder_words", column="channel"))
    assert dict(words.table.column("channel").values)["N/A"] == 100  # type: ignore[union-attr]
    with pytest.raises(ToolError, match="No step of this kind"):
        run(workspace, "switch_cleaning", step="implausible_births")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"column": "email", "multiply_by": 10}, "cannot be multiplied"),
        ({"column": "email", "meaning": "amount"}, "holds no numbers"),
        ({"column": "balance", "meaning": "time"}, "holds no dates"),
        ({"column": "nothing", "unit": "EUR"}, "no column nothing"),
        ({"column": "email"}, "not said what"),
        ({"unit": "EUR"}, "which column"),
        ({"table": "other", "column": "email", "unit": "EUR"}, "no table other"),
        ({"column": "score", "no_value": ["soon"]}, "holds numbers"),
    ],
)
def test_what_cannot_be_is_refused(given: Loader, arguments: dict[str, object], word: str) -> None:
    with pytest.raises(ToolError, match=word):
        run(given(OPEN), "change_reading", **arguments)


def test_a_changed_reading_survives_in_a_database(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(OPEN)
    made = changed(run(load([path], tmp_path / "chat.db"), "change_reading", dates="month first"))
    writer = Writer()
    digest = writer.workspace(made)
    made.engine.close()
    again = Reader(Engine(tmp_path / "chat.db"), writer.pieces).workspace(digest)
    assert again is not None and values(again, "order_date")[0] == "2024-01-08"
    back = changed(run(again, "change_reading", column="order_date", dates="day first"))
    assert values(back, "order_date")[0] == "2024-08-01"
    again.engine.close()
