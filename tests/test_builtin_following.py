"""Conversations over many tables: each follow-up changes what was asked before, and nothing else.

The lines are what a person types, the arrows what is understood; `[table+A|B]` has segments called A and B.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.choosing import chosen
from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.dialogue import read_message
from assistant.builtin.history import listed_groups, shown_groups
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.segment_reasons import claimed_number
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.planning import Call, repaired
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.request.segments import SegmentByValue
from assistant.builtin.speaking import spoken
from assistant.builtin.tokens import key_of
from tests.questions import tables
from tests.test_builtin_dialogue import say
from tests.test_builtin_tables import TABLES, catalog, workspace_of, written
from tools.files.loading import load

DIALOGUES = Path(__file__).with_name("builtin_dialogues.txt")
SEGMENT_REQUESTS = Path(__file__).with_name("builtin_segment_requests.txt")
GENERATED = ("tips", "hotel", "loans", "shop", "wholesale", "subscribers", "club", "calls")


@cache
def generated(name: str) -> Catalog:
    return catalog_of(load(list(tables.paths(name))))


def known(title: str) -> Catalog:
    name, _, segments = title.partition("+")
    names = tuple(segments.split("|")) if segments else ()
    if name not in GENERATED:
        return catalog(name, *names)
    sizes = tuple(300 - 100 * place for place in range(len(names)))
    return replace(generated(name), segments=names, sizes=sizes) if names else generated(name)


def lines_of(path: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    found: list[tuple[str, list[tuple[str, str]]]] = []
    said = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found.append((line.strip("[]"), []))
        elif line.startswith("    -> "):
            found[-1][1].append((said, line.removeprefix("    -> ")))
        elif line:
            said = line
    return found


def name_of(one: object) -> str:
    return one if isinstance(one, str) else str(one[0][0])[:40]  # type: ignore[index]


@pytest.mark.parametrize(("title", "turns"), lines_of(DIALOGUES), ids=name_of)
def test_every_turn_is_understood(title: str, turns: list[tuple[str, str]]) -> None:
    conversation = Conversation()
    assert [(text, say(text, known(title), conversation)) for text, _ in turns] == turns


SINGLE = [(title, text, read) for title, turns in lines_of(SEGMENT_REQUESTS) for text, read in turns]


@pytest.mark.parametrize(("title", "text", "read"), SINGLE, ids=lambda value: str(value)[:40])
def test_a_request_about_segments_is_understood(title: str, text: str, read: str) -> None:
    assert say(text, known(title), Conversation()) == read


def test_a_short_answer_picks_a_choice_only_by_its_own_words() -> None:
    asked = Exchange("average charges", (), "clarify", ("average MonthlyCharges", "average TotalCharges"))
    assert chosen("I meant the monthly one", Conversation([asked])) == "average MonthlyCharges"
    assert chosen("the second one", Conversation([asked])) == "average TotalCharges"
    assert chosen("only women over 30", Conversation([asked])) is None


def test_they_are_the_groups_that_a_ranking_showed() -> None:
    request = Aggregate.model_validate(
        {
            "measures": [{"statistic": "sum", "column": "net_amount"}],
            "by": [{"column": "customer_id"}],
            "limit": 2,
        }
    )
    facts = [{"name": "sum", "value": 1, "scope": f"customer_id = {name}"} for name in ("C1", "C2")]
    listed = listed_groups(request, json.dumps({"headline": "", "facts": facts}))
    assert listed == ("C1", "C2")
    turn = Exchange("top 2 customers by revenue", (request,), listed=listed)
    (outcome,) = read_message("how much did they spend in total?", known("shop"), Conversation([turn]))
    assert written(outcome) == "aggregate sum(net_amount) where customer_id in ['C1', 'C2']"


def test_groups_shown_can_be_left_out_remained_and_named() -> None:
    loans = known("loans")
    ranked = Aggregate.model_validate(
        {"measures": [{"statistic": "mean", "column": "PrincipalAmt"}], "by": [{"column": "LoanType"}]}
    )
    facts = [
        {"name": "mean", "value": value, "scope": f"LoanType = {name} where Branch is West"}
        for name, value in (("Home", 3.0), ("Car", 2.0), ("Personal", 1.0))
    ]
    shown = shown_groups(ranked, json.dumps({"headline": "", "facts": facts}))
    assert shown == (("Home", 3.0), ("Car", 2.0), ("Personal", 1.0))
    turn = Exchange("average principal by loan type", (ranked,), shown=shown)
    for said, left in (("leave out the largest", "Home"), ("without the smallest one", "Personal")):
        (outcome,) = read_message(said, loans, Conversation([turn]))
        assert written(outcome) == f"aggregate mean(PrincipalAmt) by LoanType where LoanType not_equal {left}"
    first = Exchange("which is highest", (ranked.model_copy(update={"limit": 1}),), listed=("Home",))
    (outcome,) = read_message("how many customers have that loan type", loans, Conversation([first]))
    assert written(outcome).endswith("where LoanType equal Home")
    (outcome,) = read_message("and the others?", loans, Conversation([first]))
    assert "LoanType not_in ['Home']" in written(outcome)
    (outcome,) = read_message("average interest rate there", loans, Conversation([first]))
    assert "where LoanType in ['Home']" in written(outcome)


def test_money_is_not_converted() -> None:
    asked = Aggregate.model_validate({"measures": [{"statistic": "count"}]})
    turn = Exchange("how many transactions", (asked,))
    (rupees,) = read_message("in rupees instead", known("bank"), Conversation([turn]))
    assert written(rupees) == "aggregate sum(TransactionAmount (INR))"
    (dollars,) = read_message("in dollars", known("bank"), Conversation([turn]))
    assert written(dollars) == "refused no_conversion"


def test_tiers_are_the_segments_once_they_are_made() -> None:
    tiers = known("cards+Gold|Silver|Bronze")
    made = SegmentByValue(column="BALANCE", top_shares=[10, 30], names=["Gold", "Silver", "Bronze"])
    conversation = Conversation([Exchange("make tiers by balance", (made,))])
    assert say("average purchases per tier", tiers, conversation) == "aggregate mean(PURCHASES) by segment"
    assert say("and in the first?", tiers, conversation) == (
        "aggregate mean(PURCHASES) where segment equal Gold"
    )
    assert say("top 20% instead", tiers, conversation).startswith("segment_by_value column=BALANCE")
    assert say("as a pie", tiers, conversation) == "aggregate count() by segment chart=pie"


def test_nothing_is_undone_where_nothing_was_made() -> None:
    undo = Call("undo_segmentation", {})
    assert repaired(undo, {"error": "There are no segments yet."}, known("telco")) is None
    assert repaired(Call("describe_segments", {}), {"error": "There are no segments yet."}, known("telco"))


def test_letters_stand_for_places_and_a_wrong_number_of_segments_is_corrected() -> None:
    catalog = known("telco+Low|High|New")
    shown = masked("compare segments A and C", catalog)
    assert (shown.text, shown.segments) == ("compare §0 and §1", ["1", "3"])
    assert len(shown.notes) == 2
    assert claimed_number("Why four segments and not six?") == 4
    assert claimed_number("why not six?") is None


def test_names_are_spoken_only_where_they_lead_back() -> None:
    assert spoken(known("bank"), "CustAccountBalance") == "balance"
    assert spoken(known("telco"), "MonthlyCharges") == "monthly charges"
    for title in ("telco", "cards", "people", "hotel", "loans"):
        catalog = known(title)
        for name in catalog.loaded:
            said = spoken(catalog, name)
            assert said == name or catalog.link_column(key_of(said))[0].column == name


def test_the_tables_are_those_that_the_lines_name() -> None:
    assert {title.partition("+")[0] for title, _ in (*lines_of(DIALOGUES), *lines_of(SEGMENT_REQUESTS))} <= {
        *TABLES,
        *GENERATED,
    }
    assert workspace_of(TABLES["telco"]).table.name == "telco_churn"


OF_THEIR_OWN = {
    "shop": (
        "orders per month", "customers by city", "average net amount by channel where loyalty tier is Gold",
        "share of orders via the app", "top 3 cities by revenue", "who are the top 5 customers?",
        "channel split as a pie",
    ),
    "subscribers": (
        "average hours watched by plan", "subscribers per state", "share of annual plans",
        "how many cancelled in 2024", "histogram of hours watched", "median age of premium subscribers",
    ),
    "loans": (
        "loans per branch", "average credit score of car loans", "default rate by loan type",
        "customers with an income below 300000", "is credit score related to annual income",
        "how many have an outstanding balance above their income",
    ),
    "calls": (
        "calls per weekday", "share of dropped calls", "average wait by queue", "escalation rate by agent",
        "how many calls were dropped", "which queue has the longest average wait",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_THEIR_OWN)
def test_a_question_of_its_own_is_read_alike_after_any_other(name: str) -> None:
    questions, data = OF_THEIR_OWN[name], generated(name)
    alone = {text: say(text, data, Conversation()) for text in questions}
    assert not [text for text, read in alone.items() if read.startswith(("clarify", "refused"))]
    for before in questions:
        for text in questions:
            conversation = Conversation()
            say(before, data, conversation)
            if text != before:
                assert say(text, data, conversation) == alone[text], before
