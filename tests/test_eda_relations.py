"""Distributions, correlations, differences, cross tables, outliers, missing values and duplicates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.small_tables import fact, run, workspace_of
from tools.core import Workspace
from tools.errors import ToolError
from tools.questions.cross_tables import plain_v

VALUES = st.one_of(st.none(), st.integers(-3, 3).map(float), st.floats(-1e4, 1e4).map(lambda x: round(x, 3)))


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(values=st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=3, max_size=20))
def test_correlations_agree_with_pandas(values: list[tuple[float | None, ...]]) -> None:
    frame = pd.DataFrame(values, columns=["a", "b", "c"], dtype="float64")
    workspace = workspace_of(frame)
    for method in ("pearson", "spearman"):
        for a, b in (("a", "b"), ("a", "c"), ("b", "c")):
            both = frame[[a, b]].dropna()
            result = run(workspace, "correlate", columns=[a, b], method=method)
            ours = result.tables[0].rows[0]
            assert ours[3] == len(both)
            if len(both) < 2 or both.std().min() < 1e-6:
                continue
            assert ours[2] == pytest.approx(both[a].corr(both[b], method=method), rel=1e-9, abs=1e-9)
    workspace.engine.close()


@pytest.fixture(scope="module")
def people() -> Workspace:
    rng = np.random.default_rng(7)
    n = 3000
    group = np.where(rng.random(n) < 0.4, "F", "M")
    spend = np.exp(rng.normal(5, 1.2, n)) * np.where(group == "F", 1.3, 1.0)
    spend[:20] = 0.0
    height = rng.normal(170, 10, n)
    frame = pd.DataFrame(
        {
            "Gender": group,
            "Spend": spend.round(2),
            "Height": height,
            "Weight": (height - 100 + rng.normal(0, 5, n)).round(1),
            "Churn": np.where(rng.random(n) < np.where(group == "F", 0.35, 0.2), "Yes", "No"),
            "Plan": rng.choice(["basic", "plus", "pro"], n, p=[0.6, 0.3, 0.1]),
        }
    )
    frame.loc[::50, "Weight"] = np.nan
    return workspace_of(frame, units={"Spend": "EUR"}, grain="customers")


def frame_of(workspace: Workspace) -> pd.DataFrame:
    return workspace.engine.collect(workspace.engine.frame(workspace.main))


def test_a_distribution_has_the_quantiles_of_pandas(people: Workspace) -> None:
    result = run(people, "show_distribution", column="Spend")
    values = frame_of(people)["Spend"]
    assert fact(result, "median_spend") == pytest.approx(values.median(), rel=1e-12)
    assert fact(result, "percentile_95_spend") == pytest.approx(values.quantile(0.95), rel=1e-12)
    assert fact(result, "skew_spend") == pytest.approx(values.skew(), rel=1e-9)
    assert fact(result, "n_zero") == 20
    assert sum(int(str(row[2])) for row in result.tables[1].rows) == len(values) - 20
    assert result.figures[0]["layout"]["xaxis"]["type"] == "log"


def test_an_even_histogram_counts_every_value(people: Workspace) -> None:
    result = run(people, "show_distribution", column="Height")
    assert sum(int(str(row[2])) for row in result.tables[1].rows) == 3000
    assert "about symmetric" in " ".join(result.findings)


def test_words_are_counted_with_shares(people: Workspace) -> None:
    result = run(people, "show_distribution", column="Plan")
    n = int((frame_of(people)["Plan"] == "basic").sum())
    assert f"basic ({n:,}, {n / 30:.1f}%)" in result.headline


def test_boxes_carry_quantiles_and_no_rows(people: Workspace) -> None:
    result = run(people, "show_distribution", column="Spend", by="Gender")
    assert all(len(trace["median"]) == 1 and "y" not in trace for trace in result.figures[0]["data"])


def test_a_difference_is_that_of_welch(people: Workspace) -> None:
    result = run(people, "compare_groups", column="Spend", by="Gender")
    frame = frame_of(people)
    women, men = (frame.loc[frame["Gender"] == g, "Spend"] for g in "FM")
    test = stats.ttest_ind(women, men, equal_var=False)
    interval = test.confidence_interval()
    assert fact(result, "p_value") == pytest.approx(test.pvalue, rel=1e-9)
    assert fact(result, "difference_low") == pytest.approx(interval.low, rel=1e-9)
    assert fact(result, "difference_high") == pytest.approx(interval.high, rel=1e-9)
    pooled = np.sqrt(((len(women) - 1) * women.var() + (len(men) - 1) * men.var()) / (len(frame) - 2))
    g = (women.mean() - men.mean()) / pooled * (1 - 3 / (4 * (len(frame) - 2) - 1))
    assert fact(result, "hedges_g") == pytest.approx(g, rel=1e-9)


def test_no_difference_is_said_plainly(people: Workspace) -> None:
    assert run(people, "compare_groups", column="Height", by="Gender").headline.startswith(
        ("No clear", "Hardly any")
    )


def test_rates_are_compared_with_their_interval(people: Workspace) -> None:
    result = run(people, "compare_groups", column="Churn", by="Gender")
    assert result.headline.startswith("Yes, they differ: the share with churn is")
    counts = pd.crosstab(frame_of(people)["Gender"], frame_of(people)["Churn"])
    assert fact(result, "p_value") == pytest.approx(
        stats.chi2_contingency(counts, correction=False).pvalue, rel=1e-9
    )


def test_many_groups_are_compared_by_variance_explained(people: Workspace) -> None:
    result = run(people, "compare_groups", column="Spend", by="Plan")
    frame = frame_of(people)
    groups = [frame.loc[frame["Plan"] == plan, "Spend"] for plan in ("basic", "plus", "pro")]
    assert fact(result, "p_value") == pytest.approx(stats.f_oneway(*groups).pvalue, rel=1e-9)
    between = sum(len(g) * (g.mean() - frame["Spend"].mean()) ** 2 for g in groups)
    total = ((frame["Spend"] - frame["Spend"].mean()) ** 2).sum()
    assert fact(result, "eta_squared_pct") == pytest.approx(100 * between / total, rel=1e-9)


def test_a_cross_table_counts_and_measures(people: Workspace) -> None:
    result = run(people, "cross_table", rows="Plan", columns="Gender", normalise="rows")
    counts = pd.crosstab(frame_of(people)["Plan"], frame_of(people)["Gender"])
    v = np.sqrt(stats.chi2_contingency(counts, correction=False).statistic / 3000)
    assert fact(result, "cramers_v") == pytest.approx(v, rel=1e-9)
    assert plain_v(counts.to_numpy()) == pytest.approx(v, rel=1e-9)
    shares = {row[0]: float(str(row[1])) + float(str(row[2])) for row in result.tables[0].rows}
    assert all(total == pytest.approx(100) for total in shares.values())


def test_outliers_follow_the_stated_rule(people: Workspace) -> None:
    values = frame_of(people)["Spend"]
    q1, q3 = values.quantile([0.25, 0.75])
    expected = int(((values < q1 - 1.5 * (q3 - q1)) | (values > q3 + 1.5 * (q3 - q1))).sum())
    result = run(people, "find_outliers", column="Spend")
    assert fact(result, "n_outliers") == expected
    assert "1.5 times" in result.headline
    z = run(people, "find_outliers", column="Spend", rule="z", threshold=2)
    assert fact(z, "n_outliers") == int(((values - values.mean()).abs() > 2 * values.std()).sum())
    top = run(people, "find_outliers", column="Spend", rule="percentile", threshold=95)
    assert fact(top, "n_outliers") == int((values > values.quantile(0.95)).sum())


def test_missing_values_are_counted(people: Workspace) -> None:
    assert (
        run(people, "count_missing").headline == "**1 of 6 columns** has missing values: weight (60, 2.0%)."
    )
    assert "**60** of 3,000 customers (2.0%)" in run(people, "count_missing", column="Weight").headline
    assert "**0**" in run(people, "count_missing", column="Plan").headline


def test_duplicates_are_counted_and_kept() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 2, 2, 3], "b": list("xxyyzz")})
    workspace = workspace_of(frame)
    whole = run(workspace, "find_duplicates")
    assert fact(whole, "n_extra_rows") == 2
    by_a = run(workspace, "find_duplicates", columns=["a"])
    assert "**2 a**" in by_a.headline or "2 as" in by_a.headline
    assert fact(by_a, "n_rows_involved") == 5
    assert (
        run(workspace_of(frame.drop_duplicates()), "find_duplicates").headline
        == "**No row is a copy** of another among 4 rows."
    )


def test_words_do_not_correlate(people: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        run(people, "correlate", columns=["Gender", "Spend"])
    assert "Spend" in error.value.choices
