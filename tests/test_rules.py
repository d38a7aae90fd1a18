"""Rules, tiers and RFM: published tables come out exactly, ties stay together, and gates hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assistant.session import Session
from tests.planted_customers import planted, workspace_of
from tests.small_tables import run
from tools.core import Workspace, all_tools
from tools.errors import ToolError
from tools.profiles.rule_text import Reader, condition
from tools.segments import rfm
from tools.segments.rfm_segments import segment_by_rfm
from tools.segments.rules import RuleSegment, segment_by_rules
from tools.segments.segmented import segmented
from tools.segments.tiers import segment_by_value

ORDERS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "retail_orders_r" / "orders.csv"
PUBLISHED = {
    "Champions": (35, 316, 31646),
    "Potential Loyalist": (342, 2211, 204856),
    "At Risk": (28, 216, 22227),
    "About To Sleep": (102, 283, 23449),
    "New Customers": (104, 329, 28837),
}


@pytest.fixture(scope="module")
def orders() -> Workspace:
    if not ORDERS.is_file():
        pytest.skip("the orders of the R package rfm are not beside the project")
    frame = pd.read_csv(ORDERS, parse_dates=["order_date"])[["customer_id", "order_date", "revenue"]]
    return workspace_of(
        frame,
        {"customer_id": "customer_key", "order_date": "time", "revenue": "amount"},
        grain="transactions",
        time="order_date",
        amount="revenue",
    )


@pytest.mark.real_data
def test_published_rfm_table_comes_out_exactly(orders: Workspace) -> None:
    result = segment_by_rfm(orders, reference_date="2006-12-31")
    table = result.tables[0]
    column = {name: i for i, name in enumerate(table.columns)}
    found = {
        row[0]: (row[column["Customers"]], row[column["Transactions"]], row[column["Sum of total amount"]])
        for row in table.rows
    }
    assert {name: found[name] for name in PUBLISHED} == PUBLISHED
    totals = [sum(float(row[i] or 0) for row in found.values()) for i in range(3)]
    assert totals == [995, 4906, 464158]
    assert any("plus one" in caveat for caveat in result.caveats)


@pytest.mark.real_data
def test_the_tie_convention_decides_membership(orders: Workspace) -> None:
    higher = segment_by_rfm(orders, reference_date="2006-12-31", ties="higher")
    assert {row[0]: row[2] for row in higher.tables[0].rows}["Champions"] == 40


@pytest.mark.real_data
@pytest.mark.parametrize("levels", [3, 4])
def test_fewer_levels_place_everybody(orders: Workspace, levels: int) -> None:
    result = segment_by_rfm(orders, levels=levels)  # type: ignore[arg-type]
    assert sum(int(row[2] or 0) for row in result.tables[0].rows) == 995
    assert "Others" not in [row[0] for row in result.tables[0].rows]


def single_buyers() -> Workspace:
    n = 600
    frame = pd.DataFrame(
        {
            "who": [f"c{i}" for i in range(n)],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n) % 80, unit="D"),
            "paid": 10.0 + np.arange(n) % 97,
        }
    )
    return workspace_of(
        frame,
        {"who": "customer_key", "day": "time", "paid": "amount"},
        grain="transactions",
        time="day",
        amount="paid",
    )


def test_rfm_is_refused_kindly_where_everybody_bought_once() -> None:
    with pytest.raises(ToolError) as caught:
        segment_by_rfm(single_buyers())
    assert "100.0% of the customers bought once" in caught.value.wrong
    assert "80 days" in caught.value.wrong
    assert "RFM anyway" in caught.value.choices
    anyway = segment_by_rfm(single_buyers(), anyway=True)
    assert any("bought once" in caveat for caveat in anyway.caveats)


def test_equal_values_get_equal_scores() -> None:
    values = np.array([1.0] * 90 + [2.0] * 9 + [3.0])
    for ties in ("plus_one", "lower", "higher"):
        scored = rfm.scores(values, rfm.thresholds(values, 5, ties))  # type: ignore[arg-type]
        assert len({int(score) for score in scored[:90]}) == 1
    assert rfm.thresholds(np.array([1.0, 2, 3, 4, 5]), 5, "plus_one") == pytest.approx([2.8, 3.6, 4.4, 5.2])


def test_every_score_has_a_name_on_fewer_levels() -> None:
    for levels in (3, 4):
        for r in range(1, levels + 1):
            for f in range(1, levels + 1):
                for m in range(1, levels + 1):
                    assert any(
                        all(
                            low <= score <= high for score, (low, high) in zip((r, f, m), ranges, strict=True)
                        )
                        for ranges in rfm.NAMED[levels].values()
                    )


def test_rules_take_customers_in_order_and_preview_changes_nothing() -> None:
    workspace = planted()
    rules = [
        RuleSegment(name="Savers", where=[condition("balance", "above", 50_000)]),
        RuleSegment(name="Romans", where=[condition("city", "equal", "rome")]),
    ]
    preview = segment_by_rules(workspace, rules, otherwise="Rest", preview=True)
    assert preview.workspace is None
    made = segment_by_rules(workspace, rules, otherwise="Rest")
    assert made.workspace is not None
    assert made.tables == preview.tables
    placed = segmented(made.workspace)
    frame = placed.customers
    expected = np.where(frame["balance"] > 50_000, 0, np.where(frame["city"] == "Rome", 1, 2))
    assert (placed.position == expected).all()
    assert [segment.rule for segment in placed.segments][2] == "everybody else"


def test_top_share_becomes_a_stated_amount() -> None:
    made = segment_by_rules(
        planted(), [RuleSegment(name="Best", where=[condition("spend", "top_share", 20)])]
    )
    assert made.workspace is not None and made.workspace.segmentation is not None
    leaf = made.workspace.segmentation.model["leaves"][0]["where"][0]
    assert leaf["is"] == "at_least"
    assert made.workspace.segmentation.segments[0].share == pytest.approx(0.2, abs=0.005)


def test_tiers_by_share_quantile_and_amount() -> None:
    workspace = planted()
    top = segment_by_value(workspace, top_shares=[5, 15])
    assert [row[0] for row in top.tables[0].rows] == ["Top 5%", "Next 15%", "Everyone else"]
    assert [row[2] for row in top.tables[0].rows][:2] == [80, 239]
    quarters = segment_by_value(workspace, "balance", quantiles=4)
    assert [row[2] for row in quarters.tables[0].rows] == [400, 400, 400, 400]
    stated = segment_by_value(workspace, "spend", thresholds=[500, 1000], names=["Gold", "Silver", "Bronze"])
    assert [row[0] for row in stated.tables[0].rows] == ["Gold", "Silver", "Bronze"]
    assert any("without spend are in Bronze" in caveat for caveat in stated.caveats)
    assert "Gold" in stated.headline


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"top_shares": [60, 50]}, "less than 100"),
        ({"column": "city"}, "no order"),
        ({"top_shares": [10], "quantiles": 3}, "cannot be mixed"),
        ({"thresholds": [5.0], "names": ["a", "b", "c"]}, "2 tiers and 3 names"),
    ],
)
def test_impossible_tiers_say_what_to_do(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ToolError, match=message):
        segment_by_value(planted(), **arguments)


def test_tiers_of_constant_values_are_refused() -> None:
    frame = pd.DataFrame({"who": [f"c{i}" for i in range(50)], "visits": [1] * 49 + [2]})
    workspace = workspace_of(frame, {"who": "customer_key"}, grain="customers")
    with pytest.raises(ToolError, match="same visits|same for most"):
        segment_by_value(workspace, "visits", quantiles=4)


def test_rules_without_a_match_and_unknown_values_are_told() -> None:
    with pytest.raises(ToolError, match="does not occur"):
        segment_by_rules(planted(), [RuleSegment(name="x", where=[condition("city", "equal", "Atlantis")])])
    with pytest.raises(ToolError, match="no rule"):
        segment_by_rules(planted(), [])


def test_who_is_listed_and_did_nothing_is_told_to_be_in_no_segment(tmp_path: Path) -> None:
    members = pd.DataFrame(
        {"member_id": [f"M{i:03d}" for i in range(90)], "plan": ["Basic", "Gold", "Flex"] * 30}
    )
    visits = pd.DataFrame(
        {
            "visit_id": [f"V{i:04d}" for i in range(600)],
            "member_id": [f"M{i % 60:03d}" for i in range(600)],
            "visited_at": pd.date_range("2024-01-01", periods=600, freq="7h").strftime("%Y-%m-%d %H:%M"),
            "spent": [5.0 + i % 17 for i in range(600)],
        }
    )
    for name, frame in (("members", members), ("visits", visits)):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    workspace = Session.open([tmp_path / "visits.csv", tmp_path / "members.csv"]).workspace
    gold = {"name": "Gold", "where": [{"column": "plan", "value": "Gold"}]}
    result = all_tools()["segment_by_rules"].call(workspace, {"segments": [gold]})
    assert "30 of the 90 in members.csv have no visits and are in no segment." in result.caveats


def test_a_rule_tells_no_bound_twice() -> None:
    reader = Reader(lambda name: name, lambda name: None)
    span = condition("balance", "between", values=[1000, 5000])
    within, beyond = condition("balance", "at_most", 5000), condition("balance", "at_most", 4000)
    assert reader.all_of([span, within]) == "balance from 1,000 to 5,000"
    assert "at most 4,000" in reader.all_of([span, beyond])


def test_classes_by_value_go_by_what_the_best_customers_bring_in() -> None:
    spend = [50.0, 30.0, 10.0, 5.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5]
    frame = pd.DataFrame({"who": [f"c{i}" for i in range(10)], "spend": spend})
    workspace = workspace_of(
        frame, {"who": "customer_key", "spend": "amount"}, grain="customers", amount="spend"
    )
    made = segment_by_value(workspace, "spend", value_shares=[80, 15]).workspace
    assert made is not None and made.segmentation is not None
    assert [(one.name, one.size) for one in made.segmentation.segments] == [("A", 2), ("B", 2), ("C", 6)]
    with pytest.raises(ToolError, match="sum to less than 100"):
        segment_by_value(workspace, "spend", value_shares=[80, 20])
    with pytest.raises(ToolError, match="cannot be mixed"):
        segment_by_value(workspace, "spend", value_shares=[80], quantiles=4)


def test_rows_that_share_a_key_each_count_once_in_their_segment() -> None:
    frame = pd.DataFrame(
        {
            "member": [f"m{i % 60}" for i in range(90)],
            "town": ["Rome" if i < 40 else "Oslo" for i in range(90)],
            "age": [20.0 + i % 37 for i in range(90)],
        }
    )
    workspace = workspace_of(frame, {"member": "customer_key"}, grain="customers")
    rule = {"name": "Romans", "where": [{"column": "town", "value": "Rome"}]}
    made = run(workspace, "segment_by_rules", segments=[rule]).workspace
    assert made is not None
    counted = run(made, "aggregate", measures=[{"statistic": "count"}], by=[{"column": "segment"}])
    assert {row[0]: row[1] for row in counted.tables[0].rows} == {"Romans": 40, "Everyone else": 50}
    mean = run(
        made, "aggregate", measures=[{"statistic": "mean", "column": "age"}], by=[{"column": "segment"}]
    )
    assert {row[0]: row[1] for row in mean.tables[0].rows} == pytest.approx(
        {"Romans": frame.age[:40].mean(), "Everyone else": frame.age[40:].mean()}
    )
