"""Measures by group agree with pandas on any small table, and are told with their numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.small_tables import fact, run, workspace_of
from tools.core import ToolResult, Workspace
from tools.errors import ToolError

STATISTICS = (
    "sum",
    "mean",
    "median",
    "min",
    "max",
    "std",
    "variance",
    "skew",
    "quantile",
    "count_distinct",
    "count_missing",
)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would take minutes
NUMBERS = st.one_of(
    st.none(),
    st.integers(-5, 5).map(float),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 2)),
    st.floats(-1e3, 1e3).map(lambda x: round(x, 9)),
)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(1, 25))
    key = st.sampled_from(["a", "b", "B c", "é", None])
    return pd.DataFrame(
        {
            "g": pd.Series(draw(st.lists(key, min_size=n, max_size=n)), dtype="str"),
            "h": pd.Series(draw(st.lists(st.sampled_from(["x", "y"]), min_size=n, max_size=n)), dtype="str"),
            "v": pd.Series(draw(st.lists(NUMBERS, min_size=n, max_size=n)), dtype="float64"),
        }
    )


def by_pandas(values: pd.Series, statistic: str) -> float:
    if statistic == "quantile":
        return float(values.quantile(0.3))
    if statistic == "count_distinct":
        return float(values.nunique())
    if statistic == "count_missing":
        return float(values.isna().sum())
    return float(getattr(values, {"variance": "var"}.get(statistic, statistic))())


def close(ours: Any, theirs: float, values: pd.Series, statistic: str) -> bool:
    if ours is None or math.isnan(theirs):
        return ours is None and math.isnan(theirs)
    spread = float(values.std()) if values.count() > 1 else 0.0
    size = float(values.abs().max()) if values.count() else 0.0
    if statistic == "skew" and spread < 1e-7 * size:
        return True  # pandas sets such a skewness to 0 by its own threshold
    if statistic == "skew":  # near 0 the digits of both cancel
        return bool(abs(ours - theirs) <= 1e-9 * max(abs(theirs), 1e-2))
    scale = {"std": size, "variance": size**2, "sum": values.abs().sum(), "mean": size}.get(
        statistic, abs(theirs)
    )
    return bool(abs(ours - theirs) <= 1e-9 * max(abs(theirs), 1e-6 * scale, 1e-300))


@settings(max_examples=40, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.too_slow])
@given(frame=tables(), filtered=st.booleans())
def test_every_statistic_agrees_with_pandas_in_every_group(frame: pd.DataFrame, filtered: bool) -> None:
    workspace = workspace_of(frame)
    measures = [
        {"statistic": each, "column": "v", **({"q": 0.3} if each == "quantile" else {})}
        for each in STATISTICS
    ]
    where = [{"column": "v", "is": "above", "value": 0}] if filtered else []
    kept = frame[frame["v"] > 0] if filtered else frame
    if kept.empty:
        result = run(workspace, "aggregate", measures=measures, by=[{"column": "g"}], where=where)
        assert not result.tables
        return
    result = run(
        workspace, "aggregate", measures=measures, by=[{"column": "g"}, {"column": "h"}], where=where
    )
    seen = 0
    for row in result.tables[0].rows:
        group = kept[kept["g"].isna() if row[0] == "(missing)" else kept["g"] == row[0]]
        group = group[group["h"] == row[1]]
        assert row[-1] == len(group)
        seen += len(group)
        for statistic, ours in zip(STATISTICS, row[2:], strict=False):
            theirs = by_pandas(group["v"], statistic)
            assert close(ours, theirs, group["v"], statistic), (statistic, ours, theirs, group["v"].tolist())
    assert seen == len(kept)
    workspace.engine.close()


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(frame=tables(), seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_show(frame: pd.DataFrame, seed: int) -> None:
    measures = [{"statistic": each, "column": "v"} for each in ("sum", "mean", "std", "skew", "mode")]
    results = []
    for shuffled in (frame, frame.sample(frac=1, random_state=seed).reset_index(drop=True)):
        workspace = workspace_of(shuffled)
        results.append(run(workspace, "aggregate", measures=measures, by=[{"column": "g"}]))
        workspace.engine.close()
    assert repr(results[0]) == repr(results[1])


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(frame=tables(), limit=st.integers(1, 4), ascending=st.booleans())
def test_top_groups_are_those_of_pandas_with_ties_by_name(
    frame: pd.DataFrame, limit: int, ascending: bool
) -> None:
    workspace = workspace_of(frame)
    order = "ascending" if ascending else "descending"
    counts = frame.dropna(subset=["g"]).groupby("g").size()
    expected = sorted(
        counts.items(), key=lambda pair: (pair[1] if ascending else -pair[1], str(pair[0]).encode())
    )
    result = run(workspace, "aggregate", by=[{"column": "g"}], limit=limit, order=order)
    rows = result.tables[0].rows if result.tables else ()
    assert [(row[0], row[1]) for row in rows] == expected[:limit]
    cut = len(expected) > limit and expected[limit - 1][1] == expected[limit][1]
    assert cut == any("tie" in caveat for caveat in result.caveats)
    workspace.engine.close()


# ------------------------------------------------------------------ shares, ratios, ranks


@pytest.fixture(scope="module")
def shop() -> Workspace:
    frame = pd.DataFrame(
        {
            "Customer": ["a", "a", "b", "c", "d", "e"],
            "Gender": ["F", "F", "M", "M", "M", None],
            "City": ["Pune", "Delhi", "Delhi", "Delhi", "Agra", "Agra"],
            "Amount": [10.0, 30.0, 20.0, 40.0, 100.0, None],
            "Churn": ["Yes", "No", "No", "yes", "No", "No"],
            "When": pd.to_datetime(
                ["2016-08-06", "2016-08-31", "2016-09-04", "2016-09-05", "2016-10-21", "2016-10-21"]
            ),
        }
    )
    roles = {"Customer": "customer_key", "When": "time", "Amount": "amount"}
    return workspace_of(frame, roles, {"Amount": "INR"}, grain="transactions", name="shop")  # type: ignore[arg-type]


def ask(shop: Workspace, **arguments: Any) -> ToolResult:
    return run(shop, "aggregate", **arguments)


def test_two_groups_are_compared_in_one_sentence(shop: Workspace) -> None:
    result = ask(shop, measures=[{"statistic": "mean", "column": "Amount"}], by=[{"column": "Gender"}])
    assert result.headline == (
        "The average amount is **53.33 INR** for men (M) and **20 INR** for women (F),"
        " 33.33 more (2.7 times as much) for men (M)."
    )
    assert fact(result, "mean_amount", "Gender = M") == pytest.approx(160 / 3)
    assert "1 transaction without Gender is shown as (missing)." in result.caveats
    assert "1 transaction without Amount is left out." in result.caveats


def test_one_number_with_its_rows(shop: Workspace) -> None:
    result = ask(shop, measures=[{"statistic": "sum", "column": "Amount"}])
    assert result.headline == "The total amount is **200 INR** (5 transactions)."


def test_a_share_of_the_total(shop: Workspace) -> None:
    result = ask(shop, where=[{"column": "Gender", "value": "f"}], share_of_total=True)
    assert "**2 transactions** where gender is F, which is **33.3%** of all 6" in result.headline


def test_a_share_of_a_sum_by_group(shop: Workspace) -> None:
    result = ask(shop, measures=[{"statistic": "sum", "column": "Amount"}], by=[{"column": "City"}], limit=2)
    assert result.headline.startswith(
        "**Agra** leads the 2 cities with the largest total amount: **100 INR** (50.0% of the total)"
    )
    assert fact(result, "share_together_pct") == pytest.approx(95.0)


def test_a_rate_is_a_count_per_count(shop: Workspace) -> None:
    rate = {
        "statistic": "count",
        "where": [{"column": "Churn", "value": "yes"}],
        "per": {"statistic": "count"},
    }
    result = ask(shop, measures=[rate], by=[{"column": "Gender"}])
    assert "**33.33%** for men (M)" in result.headline
    assert "16.7 percentage points more for women (F)" in result.headline


def test_the_mean_of_yes_and_no_is_a_share(shop: Workspace) -> None:
    assert "**33.33%**" in ask(shop, measures=[{"statistic": "mean", "column": "Churn"}]).headline


def test_an_amount_per_customer(shop: Workspace) -> None:
    measure = {
        "statistic": "sum",
        "column": "Amount",
        "per": {"statistic": "count_distinct", "column": "Customer"},
    }
    assert "**40 INR**" in ask(shop, measures=[measure]).headline


def test_ranks_within_the_first_group(shop: Workspace) -> None:
    result = ask(
        shop,
        measures=[{"statistic": "sum", "column": "Amount"}],
        by=[{"column": "Gender"}, {"column": "City"}],
        limit=1,
        rank_within=True,
    )
    assert [row[:3] for row in result.tables[0].rows] == [("F", "Delhi", 30), ("M", "Agra", 100)]


def test_groups_are_kept_by_their_value_or_their_size(shop: Workspace) -> None:
    result = ask(shop, by=[{"column": "City"}], having=[{"column": "value", "is": "at_least", "value": 2}])
    assert result.headline == "**2 of 3 cities** have at least 2 transactions: Delhi (3) and Agra (2)."
    result = ask(
        shop,
        measures=[{"statistic": "mean", "column": "Amount"}],
        by=[{"column": "City"}],
        having=[{"column": "n", "is": "above", "value": 2}],
    )
    assert [row[0] for row in result.tables[0].rows] == ["Delhi"]
    none = ask(shop, by=[{"column": "City"}], having=[{"column": "value", "is": "above", "value": 9}])
    assert none.headline.startswith("**None** of the 3 cities")


def test_the_most_frequent_value_takes_the_first_of_a_tie(shop: Workspace) -> None:
    result = ask(shop, measures=[{"statistic": "mode", "column": "City"}], by=[{"column": "Gender"}])
    assert [row[1] for row in result.tables[0].rows] == ["Delhi", "Delhi", "Agra"]


def test_no_rows_is_an_answer(shop: Workspace) -> None:
    result = ask(shop, where=[{"column": "Amount", "is": "above", "value": 1000}])
    assert result.headline == "There are **no transactions** where amount is above 1,000 INR."
    grouped = ask(shop, where=[{"column": "Amount", "is": "above", "value": 1000}], by=[{"column": "City"}])
    assert "no transaction" in grouped.headline


def test_dates_have_a_first_and_a_last(shop: Workspace) -> None:
    result = ask(shop, measures=[{"statistic": "max", "column": "When"}])
    assert "**21 Oct 2016**" in result.headline
    assert fact(result, "max_when") == "2016-10-21"


def test_a_month_that_is_not_full_is_told(shop: Workspace) -> None:
    result = ask(shop, by=[{"column": "When", "grain": "month"}])
    assert any("October 2016 is not a full month" in caveat for caveat in result.caveats)


@pytest.mark.parametrize(
    "arguments",
    [
        {"measures": [{"statistic": "mean", "column": "City"}]},
        {"measures": [{"statistic": "mean"}]},
        {"measures": [{"statistic": "quantile", "column": "Amount"}]},
        {"measures": [{"statistic": "mean", "column": "When"}]},
        {"limit": 0, "by": [{"column": "City"}]},
        {"by": [{"column": "City", "grain": "month"}]},
        {"by": [{"column": "City", "n_bins": 3}]},
        {"by": [{"column": "City"}], "having": [{"column": "City", "value": "Pune"}]},
        {"by": [{"column": name} for name in ("City", "Gender", "Churn", "When")]},
    ],
)
def test_what_cannot_be_computed_is_told(shop: Workspace, arguments: dict[str, Any]) -> None:
    with pytest.raises(ToolError):
        ask(shop, **arguments)


# ------------------------------------------------------------------ charts


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"by": [{"column": "City"}]}, "bar"),
        ({"by": [{"column": "City"}], "chart": "pie"}, "pie"),
        ({"by": [{"column": "When", "grain": "month"}]}, "scatter"),
        ({"by": [{"column": "When", "grain": "month"}], "chart": "bar"}, "bar"),
        ({"by": [{"column": "City"}, {"column": "Gender"}], "chart": "heatmap"}, "heatmap"),
        (
            {
                "by": [{"column": "City"}],
                "measures": [{"statistic": "mean", "column": "Amount"}],
                "chart": "pie",
            },
            "bar",
        ),
    ],
)
def test_the_chart_fits_or_comes_as_asked(shop: Workspace, arguments: dict[str, Any], kind: str) -> None:
    result = ask(shop, **arguments)
    assert result.figures[0]["data"][0]["type"] == kind
    if arguments.get("chart") == "pie" and kind == "bar":
        assert any("drawn as bars" in caveat for caveat in result.caveats)


def test_no_chart_when_none_is_wanted(shop: Workspace) -> None:
    assert ask(shop, by=[{"column": "City"}], chart="none").figures == ()


def test_a_pie_joins_small_slices() -> None:
    frame = pd.DataFrame({"g": list("aaaaaaabbbbbbcccccddddeeeffg")})
    result = run(workspace_of(frame), "aggregate", by=[{"column": "g"}], chart="pie")
    assert result.figures[0]["data"][0]["labels"] == ["a", "b", "c", "d", "e", "2 others"]


def test_large_numbers_of_groups_are_cut_and_counted() -> None:
    frame = pd.DataFrame({"g": [f"g{i:05d}" for i in range(7000)], "v": np.arange(7000.0)})
    result = run(
        workspace_of(frame), "aggregate", measures=[{"statistic": "sum", "column": "v"}], by=[{"column": "g"}]
    )
    assert result.tables[0].n_rows_total == 7000
    assert any("500 of 7,000 groups" in caveat for caveat in result.caveats)
    assert result.tables[0].rows[0][0] == "g06999"


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("keys", [["a", "b", None, "d"], ["a", "b", None, "a"], [None, None, None, None]])
def test_different_keys_are_counted_the_same_whether_or_not_they_were_before(
    keys: list[str | None], counted: bool
) -> None:
    frame = pd.DataFrame({"id": pd.Series(keys, dtype="str"), "g": ["x", "x", "x", "y"]})
    workspace = workspace_of(frame, {"id": "row_key"})
    if not counted:
        table = workspace.table
        columns = tuple(replace(c, n_distinct=None) if c.name == "id" else c for c in table.columns)
        workspace = replace(workspace, tables={table.name: replace(table, columns=columns)})
    told = run(workspace, "aggregate", measures=[{"statistic": "count_distinct", "column": "id"}])
    assert fact(told, "count_distinct_id") == frame["id"].nunique()
    where = [{"column": "g", "is": "equal", "value": "x"}]
    some = [{"statistic": "count_distinct", "column": "id", "where": where}]
    told = run(workspace, "aggregate", measures=some)
    assert fact(told, "count_distinct_id") == frame["id"][frame["g"] == "x"].nunique()


def test_groups_that_equal_the_last_of_a_ranking_are_named_and_others_are_not() -> None:
    frame = pd.DataFrame({"g": list("abcdef"), "v": [9.0, 5.0, 5.0, 5.0, 2.0, 1.0]})
    told = run(
        workspace_of(frame),
        "aggregate",
        measures=[{"statistic": "sum", "column": "v"}],
        by=[{"column": "g"}],
        limit=2,
    )
    said = " ".join([told.headline, *told.findings, *told.caveats])
    assert [row[0] for row in told.tables[0].rows] == ["a", "b"]
    assert "c and d" in said and "e" not in [word.strip(".,") for word in said.split()]
