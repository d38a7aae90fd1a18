"""One side against all others, as a column of two groups; the oracle is plain pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.small_tables import fact, run, workspace_of
from tools.core import Workspace
from tools.errors import ToolError
from tools.sides import side_of

FRAME = pd.DataFrame(
    {
        "Key": [f"K{i:03d}" for i in range(120)],
        "Excess": [(100.0, 250.0, 500.0)[i % 3] for i in range(120)],
        "Claims": [float(5 + i % 3) if i % 3 < 2 else float(i % 3) for i in range(120)],
        "Branch": [("North", "South", "West", None)[i % 4] for i in range(120)],
        "Left": ["yes" if i % 5 == 0 else "no" for i in range(120)],
    }
)


@pytest.fixture(scope="module")
def holders() -> Workspace:
    roles: Any = {"Key": "customer_key"}
    return workspace_of(FRAME, roles, grain="customers")


def test_rows_with_a_value_are_compared_with_all_others(holders: Workspace) -> None:
    sides = ["excess 500", "the others"]
    result = run(holders, "compare_groups", column="Claims", by="Excess = 500", values=sides, claim="lower")
    own, others = (
        FRAME.loc[keep, "Claims"].mean() for keep in (FRAME["Excess"] == 500, FRAME["Excess"] != 500)
    )
    assert result.headline.startswith("Yes")
    shown = {row[0]: row[2] for row in result.tables[0].rows}
    assert shown == {"excess 500": pytest.approx(own), "the others": pytest.approx(others)}


def test_rows_without_a_value_are_on_no_side(holders: Workspace) -> None:
    result = run(holders, "aggregate", measures=[{"statistic": "count"}], by=[{"column": "Branch = North"}])
    shown = {row[0]: row[1] for row in result.tables[0].rows}
    assert shown["North"] == 30
    assert shown["the others"] == 60


def test_a_rate_is_told_for_both_sides_of_a_threshold(holders: Workspace) -> None:
    result = run(holders, "compare_groups", column="Left", by="Excess >= 250")
    high = FRAME.loc[FRAME["Excess"] >= 250, "Left"].eq("yes").mean()
    assert fact(result, "rate_pct") == pytest.approx(
        100 * max(high, FRAME.loc[FRAME["Excess"] < 250, "Left"].eq("yes").mean())
    )


def test_only_a_comparison_of_a_known_column_is_a_side() -> None:
    assert side_of("Excess = 500", ["Excess"]) is not None
    assert side_of("Excess = 500", ["Excess = 500"]) is None
    assert side_of("Other > 3", ["Excess"]) is None


def test_an_unknown_column_is_named(holders: Workspace) -> None:
    with pytest.raises(ToolError):
        run(holders, "compare_groups", column="Claims", by="Nothing = 3")


def test_two_sides_are_compared_and_rows_on_neither_are_left_out(holders: Workspace) -> None:
    by = "Excess >= 500 | Excess < 200"
    sides = ["excess at least 500", "excess below 200"]
    result = run(holders, "compare_groups", column="Claims", by=by, values=sides, claim="higher")
    shown = {row[0]: row[2] for row in result.tables[0].rows}
    for name, keep in zip(sides, (FRAME["Excess"] >= 500, FRAME["Excess"] < 200), strict=True):
        assert shown[name] == pytest.approx(FRAME.loc[keep, "Claims"].mean())


def test_a_side_may_have_several_comparisons(holders: Workspace) -> None:
    by = "Excess >= 200 & Branch = North | Branch = South"
    result = run(holders, "aggregate", measures=[{"statistic": "count"}], by=[{"column": by}])
    shown = {row[0]: row[1] for row in result.tables[0].rows}
    assert shown["South"] == (FRAME["Branch"] == "South").sum()
    assert (
        shown["excess at least 200 and branch North"]
        == ((FRAME["Excess"] >= 200) & (FRAME["Branch"] == "North")).sum()
    )
