"""What the data carry decides the advice: how to segment, who may churn, whether a claimed figure is so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.planted_customers import planted, with_centres, with_rules, workspace_of
from tools.core import Workspace
from tools.errors import ToolError
from tools.forecasts.churn_risk import find_churn_risk
from tools.forecasts.drivers import find_drivers
from tools.profiles.explaining_values import explain_value
from tools.segments.editing import merge_segments, rename_segment, split_segment
from tools.segments.recommending import recommend_method
from tools.segments.segmented import find_segment, require, segmented
from tools.segments.tiers import segment_by_value


def subscribers(seed: int = 0) -> Workspace:
    """Return 2,000 customers: half of those on a monthly plan left, a tenth of the rest; shoes are noise."""
    rng = np.random.default_rng(seed)
    n = 2_000
    plan = rng.choice(["Monthly", "Yearly"], n)
    left = rng.random(n) < np.where(plan == "Monthly", 0.5, 0.1)
    frame = pd.DataFrame(
        {
            "who": [f"c{i:04d}" for i in range(n)],
            "plan": plan,
            "shoe_size": rng.integers(36, 47, n),
            "Churn": np.where(left, "Yes", "No"),
        }
    )
    return workspace_of(frame, {"who": "customer_key", "Churn": "outcome"}, grain="customers")


def fact(result: object, name: str, scope: str = "") -> object:
    found = [one.value for one in result.facts if one.name == name and scope in one.scope]  # type: ignore[attr-defined]
    assert found, name
    return found[0]


def test_known_leavers_are_told_by_what_goes_with_leaving() -> None:
    told = find_churn_risk(subscribers())
    everybody = subscribers().engine.collect(subscribers().engine.frame("shop"))
    left = everybody["Churn"] == "Yes"
    assert fact(told, "rate_pct") == pytest.approx(100 * left.mean())
    monthly = 100 * left[everybody["plan"] == "Monthly"].mean()
    assert fact(told, "rate_pct", "Monthly") == pytest.approx(monthly)
    assert "what goes with it most is plan" in told.headline
    assert f"{monthly:.1f}% with Monthly plan" in told.headline
    assert not any("shoe" in text for text in (told.headline, *told.findings))
    assert any("do not predict" in caveat for caveat in told.caveats)


def test_an_outcome_that_is_no_leaving_is_not_taken_for_churn() -> None:
    frame = (
        subscribers().engine.collect(subscribers().engine.frame("shop")).rename(columns={"Churn": "Bought"})
    )
    workspace = workspace_of(frame, {"who": "customer_key", "Bought": "outcome"}, grain="customers")
    assert "cannot carry a forecast of churn" in find_churn_risk(workspace).headline


def test_dated_purchases_give_the_overdue(shared: Path) -> None:
    from tools.files.loading import load

    told = find_churn_risk(load([shared / "cdnow" / "CDNOW_master.txt"]))
    assert "overdue against their own rhythm" in told.headline
    assert any(table.title.startswith("Overdue customers") for table in told.tables)
    bank = find_churn_risk(load([shared / "bank" / "bank_transactions_50k.csv"]))
    assert "cannot carry a forecast of churn" in bank.headline


def test_a_false_average_is_corrected_and_a_true_one_confirmed() -> None:
    workspace = with_rules(planted())
    placed = segmented(workspace)
    ages = placed.numbers("age")[placed.position == 1]
    true = float(np.nanmean(ages))
    wrong = explain_value(workspace, segment="Night owls", column="age", claimed=round(true) + 9)
    assert wrong.headline.startswith("No, the average age in Night owls is")
    assert fact(wrong, "mean_age", "Night owls") == pytest.approx(true)
    right = explain_value(workspace, segment="Night owls", column="age", claimed=float(round(true)))
    assert right.headline.startswith("Yes, ")
    assert any("not why" in caveat for caveat in wrong.caveats)
    assert "night share" in " ".join(right.findings)  # planted: night shoppers are the young ones


def test_letters_are_places_and_that_is_said() -> None:
    workspace = with_rules(planted())
    told = explain_value(workspace, segment="segment B", column="age")
    assert "Night owls" in told.headline
    assert any("Night owls" in caveat and "letter" in caveat for caveat in told.caveats)
    with pytest.raises(ToolError, match="no segment called"):
        find_segment(require(workspace), "Q")
    named = rename_segment(workspace, "Savers", "B").workspace
    assert named is not None
    assert find_segment(require(named), "b").key == 0


def test_a_text_has_no_average() -> None:
    with pytest.raises(ToolError, match="no number"):
        explain_value(with_rules(planted()), segment="Savers", column="city")


def test_clusters_are_recommended_where_they_hold_and_tiers_where_not() -> None:
    held = recommend_method(planted())
    assert held.headline.startswith("Use **clusters**")
    rng = np.random.default_rng(1)
    even = pd.DataFrame({"who": [f"c{i}" for i in range(600)], "spend": rng.lognormal(5, 1, 600)})
    even["visits"] = rng.lognormal(3, 1, 600)
    cloud = workspace_of(even, {"who": "customer_key", "spend": "amount"}, grain="customers", amount="spend")
    told = recommend_method(cloud)
    assert told.headline.startswith("Use **tiers by value**")
    assert "no natural groups" in told.headline


def test_every_card_has_a_text_and_a_rule() -> None:
    for made in (with_rules(planted()), with_centres(planted(), ["balance", "night_share"], 3)):
        edited = rename_segment(made, "1", "First").workspace
        assert edited is not None
        for one in require(edited).segments:
            assert one.summary.startswith(("Typical of them", "Nothing"))
            assert one.rule
    rules = [one.rule for one in require(edited).segments]
    assert all(rule.startswith("roughly: ") and "of those it finds" in rule for rule in rules)


def test_rules_stay_exact_for_segments_that_a_split_does_not_touch() -> None:
    tiers = segment_by_value(planted(), "balance", quantiles=4).workspace
    assert tiers is not None
    top = max(require(tiers).segments, key=lambda one: one.value_share or 0.0)
    split = split_segment(tiers, top.name).workspace
    assert split is not None
    parts = [one for one in require(split).segments if one.name.startswith(f"{top.name}, ")]
    others = [one for one in require(split).segments if one not in parts]
    assert len(parts) == 2
    assert all(one.rule.startswith("roughly: ") for one in parts)
    assert not any(one.rule.startswith("roughly: ") for one in others)
    assert others[0].rule == next(one.rule for one in require(tiers).segments if one.name == others[0].name)


def test_a_merged_segment_says_the_common_part_once_and_reads_as_one_range() -> None:
    tiers = segment_by_value(planted(), "balance", quantiles=4).workspace
    assert tiers is not None
    names = [one.name for one in require(tiers).segments]
    merged = merge_segments(tiers, names[1:3]).workspace
    assert merged is not None
    one = next(one for one in require(merged).segments if one.name not in names)
    assert "more" not in one.name.split()
    assert "either" not in one.rule  # two ranges that touch are one


def test_what_goes_with_any_outcome_is_told_without_its_copies() -> None:
    frame = subscribers().engine.collect(subscribers().engine.frame("shop"))
    frame = frame.rename(columns={"Churn": "Bought"}).assign(
        not_bought=lambda t: t["Bought"].map({"Yes": "No", "No": "Yes"})
    )
    workspace = workspace_of(frame, {"who": "customer_key", "Bought": "outcome"}, grain="customers")
    told = find_drivers(workspace, column="Bought")
    assert told.headline.startswith("`Bought` is Yes for")
    assert "what goes with it most is plan" in told.headline
    assert any(caveat.startswith("not_bought says the same") for caveat in told.caveats)
    assert not any("left" in text for text in (told.headline, *told.findings, *told.caveats))
    with pytest.raises(ToolError, match="does not say yes or no"):
        find_drivers(workspace, column="shoe_size")
