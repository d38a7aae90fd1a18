"""How few groups make up a part of a total, on planted totals."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import fact, run, workspace_of
from tools.core import Workspace
from tools.errors import ToolError

SUM = {"statistic": "sum", "column": "Amount"}


@pytest.fixture(scope="module")
def shop() -> Workspace:
    """Ten customers: one spent 50, one 30, eight 2.5 each; the first bought five times, the others once."""
    amounts = [10.0] * 5 + [30.0] + [2.5] * 8
    keys = ["K0"] * 5 + ["K1"] + [f"K{i}" for i in range(2, 10)]
    frame = pd.DataFrame({"Key": keys, "Amount": amounts, "City": ["Bonn"] * 6 + ["Aachen"] * 8})
    roles: Any = {"Amount": "amount", "Key": "customer_key"}
    return workspace_of(frame, roles, grain="transactions")


@pytest.mark.parametrize(("share", "few"), [(50.0, 1), (50.1, 2), (80.0, 2), (81.0, 3), (100.0, 10)])
def test_the_fewest_are_counted_from_the_largest(shop: Workspace, share: float, few: int) -> None:
    result = run(shop, "measure_concentration", by="Key", measure=SUM, share_pct=share)
    assert fact(result, "n_customers_needed", "") == few
    assert fact(result, "share_of_groups_pct", "") == 10.0 * few


def test_rows_are_counted_where_no_column_is_named(shop: Workspace) -> None:
    result = run(shop, "measure_concentration", by="City", share_pct=50)
    assert fact(result, "n_cities_needed", "") == 1
    assert "They are Aachen." in result.findings


def test_a_filter_makes_another_total(shop: Workspace) -> None:
    where = [{"column": "City", "is": "equal", "value": "Aachen"}]
    result = run(shop, "measure_concentration", by="Key", measure=SUM, share_pct=50, where=where)
    assert "**4 of 8 customers**" in result.headline


def test_an_average_has_no_parts(shop: Workspace) -> None:
    with pytest.raises(ToolError, match="does not add up"):
        run(shop, "measure_concentration", by="Key", measure={"statistic": "mean", "column": "Amount"})
