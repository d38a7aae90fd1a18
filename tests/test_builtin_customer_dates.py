"""When customers bought says which of them a segment holds, counted to the last day of the data."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.parsing.segment_rules import Rules
from tools.core import Workspace
from tools.customers.features import customers
from tools.files.loading import load

DAYS = [date(2022, 1, 1) + timedelta(days=7 * week) for week in range(104)]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    rows = [
        {"customer_id": f"C{who:03}", "order_date": day.isoformat(), "amount": 10 + who}
        for who in range(60)
        for day in DAYS[who : who + 1 + who % 45]
    ]
    path = tmp_path_factory.mktemp("dated") / "orders.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return load([path])


def held(orders: Workspace, said: str) -> set[str]:
    """Customers that fulfil the conditions that words state, by the product's own features."""
    (one,) = Rules(catalog_of(orders)).conditions(said)
    frame = customers(orders).pandas().set_index("customer_id")
    values = frame[one.column]
    keep = {
        "at_most": lambda: values <= one.value, "at_least": lambda: values >= one.value,
        "above": lambda: values > one.value, "below": lambda: values < one.value,
        "between": lambda: values.between(*one.values),
    }[one.is_]()  # fmt: skip
    return set(frame.index[keep])


def test_words_about_first_and_last_purchases_hold_the_right_customers(orders: Workspace) -> None:
    table = orders.engine.table("orders", ["customer_id", "order_date"])
    days = pd.to_datetime(table["order_date"])
    first, last = (days.groupby(table["customer_id"]).agg(how) for how in ("min", "max"))
    expected = {
        "last order before 2023": set(last.index[last < "2023-01-01"]),
        "last order in 2022": set(last.index[last < "2023-01-01"]),
        "active in 2023": set(last.index[last >= "2023-01-01"]),
        "no order in 2023": set(last.index[last < "2023-01-01"]),
        "nothing bought since march 2023": set(last.index[last < "2023-03-01"]),
        "first order after june 2022": set(first.index[first > "2022-06-30"]),
        "first order in march 2022": set(first.index[(first >= "2022-03-01") & (first < "2022-04-01")]),
    }
    assert all(0 < len(people) < 60 for people in expected.values())
    assert {said: held(orders, said) for said in expected} == expected


def test_a_period_in_the_middle_of_the_data_is_not_made_up(orders: Workspace) -> None:
    (one,) = Rules(catalog_of(orders)).conditions("bought in june 2022")
    assert one.column == "order_date"
