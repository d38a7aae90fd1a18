"""Every wish that can be said when segments are looked for takes effect, and the answer says so."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.planted_segments import plant
from tests.benchmarks.segments import workspace_of
from tests.test_clustering import after, shop
from tools.core import Column, DataTable, Segmentation, ToolResult, Workspace
from tools.engine import Engine
from tools.errors import ToolError
from tools.finding.clustering import find_segments
from tools.finding.explaining import explain_segments
from tools.finding.requesting import Method
from tools.segments.segmented import segmented
from tools.selecting import Condition


def made_by(result: ToolResult) -> Segmentation:
    made = after(result).segmentation
    assert made is not None
    return made


def orders(seed: int = 0, shuffle: int | None = None, lines: bool = False) -> Workspace:
    """Return orders of customers who bought once or often; with `lines` three rows an order."""
    rng = np.random.default_rng(seed)
    often = np.repeat([0, 1], [150, 90])
    bought = np.where(often, rng.integers(6, 12, 240), 1)
    customer = np.repeat(np.arange(240), bought)
    days = rng.integers(0, 300, len(customer))
    frame = pd.DataFrame(
        {
            "customer": [f"c{i:03d}" for i in customer],
            "order_id": np.arange(len(customer)) + 1000,
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D"),
            "amount": np.exp(rng.normal(4, 0.3, len(customer))).round(2),
            "days_since_prior_order": rng.integers(0, 30, len(customer)).astype(float),
            "order_number": np.arange(len(customer)) % 9 + 1,
        }
    )
    if lines:
        frame = frame.loc[frame.index.repeat(3)].reset_index(drop=True)
    if shuffle is not None:
        frame = frame.sample(frac=1, random_state=shuffle)
    columns = (
        Column("customer", "text", "customer_key", n_distinct=240),
        Column("order_id", "number", "row_key", n_distinct=len(customer)),
        Column("day", "date", "time", minimum="2024-01-01", maximum="2024-10-26"),
        Column("amount", "number", "amount", unit="EUR", minimum=1.0, maximum=500.0),
        Column("days_since_prior_order", "number", "measure", unit="days", minimum=0.0, maximum=30.0),
        Column("order_number", "number", "measure", minimum=1.0, maximum=9.0),
    )
    engine = Engine()
    engine.store("orders", frame)
    table = DataTable(
        "orders", "orders.csv", len(frame), columns, "transactions", "customer", "day", amount="amount"
    )
    return Workspace(engine, {"orders": table}, "orders")


def test_a_number_is_followed_and_compared_with_the_evidence() -> None:
    result = find_segments(shop(), n_segments=2)
    assert len(made_by(result).segments) == 2
    assert "You asked for 2; the evidence favours 3." in result.findings[0]


def test_a_number_that_shapes_cannot_fill_is_cut_compactly_and_said() -> None:
    result = find_segments(shop(), n_segments=5)
    assert len(made_by(result).segments) == 5
    assert result.findings[0].startswith("Compared by k-means, 5 groups")
    assert explain_segments(after(result)).headline.startswith(
        "There are **5 segments** because you asked for 5"
    )


def test_chosen_and_ignored_features_are_followed_and_said() -> None:
    chosen = find_segments(shop(), features=["visits"])
    assert made_by(chosen).features == ("visits",)
    assert "You chose the features: visits." in chosen.caveats
    without = find_segments(shop(), ignore=["visits"])
    assert made_by(without).features == ("spend",)
    assert "Left out as you asked: visits." in without.caveats


def test_a_weight_pulls_the_segments_towards_its_feature_and_is_said() -> None:
    frame, _ = plant("one_gaussian", 1)
    plain = made_by(find_segments(workspace_of(frame), n_segments=2, weights={"x2": 1}))
    result = find_segments(workspace_of(frame), n_segments=2, weights={"x2": 8})

    def told_apart(made: Segmentation) -> float:
        centres = np.array(made.model["centres"])[:, 1]
        return float(abs(centres[0] - centres[1]) / made.model["transforms"][1]["weight"])

    assert told_apart(made_by(result)) > told_apart(plain)
    assert any("x2 (as it is, weight 8)" in caveat for caveat in result.caveats)


def test_a_filtered_population_is_all_that_is_segmented_and_is_said() -> None:
    where = [Condition.model_validate({"column": "visits", "is": "above", "value": 8})]
    workspace = shop()
    result = find_segments(workspace, where=where)
    placed = segmented(after(result))
    inside = placed.customers["visits"].gt(8).to_numpy(dtype=bool, na_value=False)
    assert ((placed.position >= 0) == inside).all()
    assert made_by(result).n_customers == inside.sum()
    assert any("visits above 8 were segmented" in caveat for caveat in result.caveats)


@pytest.mark.parametrize("smallest", [20, 0.2])
def test_a_smallest_share_makes_fewer_segments_and_is_said(smallest: float) -> None:
    frame, _ = plant("unequal_sizes", 3)
    result = find_segments(workspace_of(frame), smallest_share=smallest)
    assert min(one.share for one in made_by(result).segments) >= 0.2
    assert any(
        "at least 20.0% of the customers: with 4 one would be smaller" in told for told in result.caveats
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("kmeans", "k-means"),
        ("gaussian_mixture", "mixture of Gaussians"),
        ("hierarchical", "Ward's hierarchy"),
        ("density", "HDBSCAN"),
    ],
)
def test_a_method_is_followed_and_said(method: Method, words: str) -> None:
    result = find_segments(shop(), method=method)
    assert made_by(result).method.startswith(words)
    assert any(f"Made by {words}, as you asked." in caveat for caveat in result.caveats)
    assert made_by(result).model["type"] == ("gaussians" if method == "gaussian_mixture" else "centres")
    assert all(one.stability is not None and one.stability > 0.9 for one in made_by(result).segments)


def test_the_evidence_is_that_of_the_method_asked_for() -> None:
    for method, words in (("hierarchical", "Ward's hierarchy"), ("kmeans", "k-means")):
        result = find_segments(shop(), method=method)
        assert f"every number by {words}" in result.tables[1].title
        assert f"every number by {words}" in explain_segments(after(result)).tables[0].title


def test_a_reference_date_changes_recency_and_is_said() -> None:
    workspace = orders()
    early = find_segments(workspace, reference_date="2024-06-30")
    assert made_by(early).reference_date == "2024-06-30"
    assert "Days are counted to 30 Jun 2024." in early.caveats
    counted = segmented(after(early)).customers
    assert counted["recency_days"].max() <= 181
    assert len(counted) < 240
    with pytest.raises(ToolError, match="reference"):
        find_segments(shop(), reference_date="2024-06-30")


def test_density_leaves_nobody_between_the_groups() -> None:
    frame, _ = plant("overlapping", 1)
    result = find_segments(workspace_of(frame), method="density")
    placed = segmented(after(result))
    assert (placed.position >= 0).all()
    if made_by(result).kind == "clusters":
        assert "counted to the nearest one, with a low confidence" in result.findings[0]
    frame, truth = plant("separated", 2)
    result = find_segments(workspace_of(frame), method="density")
    placed = segmented(after(result))
    crossed = pd.crosstab(placed.position, truth)
    assert crossed.max(axis=1).sum() >= 0.99 * len(truth)
    part = next(fact.value for fact in result.facts if fact.name == "outside_regions_pct")
    assert isinstance(part, float)
    assert 0 < part / 100 <= (placed.confidence < 0.5).mean() < 0.05


def figures(result: ToolResult) -> dict[int, tuple[object, ...]]:
    """Return gap, error, silhouette and smallest segment by number of segments."""
    table = next(table for table in result.tables if table.title.startswith("Evidence by number"))
    return {int(str(row[0])): (row[1], row[2], row[5], row[6]) for row in table.rows}


def test_every_answer_quotes_the_same_figures() -> None:
    frame, _ = plant("heavy_tailed", 4)
    workspace = workspace_of(frame)
    first = find_segments(workspace)
    asked = find_segments(after(first), n_segments=5)
    why = explain_segments(after(asked))
    assert figures(first) == figures(asked) == figures(why)
    stable = {row[0]: row[3] for row in why.tables[0].rows if row[3] is not None}
    assert stable[5] == pytest.approx(min(one.stability or 0 for one in made_by(asked).segments))


def test_stability_is_told_of_the_segment_that_it_was_computed_for() -> None:
    rng = np.random.default_rng(3)
    cloud = rng.normal(size=(1400, 2))
    island = rng.normal(size=(600, 2)) * 0.3 + [12.0, 0.0]
    frame = pd.DataFrame(np.vstack([cloud, island]), columns=["x", "y"])
    result = find_segments(workspace_of(frame), n_segments=5, method="kmeans")
    placed = segmented(after(result))
    on_island = placed.customers["x"].to_numpy() > 8
    held = [float((on_island & (placed.position == i)).sum() / 600) for i in range(5)]
    own = int(np.argmax(held))
    assert held[own] == 1
    stabilities = [one.stability or 0.0 for one in placed.segments]
    assert stabilities[own] == max(stabilities) > 0.95


def test_unusual_customers_are_set_aside_by_a_stated_rule_and_nobody_is_dropped() -> None:
    frame, truth = plant("outliers", 2)
    result = find_segments(workspace_of(frame), outliers="set_aside")
    made, placed = made_by(result), segmented(after(result))
    assert (placed.position >= 0).all()
    assert made.segments[-1].name == "Unusual customers"
    unusual = placed.position == len(made.segments) - 1
    assert unusual[truth == -1].mean() >= 0.95
    assert unusual[truth != -1].mean() <= 0.005
    told = " ".join(result.findings)
    assert f"{unusual.sum()} customers" in told
    assert "more than 3 interquartile ranges above the upper quartile" in told
    assert "with everybody in" in told
    assert "is no evidence that the groups are real" in told
    known = {(fact.name, fact.scope) for fact in result.facts}
    assert {
        ("smallest_jaccard", "everybody in"),
        ("smallest_jaccard", "unusual customers apart"),
        ("n_unusual", ""),
    } <= known
    assert Segmentation.from_json(made.to_json()) == made
    later = explain_segments(after(result), n_segments=2)
    assert later.headline.startswith("There are **3 segments** here")


def test_setting_aside_keeps_the_wishes_behind_the_present_segmentation() -> None:
    before = after(find_segments(shop(), n_segments=2, features=["spend"]))
    result = find_segments(before, outliers="set_aside")
    assert made_by(result).features == ("spend",)
    assert len(made_by(result).segments) == 2
    assert "No customer is far from everybody else, so nobody was set aside." in " ".join(result.findings)
    assert "I kept the wishes behind the present segmentation." in result.caveats
    afresh = find_segments(before, outliers="set_aside", n_segments=3)
    assert made_by(afresh).features == ("spend", "visits")


def test_without_groups_tiers_too_can_set_unusual_customers_aside() -> None:
    frame, _ = plant("bank_like", 1)
    result = find_segments(workspace_of(frame), outliers="set_aside")
    made = made_by(result)
    assert made.kind == "tiers"
    assert made.segments[-1].name == "Unusual customers"
    assert sum(one.size for one in made.segments) == len(frame)
    assert "There are no natural groups, with them in or with them apart." in " ".join(result.findings)


def test_bought_once_is_called_a_rule() -> None:
    result = find_segments(orders(), n_segments=2)
    once = next(one for one in made_by(result).segments if one.size == 150)
    assert once.name == "Bought once"
    near = "(finds 99% of them; 99% of those it finds belong here)"
    assert once.rule == f"roughly: number of transactions is 1 {near}"
    assert any(
        "This is the plain rule “bought once”" in told and "no discovery" in told for told in result.findings
    )


def test_orders_and_their_lines_are_counted_apart() -> None:
    single, several = find_segments(orders(), n_segments=2), find_segments(orders(lines=True), n_segments=2)
    customers = segmented(after(several)).customers
    assert (customers["n_lines"] == 3 * customers["n_transactions"]).all()
    assert (customers["lines_per_transaction"] == 3).all()
    assert (
        customers["n_transactions"].tolist() == segmented(after(single)).customers["n_transactions"].tolist()
    )
    assert customers["bought_again"].sum() == 90
    definitions = segmented(after(several)).definitions
    assert definitions["n_transactions"].label == "orders"
    assert definitions["mean_days_since_prior_order"].label == "days between orders"
    reasons = {row[0]: str(row[1]) for table in several.tables[2:] for row in table.rows}
    assert "positions in a sequence" in reasons["mean_order_number"]


@pytest.mark.parametrize("kind", ["orders", "lines", "mixed", "numbers", "unusual"])
def test_the_same_bytes_in_any_order_and_on_any_number_of_threads(kind: str) -> None:
    from threadpoolctl import threadpool_limits

    def found(shuffle: int | None) -> str:
        if kind in ("orders", "lines"):
            workspace = orders(3, shuffle, kind == "lines")
        else:
            frame, _ = plant(
                {"mixed": "mixed_types", "numbers": "heavy_tailed", "unusual": "outliers"}[kind], 5
            )
            workspace = workspace_of(frame)
            if shuffle is not None:
                stored = workspace.engine.collect(workspace.engine.frame("planted"))
                workspace.engine.store("planted", stored.sample(frac=1, random_state=shuffle))
        result = find_segments(workspace, outliers="set_aside" if kind == "unusual" else "keep")
        labels = segmented(after(result)).position.tolist()
        return json.dumps(
            [made_by(result).to_json(), labels, result.headline, result.findings, result.figures]
        )

    first = found(None)
    assert found(1) == first
    with threadpool_limits(2):
        assert found(2) == first
    with threadpool_limits(1):
        assert found(None) == first
