"""Finding segments as a person meets it: what is said and left out, and that nothing depends on order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.planted_segments import plant
from tests.benchmarks.segments import workspace_of
from tools.core import Column, DataTable, ToolResult, Workspace
from tools.customers.eligibility import check_eligibility
from tools.engine import Engine
from tools.errors import ToolError
from tools.finding.clustering import find_segments
from tools.finding.explaining import explain_segments
from tools.finding.fitting import one_thread
from tools.segments.segmented import segmented
from tools.selecting import Condition


def shop(seed: int = 0, shuffle: int | None = None, n: int = 600) -> Workspace:
    """Return customers with three planted segments, and all that should not build them."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    spend = np.exp(np.array([3, 6, 9])[truth] + rng.normal(0, 0.5, n)).round(2)
    visits = np.array([5.0, 30.0, 12.0])[truth] + rng.normal(0, 2, n)
    frame = pd.DataFrame(
        {
            "id": [f"C{i:04d}" for i in range(n)],
            "spend": spend,
            "spend_eur": (spend * 0.9).round(2),
            "visits": np.where(rng.random(n) < 0.05, np.nan, visits.round(1)),
            "sex": rng.choice(["F", "M"], n),
            "country": "Spain",
            "churned": rng.choice(["Yes", "No"], n),
            "planted": truth,
        }
    )
    if shuffle is not None:
        frame = frame.sample(frac=1, random_state=shuffle)
    columns = (
        Column("id", "text", "customer_key", n_distinct=n),
        Column("spend", "number", "amount", unit="EUR"),
        Column("spend_eur", "number", "measure", unit="EUR"),
        Column("visits", "number", "measure"),
        Column("sex", "text", "category", protected=True),
        Column("country", "text", "constant"),
        Column("churned", "text", "outcome"),
        Column("planted", "number", "index"),
    )
    engine = Engine()
    engine.store("shop", frame)
    table = DataTable("shop", "shop.csv", n, columns, "customers", "id", amount="spend")
    return Workspace(engine, {"shop": table}, "shop")


@pytest.fixture(scope="module")
def found() -> ToolResult:
    return find_segments(shop())


def after(result: ToolResult) -> Workspace:
    assert result.workspace is not None
    return result.workspace


def test_planted_segments_are_found_and_told(found: ToolResult) -> None:
    made = after(found).segmentation
    assert made is not None
    assert found.headline.startswith("I found **3 segments** among 600 customers; all of them come back")
    assert len(found.findings) == 4
    assert all(
        paragraph.startswith("**") and "Typical of them: " in paragraph for paragraph in found.findings[1:]
    )
    assert "Stability (Jaccard)" in found.tables[0].columns
    assert all(one.summary.startswith("Typical of them: ") and one.rule for one in made.segments)
    assert sum(one.size for one in made.segments) == 600
    assert sum(one.value_share or 0 for one in made.segments) == pytest.approx(1)
    assert len({one.name for one in made.segments}) == 3


def test_everybody_is_where_planted(found: ToolResult) -> None:
    placed = segmented(after(found))
    crossed = pd.crosstab(placed.position, placed.customers["planted"])
    assert crossed.max(axis=1).sum() >= 0.98 * 600


def test_exclusions_are_explained(found: ToolResult) -> None:
    made = after(found).segmentation
    assert made is not None
    assert made.features == ("spend", "visits")
    reasons = {
        row[0]: str(row[1])
        for table in found.tables
        if table.title == "Features left out"
        for row in table.rows
    }
    assert "says the same as spend" in reasons["spend_eur"]
    assert "protected" in reasons["sex"]
    assert "outcome" in reasons["churned"]
    assert "same for everybody" in reasons["country"]
    assert any(
        "Visits is missing for" in caveat and "placed by what is known" in caveat for caveat in found.caveats
    )


def test_facts_hold_sizes_shares_and_stability(found: ToolResult) -> None:
    names = {fact.name for fact in found.facts}
    assert {"n_segments", "n_customers", "size", "share_of_customers_pct", "stability_jaccard"} <= names
    assert all(fact.value is not None for fact in found.facts if fact.name == "size")


def test_the_segmentation_survives_json(found: ToolResult) -> None:
    made = after(found).segmentation
    assert made is not None
    assert type(made).from_json(made.to_json()) == made


@pytest.mark.parametrize("shuffle", [1, 2])
def test_the_order_of_rows_does_not_matter(found: ToolResult, shuffle: int) -> None:
    again = find_segments(shop(shuffle=shuffle))
    assert after(again).segmentation == after(found).segmentation
    assert again.findings == found.findings
    assert again.figures == found.figures


def test_the_number_of_threads_does_not_matter(found: ToolResult) -> None:
    with one_thread():
        again = find_segments(shop())
    assert after(again).segmentation == after(found).segmentation


