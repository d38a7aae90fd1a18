"""Planted traps are found, mended or reported, and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.core import DataTable, Workspace
from tools.files.cleaning import age, births
from tools.files.dates import date_shape, is_clock
from tools.files.loading import load
from tools.understanding.repetition import count_conflicts, find_repetition
from tools.understanding.units import unit_of

Loader = Callable[[str], Workspace]


@pytest.fixture
def given_text(tmp_path: Path) -> Loader:
    def build(text: str) -> Workspace:
        path = tmp_path / "planted.csv"
        path.write_text(text)
        return load([path])

    return build


def sentences(table: DataTable, code: str) -> list[str]:
    return [item.sentence for item in (*table.cleaning, *table.findings) if item.code == code]


def rows_of(table: DataTable, code: str) -> int:
    return sum(item.n_rows for item in (*table.cleaning, *table.findings) if item.code == code)


def days(workspace: Workspace, column: str = "day") -> list[str]:
    frame = workspace.engine.collect(workspace.engine.frame(workspace.main))
    return [str(value)[:10] for value in frame[column]]


# --- the order of day and month


@pytest.mark.parametrize(
    ("texts", "order", "proven"),
    [
        (["2/8/16", "22/9/16"], "day", "proven"),
        (["2/8/16", "9/22/16"], "month", "proven"),
        (["2016-08-02", "2016-09-22"], "year", "written"),
        (["20160802", "20160922"], "year", "written"),
        (["2-Aug-2016", "22-Sep-2016"], "day", "written"),
        (["Aug 2, 2016", "September 22, 2016"], "month", "written"),
        (["22/9/16", "9/22/16"], "day", "mixed"),
        (["1/8/16", "2/8/16", "3/8/16"], "day", "open"),
        (["8/1/16", "8/2/16", "8/3/16"], "month", "open"),
    ],
)
def test_the_order_is_proven_or_said_to_be_open(texts: list[str], order: str, proven: str) -> None:
    shape = date_shape(texts)
    assert shape is not None and (shape.order, shape.proven) == (order, proven)


@pytest.mark.parametrize("texts", [["1.5", "2.25"], ["hello"], ["12/2016"], ["99/99/99"], ["1/2/3/4"]])
def test_other_texts_are_no_dates(texts: list[str]) -> None:
    assert date_shape(texts) is None


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.dates(date(1970, 1, 1), date(2060, 12, 31)), min_size=1, max_size=40),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%b-%Y", "%Y/%m/%d"]),
)
def test_a_proven_order_reads_every_date_back(values: list[date], form: str) -> None:
    texts = [value.strftime(form) for value in values]
    shape = date_shape(texts)
    assert shape is not None
    if shape.proven in ("proven", "written"):
        formats = shape.formats or ("%Y-%m-%d",)
        assert [pd.to_datetime(text, format=formats[0]).date() for text in texts] == values


def test_a_violation_deep_in_the_column_keeps_text(given_text: Loader) -> None:
    body = "".join(f"{i % 28 + 1}/{i % 12 + 1}/2024,{i}\n" for i in range(40_000))
    table = given_text(f"day,v\n{body}1/31/2024,4\n{body}").table
    assert table.columns[0].kind == "text" and rows_of(table, "date_order_mixed") == 80_001


def test_a_proof_deep_in_the_column_is_found(given_text: Loader) -> None:
    body = "".join(f"{i % 12 + 1}/{i % 7 + 1}/2024,{i}\n" for i in range(40_000))
    month_first = given_text(f"day,v\n{body}1/31/2024,4\n{body}")
    assert days(month_first)[1] == "2024-02-02" and days(month_first)[40_000] == "2024-01-31"
    assert set(days(month_first)[:12]) == {f"2024-{i % 12 + 1:02d}-{i % 7 + 1:02d}" for i in range(12)}
    day_first = given_text(f"day,v\n{body}31/1/2024,4\n{body}")
    assert (
        days(day_first)[:3] == ["2024-01-01", "2024-02-02", "2024-03-03"]
        and days(day_first)[40_000] == "2024-01-31"
    )
    assert set(days(day_first)[:12]) == {f"2024-{i % 7 + 1:02d}-{i % 12 + 1:02d}" for i in range(12)}
    for workspace in (month_first, day_first):
        assert rows_of(workspace.table, "date_order") == 80_001 and not rows_of(
            workspace.table, "date_order_open"
        )


def test_an_open_order_is_said_with_the_other_one(given_text: Loader) -> None:
    table = given_text("day,v\n" + "".join(f"{i % 9 + 1}/8/16,{i}\n" for i in range(50))).table
    (told,) = sentences(table, "date_order_open")
    assert "day first" in told and "say that the dates are month first" in told


def test_unreadable_dates_are_missing_and_counted(given_text: Loader) -> None:
    table = given_text(
        "day,v\n" + "".join(f"{i % 28 + 1}/8/2016,{i}\n" for i in range(200)) + "soon,1\n31/13/2016,2\n"
    ).table
    assert table.columns[0].kind == "date" and table.columns[0].n_missing == 2
    assert rows_of(table, "unreadable_cells") == 2


# --- births


def bank(n: int = 3_000) -> str:
    rng = np.random.default_rng(3)
    names = (
        "TransactionID,CustomerID,CustomerDOB,CustGender,TransactionDate,TransactionTime,TransactionAmount"
    )
    lines = [f"{names} (INR)"]
    for i in range(n):
        year = rng.integers(50, 99) if i % 10 else 0
        born = f"{rng.integers(1, 29)}/{rng.integers(1, 13)}/{year:02d}" if i % 20 else "1/1/1800"
        day = f"{rng.integers(1, 29)}/{8 + i % 2}/16"
        clock = int(f"{rng.integers(0, 24)}{rng.integers(0, 60):02d}{rng.integers(0, 60):02d}")
        lines.append(f"T{i},C{i if i % 9 else i + 1},{born},{'MF'[i % 2]},{day},{clock},{i % 700}.5")
    return "\n".join(lines) + "\n"


def test_births_are_put_right(given_text: Loader) -> None:
    workspace = given_text(bank())
    table = workspace.table
    frame = workspace.engine.collect(workspace.engine.frame(table.name))
    assert rows_of(table, "placeholder_dates") == 150 and frame["CustomerDOB"].isna().sum() == 150
    assert (
        frame["CustomerDOB"].max() <= frame["TransactionDate"].max()
        and frame["CustomerDOB"].min().year == 1950
    )
    assert frame["Age"].isna().sum() == 150 and frame["Age"].min() >= 15
    column = table.column("Age")
    assert column is not None and column.n_missing == 150 and column.derived_from == "CustomerDOB"
    assert (column.minimum, column.maximum) == (frame["Age"].min(), frame["Age"].max())
    assert dict(column.values) == {str(int(k)): n for k, n in frame["Age"].value_counts().items()}
    last = frame["TransactionDate"].max().date()
    assert all(
        age(b.date(), last) == a
        for b, a in zip(frame["CustomerDOB"].dropna(), frame["Age"].dropna(), strict=True)
    )


def test_times_of_day_are_read(given_text: Loader) -> None:
    table = given_text(bank()).table
    assert (table.columns[5].kind, table.columns[5].role, table.clock) == ("time", "clock", "TransactionTime")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["90810", "183210", "1"], "clock_digits"),
        (["18:32:10", "9:05"], "clock"),
        (["990000", "180000"], None),
        (["12", "30"], None),
        (["1830"], None),
    ],
)
def test_what_is_a_time_of_day(texts: list[str], kind: str | None) -> None:
    assert is_clock(texts) == kind


def test_a_point_mass_far_from_the_rest_is_a_placeholder() -> None:
    last = date(2016, 10, 21)
    usual = [(date(1950 + i % 45, 1 + i % 12, 1 + i % 28), 3) for i in range(500)]
    found = births([*usual, (date(1900, 1, 1), 400), (date(1899, 5, 5), 1), (date(2057, 4, 4), 7)], last)
    assert found.placeholders == ((date(1900, 1, 1), 400),)
    assert found.implausible == 1 and found.shifted == 7 and date(1957, 4, 4) in found.mended
    in_the_middle = births([*usual, (date(1970, 1, 1), 400)], last)
    assert not in_the_middle.placeholders, "it is not far from the rest"


# --- customers


def test_conflicting_customers_are_counted(given_text: Loader) -> None:
    lines = ["customer_id,dob,gender,order_date,amount"]
    lines += [f"C{i},1980-01-{i % 28 + 1:02d},F,2024-03-{i % 28 + 1:02d},{i}" for i in range(300)]
    lines += [
        f"C{i},1990-02-{i % 28 + 1:02d},{'M' if i < 20 else 'F'},2024-04-{i % 28 + 1:02d},{i}"
        for i in range(50)
    ]
    lines += [f"C{i},1980-01-{i % 28 + 1:02d},F,2024-05-{i % 28 + 1:02d},{i}" for i in range(100, 130)]
    table = given_text("\n".join(lines) + "\n").table
    (told,) = sentences(table, "conflicting_customers")
    assert (
        "80 of 300 customer_id values" in told
        and "50 have more than one dob" in told
        and "20 have more than one gender" in told
    )
    assert "better key" in told and "350 people" in told


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=60))
def test_repetition_agrees_with_pandas(pairs: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(pairs, columns=["key", "value"])
    scale = np.uint64(2**61 - 1)
    keys = frame["key"].to_numpy(np.uint64) * scale
    found = find_repetition(keys.copy())
    known = frame[frame["key"] > 0]
    sizes = known.groupby("key").size()
    again = sizes[sizes > 1]
    assert (found.n_values, found.n_rows, found.most) == (
        len(again),
        again.sum(),
        again.max() if len(again) else 0,
    )
    value = frame["value"].to_numpy(np.uint64) * scale
    parts = [(keys[rows], value[rows]) for rows in np.array_split(np.arange(len(frame)), 3)]
    conflicts = count_conflicts(found, parts, 1)
    values = known[known["key"].isin(again.index) & (known["value"] > 0)].groupby("key")["value"].nunique()
    assert conflicts == [int((values > 1).sum())]


def test_one_purchase_each_rules_things_out(given_text: Loader) -> None:
    table = given_text(bank()).table
    (told,) = sentences(table, "one_purchase_each")
    assert "RFM" in told and "lifetime value" in told and "churn" in told
    assert rows_of(table, "short_history") == 3_000


def test_the_customer_is_not_the_transaction(given_text: Loader) -> None:
    table = given_text(bank()).table
    assert table.customer == "CustomerID" and table.columns[0].role == "row_key"


# --- oddities


def test_oddities_are_reported(given_text: Loader) -> None:
    rng = np.random.default_rng(5)
    lines = ["order_id,customer_id,order_date,amount,city,gender,source,copy,flag,opposite,email"]
    for i in range(400):
        city = ["Mumbai", "MUMBAI ", "Delhi", "Pune"][i % 4]
        gender = "T" if i == 7 else "MF"[i % 2]
        amount = [0, -5, 20, 30][i % 4] if i < 8 else int(rng.integers(10, 90))
        flag = i % 2
        when = f"2024-{1 + i % 8:02d}-{1 + i % 28:02d}"
        lines.append(
            f"{i},C{i % 50},{when},{amount},{city},{gender},web,{amount},{flag},{1 - flag},c{i % 50}@mail.org"
        )
    lines += lines[10:15]
    table = given_text("\n".join(lines) + "\n").table
    assert rows_of(table, "zero_amounts") == 2 and rows_of(table, "negative_amounts") == 2
    assert (
        rows_of(table, "messy_places") >= 200 and "1 of them the same" in sentences(table, "messy_places")[0]
    )
    assert "T" in sentences(table, "rare_values")[0] and rows_of(table, "duplicate_rows") == 5
    assert sentences(table, "constant_columns") and len(sentences(table, "twin_columns")) == 2
    assert "email" in sentences(table, "personal_data")[0]
    email = table.column("email")
    assert email is not None and email.role == "personal" and not email.values


def test_words_for_nothing(given_text: Loader) -> None:
    marks = ["web", "shop", "?", "N/A", "-", " ", "unknown", "none"]
    table = given_text(
        "id,channel,state\n" + "".join(f"{i},{marks[i % 8]},{'NA' if i % 3 else 'TX'}\n" for i in range(240))
    ).table
    channel, state = table.column("channel"), table.column("state")
    assert channel is not None and channel.n_missing == 120
    assert rows_of(table, "blank_cells") == 30 and rows_of(table, "placeholder_words") == 90
    assert "unknown" in sentences(table, "doubtful_words")[0] and "none" in dict(channel.values)
    assert state is not None and dict(state.values) == {"NA": 160, "TX": 80}, (
        "a code like the others is a value"
    )


def test_names_of_people_that_look_like_nothing_stay(given_text: Loader) -> None:
    names = ["Nan", "Null", "Ann", "Bob"]
    text = "customer_id,first_name,order_date,amount\n"
    text += "".join(f"C{i % 9},{names[i % 4]},2024-01-{i % 28 + 1:02d},{i}\n" for i in range(80))
    table = given_text(text).table
    assert table.columns[1].n_missing == 0 and table.columns[1].role == "personal"


@pytest.mark.parametrize(
    ("name", "role", "unit"),
    [
        ("TransactionAmount (INR)", "amount", "INR"),
        ("price_usd", "amount", "USD"),
        ("dollar_value", "amount", "USD"),
        ("Umsatz [€]", "amount", "EUR"),
        ("lead_time_days", "measure", "days"),
        ("discount_pct", "measure", "%"),
        ("tenure", "measure", None),
        ("Age", "age", "years"),
    ],
)
def test_units_are_read_off_names(name: str, role: str, unit: str | None) -> None:
    assert unit_of(name, role) == unit  # type: ignore[arg-type]
