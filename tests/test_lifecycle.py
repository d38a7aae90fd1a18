"""Tests of segments by stage of a customer's life, with pauses between purchases that were planted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from tests.planted_customers import workspace_of
from tools.core import ToolResult, Workspace
from tools.errors import ToolError
from tools.segments.lifecycle import count_active, segment_by_lifecycle

END = date(2024, 12, 31)
# Days before the end on which each kind of customer bought, and how many customers there are of it.
KINDS = {
    "steady": ([10, 40, 70, 100, 130, 160, 400], 40),  # pauses of 30, one of 240
    "cooling": ([60, 90, 120, 150, 180, 210], 20),
    "gone": ([500, 530, 560, 590], 15),
    "fresh": ([0], 10),
    "fresh again": ([0, 20], 5),
    "once": ([200], 12),
}


@pytest.fixture(scope="module")
def shop() -> Workspace:
    rows = [
        {"customer": f"{kind} {i}", "day": pd.Timestamp(END - timedelta(days=ago)), "paid": 10.0 + i}
        for kind, (days, n) in KINDS.items()
        for i in range(n)
        for ago in days
    ]
    frame = pd.DataFrame(rows).sample(frac=1, random_state=1)
    roles: dict[str, Any] = {"customer": "customer_key", "day": "time", "paid": "amount"}
    return workspace_of(frame, roles, grain="transactions", time="day", amount="paid")


def sizes(result: ToolResult) -> dict[str, int]:
    return {str(row[0]): int(str(row[2])) for row in result.tables[0].rows}


def fact(result: ToolResult, name: str) -> object:
    return next(one.value for one in result.facts if one.name == name)


def test_limits_are_quantiles_of_the_pauses(shop: Workspace) -> None:
    result = segment_by_lifecycle(shop)
    pauses = [
        later - sooner
        for days, n in KINDS.values()
        for sooner, later in zip(days, days[1:], strict=False)
        for _ in range(n)
    ]
    ordered = pd.Series(pauses)
    assert fact(result, "n_pauses") == len(pauses)
    assert fact(result, "active_days") == ordered.quantile(0.75, interpolation="higher")
    assert fact(result, "lapsed_days") == ordered.quantile(0.95, interpolation="higher")


def test_everybody_is_in_the_stage_that_was_planted(shop: Workspace) -> None:
    result = segment_by_lifecycle(shop, active_days=30, lapsed_days=240)
    assert sizes(result) == {"New": 15, "Active": 40, "At risk": 32, "Lapsed": 15}
    assert "as you said" not in result.headline and result.workspace is not None


def test_stages_are_called_as_the_person_calls_them(shop: Workspace) -> None:
    result = segment_by_lifecycle(
        shop, ["one-time", "returning", "lapsed"], ["Tried us", "Back again", "Lost"], 30, 240
    )
    assert sizes(result) == {"Tried us": 22, "Back again": 65, "Lost": 15}


def test_stages_by_number_of_purchases_do_not_share_customers(shop: Workspace) -> None:
    result = segment_by_lifecycle(shop, ["new", "active", "loyal", "lapsed"], (), 30, 240)
    assert sizes(result) == {"New": 15, "Active": 12, "Loyal": 60, "Lapsed": 15}


def test_those_who_came_back_before_are_counted(shop: Workspace) -> None:
    result = segment_by_lifecycle(shop, active_days=5, lapsed_days=10)
    days = int(str(fact(result, "check_days")))
    lapsed = {
        kind: n
        for kind, (ago, n) in KINDS.items()
        if max(ago) >= days and min(one for one in ago if one >= days) - days > 10
    }
    back = sum(n for kind, n in lapsed.items() if min(KINDS[kind][0]) < days)
    assert 0 < back < sum(lapsed.values())
    assert fact(result, "check_lapsed") == sum(lapsed.values())
    assert fact(result, "check_lapsed_back_pct") == pytest.approx(100 * back / sum(lapsed.values()))


def test_active_customers_are_counted_and_nothing_changes(shop: Workspace) -> None:
    result = count_active(shop, 30)
    assert result.headline.startswith("**55 customers** of 102 customers (53.9%) are active")
    assert result.workspace is None


def test_single_purchases_say_nothing_of_silence() -> None:
    days = pd.date_range("2024-01-01", periods=300)
    frame = pd.DataFrame({"customer": [f"c{i}" for i in range(300)], "day": days, "paid": 1.0})
    roles: dict[str, Any] = {"customer": "customer_key", "day": "time", "paid": "amount"}
    alone = workspace_of(frame, roles, grain="transactions", time="day", amount="paid")
    for result in (segment_by_lifecycle(alone), count_active(alone)):
        assert result.headline.startswith("These data cannot say who is active")
        assert result.workspace is None


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"stages": ["new", "new"]}, "once"),
        ({"stages": ["new", "lapsed"], "names": ["New"]}, "names"),
        ({"active_days": 90, "lapsed_days": 30}, "cannot be active"),
    ],
)
def test_what_cannot_be_is_said(shop: Workspace, asked: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ToolError, match=wrong):
        segment_by_lifecycle(shop, **asked)


@pytest.mark.parametrize(
    ("text", "stages", "names"),
    [
        ("split them into new, active and lapsed", ["new", "active", "lapsed"], ["New", "Active", "Lapsed"]),
        ("segment customers by lifecycle stage", ["new", "active", "at risk", "lapsed"], []),
        ("divide the buyers into regulars and sleepers", ["loyal", "at risk"], ["Regulars", "Sleepers"]),
        ("sort them into one-time buyers, repeat buyers and lost ones", ["one-time", "returning", "lapsed"],
         ["One-time", "Repeat", "Lost"]),
    ],
)  # fmt: skip
def test_stages_are_read(shop: Workspace, text: str, stages: list[str], names: list[str]) -> None:
    outcome = read_sentence(text, catalog_of(shop))
    assert isinstance(outcome, Reading), outcome
    (request,) = outcome.requests
    assert request.tool == "segment_by_lifecycle"
    assert request.model_dump()["stages"] == stages
    assert request.model_dump()["names"] == names


@pytest.mark.parametrize("text", ["split them into churned and loyal over 50", "new customers per month"])
def test_other_wishes_are_left_alone(shop: Workspace, text: str) -> None:
    outcome = read_sentence(text, catalog_of(shop))
    tools = [one.tool for one in outcome.requests] if isinstance(outcome, Reading) else []
    assert "segment_by_lifecycle" not in tools