def test_one_cloud_is_cut_into_tiers_and_called_so() -> None:
    frame, _ = plant("one_gaussian", 3)
    result = find_segments(workspace_of(frame))
    made = after(result).segmentation
    assert made is not None
    assert "no natural groups" in result.headline
    assert "convenient division, not a discovery" in result.headline
    assert made.kind == "tiers"
    assert [one.share for one in made.segments] == pytest.approx([0.25] * 4, abs=0.01)


def test_a_number_asked_for_is_given_with_the_truth_about_it() -> None:
    frame, _ = plant("one_gaussian", 3)
    result = find_segments(workspace_of(frame), n_segments=5)
    made = after(result).segmentation
    assert made is not None
    assert len(made.segments) == 5
    assert "because you asked" in result.headline
    assert "no natural groups" in result.headline
    told = find_segments(shop(), n_segments=2)
    assert "You asked for 2; the evidence favours 3." in told.findings[0]


def test_outliers_become_a_named_group() -> None:
    frame, truth = plant("outliers", 2)
    result = find_segments(workspace_of(frame))
    made = after(result).segmentation
    assert made is not None
    unusual = made.segments[-1]
    assert unusual.name == "Unusual customers"
    assert unusual.size == pytest.approx((truth == -1).sum(), abs=6)


def test_a_protected_feature_needs_asking_and_warns() -> None:
    result = find_segments(shop(), features=["spend", "visits", "sex"])
    assert any("credit" in caveat for caveat in result.caveats)


def test_wishes_are_followed() -> None:
    workspace = shop()
    weighted = find_segments(workspace, weights={"spend": 3})
    assert any("weight 3" in caveat for caveat in weighted.caveats)
    without = after(find_segments(workspace, ignore=["visits"])).segmentation
    assert without is not None
    assert without.features == ("spend",)
    some = after(
        find_segments(
            workspace, where=[Condition.model_validate({"column": "visits", "is": "above", "value": 8})]
        )
    ).segmentation
    assert some is not None
    assert some.n_customers < 600
    assert some.population[0]["column"] == "visits"
    large = after(find_segments(workspace, n_segments=5, smallest_share=20)).segmentation
    assert large is not None
    assert min(one.share for one in large.segments) > 0.18


@pytest.mark.parametrize("method", ["kmeans", "gaussian_mixture", "hierarchical", "density"])
def test_every_method_finds_what_is_plain(method: Any) -> None:
    made = after(find_segments(shop(), method=method)).segmentation
    assert made is not None
    crossed = pd.crosstab(segmented(after(find_segments(shop(), method=method))).position, shop_truth())
    assert crossed.max(axis=1).sum() >= 0.9 * 600


def shop_truth() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 3, 600)


def test_wrong_wishes_end_in_clear_words() -> None:
    workspace = shop()
    with pytest.raises(ToolError, match="no column income"):
        find_segments(workspace, features=["income"])
    with pytest.raises(ToolError, match="cannot be made"):
        find_segments(workspace, n_segments=1)
    with pytest.raises(ToolError, match="no dates"):
        find_segments(workspace, reference_date="2024-01-01")
    with pytest.raises(ToolError, match="too few"):
        find_segments(
            workspace, where=[Condition.model_validate({"column": "spend", "is": "above", "value": 1e9})]
        )


def test_why_this_many(found: ToolResult) -> None:
    told = explain_segments(after(found))
    assert told.headline.startswith("There are **3 segments** because")
    assert sum("of them are stable" in one or "of them is stable" in one for one in told.findings) >= 2
    assert told.tables[0].rows[0][0] == 1
    other = explain_segments(after(found), n_segments=5)
    assert other.headline == "There are **3 segments** here; of 5, only 3 would hold anybody."


def test_fewer_segments_say_what_merges(found: ToolResult) -> None:
    told = explain_segments(after(found), n_segments=2)
    assert any(one.startswith("**2 segments**: “") and "would merge" in one for one in told.findings)


def test_nothing_to_explain_before_segments() -> None:
    with pytest.raises(ToolError, match="no segments yet"):
        explain_segments(shop())


def test_the_bank_file_is_honest(shared: Path) -> None:
    from tools.files.loading import load

    workspace = load([shared / "bank" / "bank_transactions_50k.csv"])
    result = find_segments(workspace)
    assert "no natural groups" in result.headline
    assert any("single transaction" in caveat for caveat in result.caveats)
    for method in ("rfm", "lifetime_value", "churn"):
        told = check_eligibility(workspace, method=method)
        assert "cannot carry" in told.headline
        assert "days of history" in told.headline


def test_cdnow_carries_rfm_and_value(shared: Path) -> None:
    from tools.files.loading import load

    workspace = load([shared / "cdnow" / "CDNOW_master.txt"])
    for method in ("rfm", "lifetime_value"):
        assert "can carry" in check_eligibility(workspace, method=method).headline
