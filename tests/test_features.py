"""Customer features are checked against plain pandas, by hand, and for the order of the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tools.core import Column, DataTable, Workspace
from tools.customers import computing
from tools.customers.features import customer_columns, customers
from tools.engine import Engine, tables

ROWS = [
    # key, day, clock, amount, balance, channel, sex, birth
    ("a", "2024-01-01", 90000, 10.10, 100.0, "web", "F", "1990-01-01"),
    ("a", "2024-01-11", 233000, 20.20, 300.0, "web", "F", "1990-01-01"),
    ("a", "2024-01-31", 10000, 0.30, None, "shop", "M", "1990-01-01"),
    ("b", "2024-01-20", 130000, 5.00, 50.0, "shop", "M", None),
    ("c", "2024-01-06", 120000, 1.00, 7.0, "web", "F", "1980-01-01"),
    ("c", "2024-01-06", 120000, 3.00, 9.0, "shop", "M", "1980-01-01"),
    (None, "2024-01-07", 120000, 9.00, 9.0, "shop", "M", "1980-01-01"),
]
COLUMNS = ["key", "day", "clock", "amount", "balance", "channel", "sex", "birth"]


def bought(rows: list[tuple[object, ...]], shuffle: int | None = None) -> Workspace:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["day"] = pd.to_datetime(frame["day"])
    frame["birth"] = pd.to_datetime(frame["birth"])
    if shuffle is not None:
        frame = frame.sample(frac=1, random_state=shuffle)
    engine = Engine()
    engine.store("sales", frame)
    table = DataTable(
        "sales",
        "sales.csv",
        len(frame),
        (
            Column("key", "text", "customer_key", n_distinct=int(frame["key"].nunique()), n_missing=1),
            Column("day", "date", "time", minimum="2024-01-01", maximum="2024-01-31"),
            Column("clock", "number", "clock"),
            Column("amount", "number", "amount", unit="EUR", minimum=0.3, maximum=20.2),
            Column("balance", "number", "balance", unit="EUR", n_missing=1, minimum=7.0, maximum=300.0),
            Column("channel", "text", "category", n_distinct=2, values=(("shop", 4), ("web", 3))),
            Column("sex", "text", "category", protected=True, n_distinct=2, values=(("M", 4), ("F", 3))),
            Column("birth", "date", "birth_date", protected=True),
        ),
        "transactions",
        "key",
        "day",
        "clock",
        "amount",
    )
    return Workspace(engine, {"sales": table}, "sales")


@pytest.fixture(scope="module")
def three() -> pd.DataFrame:
    return customers(bought(ROWS)).pandas().set_index("key")


def test_money_is_summed_exactly(three: pd.DataFrame) -> None:
    assert three.loc["a", "total_amount"] == 30.6
    assert three.loc["a", "median_amount"] == 10.1
    assert three.loc["a", "largest_share"] == pytest.approx(20.2 / 30.6)


def test_time_counts_to_the_last_day(three: pd.DataFrame) -> None:
    assert three.loc[["a", "b", "c"], "recency_days"].tolist() == [0, 11, 25]
    assert three.loc["a", "tenure_days"] == 30
    assert three.loc["a", "mean_gap_days"] == 15
    assert three.loc["a", "gap_cv"] == pytest.approx(np.std([10, 20], ddof=1) / 15)


def test_what_needs_several_purchases_is_undefined_not_zero(three: pd.DataFrame) -> None:
    assert three.loc["b", ["mean_gap_days", "gap_cv", "balance_cv"]].isna().all()
    assert three.loc["c", ["mean_gap_days", "gap_cv"]].isna().all()  # two rows, one day
    assert three["bought_again"].tolist() == [True, False, True]


def test_last_balance_is_the_last_known_and_ties_are_settled(three: pd.DataFrame) -> None:
    assert three["last_balance"].tolist() == [300.0, 50.0, 9.0]
    assert three.loc["a", "balance_cv"] == pytest.approx(np.std([100, 300], ddof=1) / 200)


def test_shares_and_hours(three: pd.DataFrame) -> None:
    assert three.loc["a", "share_channel_web"] == pytest.approx(2 / 3)
    assert three.loc["a", ["share_night", "share_morning", "share_evening"]].tolist() == pytest.approx(
        [1 / 3] * 3
    )
    assert three.loc["c", "mean_hour"] == 12
    assert three.loc["c", "share_weekend"] == 1


def test_attributes_take_the_most_frequent_then_the_latest_value(three: pd.DataFrame) -> None:
    assert three["sex"].tolist() == ["F", "M", "M"]
    assert three.loc["c", "birth"] == pd.Timestamp("1980-01-01")


def test_attributes_and_gaps_agree_with_counting_by_hand() -> None:
    rng = np.random.default_rng(11)
    rows: list[tuple[object, ...]] = [
        (
            f"c{rng.integers(0, 150):03}",
            str(dt.date(2024, 1, 1) + dt.timedelta(days=int(rng.integers(0, 6)))),
            int(rng.integers(0, 3)) * 10000,
            1.0,
            1.0,
            "web",
            rng.choice(np.array(["F", "M", "X", None], dtype=object)),
            None,
        )
        for _ in range(400)
    ]
    found = customers(bought(rows)).pandas().set_index("key")
    for key, mine in pd.DataFrame(rows, columns=COLUMNS).groupby("key"):
        known = mine.dropna(subset="sex").assign(
            n=lambda frame: frame.groupby("sex")["sex"].transform("size")
        )
        expected = known.sort_values(["n", "day", "clock", "sex"])["sex"]
        settled = found.loc[key, "sex"]
        assert settled == expected.iloc[-1] if len(expected) else pd.isna(settled)
        gaps = pd.to_datetime(mine["day"]).drop_duplicates().sort_values().diff().dt.days.dropna()
        assert found.loc[key, "mean_gap_days"] == pytest.approx(gaps.mean(), nan_ok=True)
        cv = gaps.std() / gaps.mean() if len(gaps) > 1 else np.nan
        assert found.loc[key, "gap_cv"] == pytest.approx(cv, nan_ok=True)


def test_halves_are_compared(three: pd.DataFrame) -> None:
    assert three["trend_amount"].tolist() == pytest.approx([0.3 - 30.3, 5.0, -4.0])


def test_rows_without_customer_are_reported() -> None:
    frame = customers(bought(ROWS))
    assert [finding.code for finding in frame.table.findings] == ["rows_without_customer"]
    assert frame.table.n_rows == 3


def test_every_column_is_defined_and_announced() -> None:
    workspace = bought(ROWS)
    frame = customers(workspace)
    announced = [column.name for column in customer_columns(workspace).columns]
    assert announced == [column.name for column in frame.table.columns] == list(frame.pandas().columns)
    assert all(definition.definition.endswith(".") for definition in frame.definitions.values())


def test_reference_date_looks_back() -> None:
    workspace = replace(bought(ROWS), reference_date="2024-01-15")
    frame = customers(workspace)
    early = frame.pandas().set_index("key")
    assert frame.reference_date == "2024-01-15"
    assert sorted(early.index) == ["a", "c"]
    assert early.loc["a", "n_transactions"] == 2
    assert early.loc["a", "recency_days"] == 4


def many() -> list[tuple[object, ...]]:
    rng = np.random.default_rng(5)
    return [
        (
            f"c{rng.integers(0, 60)}",
            str(dt.date(2024, 1, 1) + dt.timedelta(days=int(rng.integers(0, 31)))),
            int(rng.integers(0, 24)) * 10000,
            float(rng.integers(1, 10_000)) / 100,
            float(rng.integers(0, 10_000)) / 100,
            str(rng.choice(["web", "shop"])),
            str(rng.choice(["F", "M"])),
            None,
        )
        for _ in range(300)
    ]


@pytest.mark.parametrize("shuffle", [1, 2])
def test_the_order_of_rows_does_not_matter(shuffle: int) -> None:
    rows = many()
    pd.testing.assert_frame_equal(
        customers(bought(rows)).pandas(), customers(bought(rows, shuffle)).pandas(), check_exact=True
    )


def test_customers_computed_part_by_part_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = customers(bought(many())).pandas()
    monkeypatch.setattr(computing, "PART_ROWS", 70)
    monkeypatch.setattr(tables, "_ONE_IN", 1)
    workspace = bought(many(), 3)
    assert len(workspace.engine.borders("sales", "key", 5)) == 4
    pd.testing.assert_frame_equal(customers(workspace).pandas(), at_once, check_exact=True)


def test_a_customer_table_is_taken_as_it_is() -> None:
    engine = Engine()
    engine.store("people", pd.DataFrame({"id": ["b", "a"], "spend": [1.0, 2.0]}))
    columns = (Column("id", "text", "customer_key"), Column("spend", "number", "measure"))
    table = DataTable("people", "people.csv", 2, columns, "customers", "id")
    frame = customers(Workspace(engine, {"people": table}, "people"))
    assert frame.pandas()["id"].tolist() == ["a", "b"]
    assert not frame.derived


def test_rows_without_a_key_are_units_and_that_is_said() -> None:
    engine = Engine()
    engine.store("people", pd.DataFrame({"spend": [1.0, 2.0]}))
    table = DataTable("people", "people.csv", 2, (Column("spend", "number", "measure"),))
    frame = customers(Workspace(engine, {"people": table}, "people"))
    assert frame.key == "row_number"
    assert "each row counts as one" in frame.table.findings[0].sentence
