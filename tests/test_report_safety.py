"""A report for others names nobody and shows no small group, and says what it leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from assistant import report
from assistant.naming_people import personal_columns
from assistant.privacy import about_people
from assistant.report import Report, aggregates_only, scan
from assistant.report.people import draws_people, masked, names_in, phones
from assistant.report.small_groups import small_rows, without_small_groups
from assistant.session import Session
from tests.conftest import calls
from tests.shop_report import conversation, write_orders
from tests.test_agent import ask
from tools import figures
from tools.core import Fact, ResultTable, ToolResult

EMAILS = "Which e-mails?"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = conversation(write_orders(tmp_path_factory.mktemp("shop") / "orders.csv"))
    people = calls("aggregate", measures=[{"statistic": "count"}], by=[{"column": "email"}], limit=4)
    ask(
        session,
        people,
        AIMessage("Write to c0001@mail.example or +49 171 2345678."),
        question="Which e-mails?",
    )
    customers = calls(
        "aggregate",
        measures=[{"statistic": "count_distinct", "column": "customer_id"}],
        by=[{"column": "country"}],
    )
    ask(session, customers, AIMessage("Counted."), question="Customers by country?")
    yield session
    session.workspace.engine.close()


@pytest.fixture(scope="module")
def made(chat: Session) -> Report:
    return report.build(chat, notes="Ask ann@shop.example; IBAN DE89370400440532013000.")


def test_the_search_finds_what_was_planted_and_repeats_none_of_it(made: Report, chat: Session) -> None:
    found = scan(made, chat.workspace)
    kinds = {(concern.kind, concern.place) for concern in found}
    assert ("e-mail", "Notes") in kinds
    assert ("number", "Notes") in kinds
    assert ("phone", "Which e-mails?") in kinds
    assert ("person", "Who are my best customers?") in kinds
    assert ("small group", "Customers by country?") in kinds, "three customers live in the odd country"
    told = " ".join(concern.sentence for concern in found)
    assert not re.search(r"c0\d\d\d|@|DE89", told)
    assert all(concern.sentence.endswith(".") for concern in found)


def test_nothing_is_found_in_a_report_of_sums(chat: Session) -> None:
    harmless = report.build(chat, turns=[chat.turns[4]])
    places = {concern.place for concern in scan(harmless, chat.workspace)}
    assert places <= {"The segments", "Gold", "Silver", "Bronze"}


@pytest.mark.parametrize("form", ["html", "md", "py", "ipynb"])
def test_the_version_for_others_names_nobody(made: Report, chat: Session, form: str) -> None:
    theirs = aggregates_only(made, chat.workspace)
    text = report.render(theirs, form).decode()
    text = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)  # plotly itself
    assert not re.search(r"c0\d\d\d\b", text)
    assert not re.search(r"@(mail|shop)\.example|DE89|2345678", text)
    assert "This version shows aggregates only" in " ".join(theirs.withheld)
    assert scan(theirs, chat.workspace) == ()


def test_notes_and_headings_name_nobody_whom_an_answer_holds(chat: Session) -> None:
    columns = personal_columns(chat.workspace)
    results = [result for finding in report.build(chat).findings for result in finding.turn.results]
    held = sorted(name for result in results for name in names_in(result, columns) if name.startswith("c0"))
    theirs = aggregates_only(report.build(chat, notes=f"Call {held[-1]} first."), chat.workspace)
    assert held[-1] not in theirs.notes
    assert theirs.notes.startswith("Call ")


def test_sums_stay_as_they_were(made: Report, chat: Session) -> None:
    theirs = aggregates_only(made, chat.workspace)
    assert "14,419" in theirs.findings[1].turn.answer
    assert theirs.findings[1].turn.traces
    assert theirs.evidence_tables[0] == made.evidence_tables[0]
    assert [card.who.answer for card in theirs.cards] == [card.who.answer for card in made.cards]


def test_what_is_left_of_the_recipe_still_runs(made: Report, chat: Session, tmp_path: Path) -> None:
    from assistant.recipe import Recipe
    from assistant.replay import replay

    recipe = Recipe.from_json(json.loads(json.dumps(aggregates_only(made, chat.workspace).recipe.to_json())))
    outcome = replay(recipe, [write_orders(tmp_path / "orders.csv")])
    assert outcome.reproduced, [change for each in outcome.calls for change in each.changes]
    assert outcome.n_same > 150
    outcome.session.workspace.engine.close()


def test_a_single_small_group_takes_another_with_it() -> None:
    table = ResultTable(
        "Sizes", ("country", "amount", "customers"), (("a", 10.0, 50), ("b", 2.0, 3), ("c", 4.0, 9))
    )
    chart = figures.bars(["a", "b", "c"], {"customers": [50, 3, 9]}, "Sizes", "country", "customers")
    facts = (
        Fact("n", 50, "customers", "country = a"),
        Fact("n", 3, "customers", "country = b"),
        Fact("n", 62),
    )
    kept = without_small_groups(ToolResult("", facts, (), (table,), (chart,)))
    assert kept.tables[0].rows == (("a", 10.0, 50), ("b", None, None), ("c", None, None)), "62 - 50 = 12 only"
    assert kept.figures[0]["data"][0]["y"] == [50, None, None]
    assert [fact.value for fact in kept.facts] == [50, 62]
    assert "left blank" in kept.tables[0].title
    assert small_rows(table) == [1]
    assert chart["data"][0]["y"] == [50, 3, 9], "what was given is as it was"


def test_cells_of_a_table_of_counts_are_blanked_one_by_one() -> None:
    units = (None, "customers", "customers")
    counts = ResultTable("Moves", ("from", "to x", "to y"), (("x", 40, 2), ("y", 7, 30)), units)
    shares = ResultTable(
        "Shares", ("from", "to x", "to y"), (("x", 95.0, 5.0), ("y", 19.0, 81.0)), (None, "%", "%")
    )
    kept = without_small_groups(ToolResult("", (), (), (counts, shares)))
    assert kept.tables[0].rows == (("x", 40, None), ("y", 7, 30))
    assert kept.tables[1].rows[0] == ("x", 95.0, None)


def test_a_dot_for_each_customer_is_a_person_and_a_bubble_is_not() -> None:
    bubbles = figures.bubbles([1.0] * 50, [2.0] * 50, [9.0] * 50, "Cells", "x", "y", "rows")
    assert not draws_people(bubbles, set())
    dots = json.loads(json.dumps(bubbles))
    dots["data"][0]["marker"]["size"] = 5
    assert draws_people(dots, set())
    named = figures.bars(["c0001", "c0002"], {"n": [1, 2]}, "Best", "customer", "n")
    assert draws_people(named, {"c0002"})


@pytest.mark.parametrize("text", ["+49 171 2345678", "(030) 1234 56789", "0171 234 56 78 9", "555-123-4567"])
def test_phone_numbers_are_recognised(text: str) -> None:
    assert list(phones(f"Call {text} now"))


@pytest.mark.parametrize(
    "text",
    [
        "from 2016-08-01 to 2016-10-21",
        "78,977,268 INR",
        "0.31 (0.30 to 0.31)",
        "14.9% to 10.8%",
        "1 Aug 2016",
        "1574335.25",
    ],
)
def test_numbers_of_an_answer_are_no_phone_numbers(text: str) -> None:
    assert not list(phones(text))
    assert masked(text) == text


def test_a_tie_beside_facts_about_people_is_about_a_person_too() -> None:
    facts = [Fact("sum", 3, None, "customer_id = c1"), Fact("tied_1", "c2"), Fact("total", 9)]
    assert about_people(facts, ["customer_id"]) == facts[:2]
    assert about_people(facts[1:], ["customer_id"]) == []
