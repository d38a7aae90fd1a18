"""What a model elsewhere may see: aggregates, never what belongs to one person."""

from __future__ import annotations

import json
from dataclasses import replace

from assistant.privacy import WITHHELD, describe_for_model, for_model
from assistant.session import Session, Step
from tools.core import Fact, ToolResult

TOP = {
    "measures": [{"statistic": "sum", "column": "amount"}],
    "by": [{"column": "customer_id"}],
    "order": "descending",
    "limit": 2,
}


def test_what_names_single_people_stays_on_the_machine(session: Session) -> None:
    step = session.run_tool("aggregate", TOP)
    assert step.result is not None
    assert "c3" in step.result.headline, "the person sees who it is"
    told = for_model(step, session.workspace, leaves_machine=True)
    assert "c3" not in told
    assert "120" not in told, "nor what belongs to that person"
    assert json.loads(told)["headline"] == WITHHELD


def test_the_built_in_analyst_writes_for_the_person_and_is_told_all(session: Session) -> None:
    step = session.run_tool("aggregate", TOP)
    assert "c3" in for_model(step, session.workspace, leaves_machine=False)


def step_with(result: ToolResult) -> Step:
    return Step("aggregate", {}, result)


GROUPED = ToolResult(
    "Spend is highest in **Italy** (900) and lowest in Malta (120).",
    (
        Fact("mean_spend", 900, None, "country = Italy"),
        Fact("n_customers", 40, "customers", "country = Italy"),
        Fact("mean_spend", 120, None, "country = Malta"),
        Fact("n_customers", 4, "customers", "country = Malta"),
        Fact("mean_spend", 700, None),
        Fact("n_customers", 30, "customers", "country = France"),
    ),
    ("Italy has 40 customers. Malta has 4 customers.", "Overall it is 700. The least is 120."),
)


def test_groups_are_told(session: Session) -> None:
    result = replace(
        GROUPED, facts=(*GROUPED.facts[:3], Fact("n_customers", 5, "customers", "country = Malta"))
    )
    told = json.loads(for_model(step_with(result), session.workspace, leaves_machine=True))
    assert "Italy" in told["headline"]
    assert any(fact["value"] == 120 for fact in told["facts"])


def test_groups_of_fewer_than_five_stay_on_the_machine(session: Session) -> None:
    told = for_model(step_with(GROUPED), session.workspace, leaves_machine=True)
    assert "Malta" not in told and "120" not in told
    assert json.loads(told)["headline"] == WITHHELD
    assert json.loads(told)["findings"] == ["Italy has 40 customers.", "Overall it is 700."]
    assert "Malta" in for_model(step_with(GROUPED), session.workspace, leaves_machine=False)


def counted(*sizes: tuple[str, int]) -> ToolResult:
    facts = [Fact("n_customers", n, "customers", scope) for scope, n in sizes]
    means = [Fact("mean_spend", 10.0 * n, None, scope) for scope, n in sizes]
    return ToolResult("", (*facts, *means, Fact("n_customers", sum(n for _, n in sizes), "customers")))


def told_scopes(result: ToolResult, session: Session) -> set[str]:
    told = json.loads(for_model(step_with(result), session.workspace, leaves_machine=True))
    return {fact["scope"] for fact in told["facts"]} - {""}


def test_a_small_group_that_follows_from_the_total_is_not_given_away(session: Session) -> None:
    result = counted(("city = Rome", 40), ("city = Bern", 9), ("city = Oslo", 3))
    assert told_scopes(result, session) == {"city = Rome"}, "Oslo would be 52 minus 40 minus 9"


def test_two_small_groups_hide_each_other(session: Session) -> None:
    result = counted(("city = Rome", 40), ("city = Bern", 4), ("city = Oslo", 3))
    assert told_scopes(result, session) == {"city = Rome"}


def test_in_a_table_neither_row_nor_column_gives_a_small_cell_away(session: Session) -> None:
    cells = {("Rome", "F"): 30, ("Rome", "M"): 20, ("Bern", "F"): 12, ("Bern", "M"): 2, ("Oslo", "F"): 8,
             ("Oslo", "M"): 9}  # fmt: skip
    result = counted(*((f"city = {city}; sex = {sex}", n) for (city, sex), n in cells.items()))
    assert told_scopes(result, session) == {"city = Rome; sex = F", "city = Rome; sex = M"}


def test_small_segments_are_held_back_with_one_more(session: Session) -> None:
    assert told_scopes(counted(("Gold", 3), ("Silver", 50), ("Bronze", 70)), session) == {"Bronze"}


def test_an_error_is_told_with_its_choices(session: Session) -> None:
    step = session.run_tool("show_distribution", {"column": "amuont"})
    told = json.loads(for_model(step, session.workspace, leaves_machine=True))
    assert told["error"] and "amount" in told["choices"]


def test_the_description_of_the_data_holds_no_key(session: Session) -> None:
    told = describe_for_model(session.workspace)
    assert "customer_id" in told
    assert "c3" not in told and "o1" not in told
