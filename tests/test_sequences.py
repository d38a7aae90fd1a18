"""Places and days in the order of a customer's rows, in any order of the file and with rows of one moment."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.small_tables import run, workspace_of
from tools.core import Workspace

ROWS = [
    ("a", "2024-01-01", 10.0), ("a", "2024-01-11", 20.0), ("a", "2024-01-11", 30.0),
    ("a", "2024-02-10", 40.0), ("b", "2024-03-01", 50.0), ("c", "2024-01-05", 60.0),
    ("c", "2024-01-25", 70.0),
]  # fmt: skip


@pytest.fixture(params=[1, -1])
def orders(request: pytest.FixtureRequest) -> Workspace:
    frame = pd.DataFrame(ROWS[:: request.param], columns=["client", "paid", "Amount"])
    frame["paid"] = pd.to_datetime(frame["paid"])
    return workspace_of(
        frame, {"client": "customer_key", "paid": "time", "Amount": "amount"}, grain="transactions"
    )


def value(workspace: Workspace, **arguments: object) -> object:
    result = run(workspace, "aggregate", **arguments)
    return next(fact.value for fact in result.facts if fact.name.startswith(("mean", "count", "max", "sum")))


def test_place_counts_moments_not_rows(orders: Workspace) -> None:
    measure = [{"statistic": "mean", "column": "Amount"}]
    assert value(orders, measures=measure, where=[{"column": "place by paid", "value": 1}]) == 40.0
    assert value(orders, measures=measure, where=[{"column": "place by paid", "value": 2}]) == 40.0
    assert value(orders, measures=measure, where=[{"column": "place by paid", "value": 3}]) == 40.0


def test_days_since_the_first_and_the_one_before(orders: Workspace) -> None:
    second = [{"column": "place by paid", "value": 2}]
    gap = [{"statistic": "mean", "column": "days since previous paid"}]
    assert value(orders, measures=gap, where=second) == pytest.approx((10 + 10 + 20) / 3)
    since = {"statistic": "max", "column": "days since first paid"}
    life = [{"statistic": "mean", "of": since, "each": [{"column": "client"}]}]
    assert value(orders, measures=life) == pytest.approx((40 + 0 + 20) / 3)


def test_customers_who_came_again_soon(orders: Workspace) -> None:
    again = [
        {"column": "place by paid", "is": "above", "value": 1},
        {"column": "days since first paid", "is": "at_most", "value": 15},
    ]
    keyed = [{"column": "client", "is": "has_rows", "rows": again}]
    count = [{"statistic": "count_distinct", "column": "client"}]
    assert value(orders, measures=count, where=keyed) == 1
