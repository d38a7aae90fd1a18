"""What a person says about the reading of the data becomes a request, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.agent import Agent
from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.request.outcome import Reading
from assistant.session import Session
from assistant.settings import Settings
from tests.test_builtin_tables import AMOUNT, catalog
from tools.understanding.undoing import how_to_undo

CHANGES = ("switch_cleaning", "change_reading")
SAID: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("bank", "please read the dates as mm/dd"): ("change_reading", {"dates": "month first"}),
    ("bank", "no, our dates are day first!"): ("change_reading", {"dates": "day first"}),
    ("bank", "TransactionDate is month first"): (
        "change_reading",
        {"column": "TransactionDate", "dates": "month first"},
    ),
    ("bank", "all amounts are given in dollars"): ("change_reading", {"column": AMOUNT, "unit": "USD"}),
    ("bank", "the balances are in crores"): (
        "change_reading",
        {"column": "CustAccountBalance", "multiply_by": 1e7},
    ),
    ("bank", "treat 0 as missing in balance"): (
        "change_reading",
        {"column": "CustAccountBalance", "no_value": ["0"]},
    ),
    ("bank", "9999 stands for no value in the balance column"): (
        "change_reading",
        {"column": "CustAccountBalance", "no_value": ["9999"]},
    ),
    ("bank", "drop the duplicate records"): ("change_reading", {"repeated_rows": "leave out"}),
    ("bank", "bring back the repeated rows"): ("change_reading", {"repeated_rows": "keep"}),
    ("bank", "keep the duplicates"): ("change_reading", {"repeated_rows": "keep"}),
    ("bank", "please drop those duplicates"): ("change_reading", {"repeated_rows": "leave out"}),
    ("bank", "our dates are American"): ("change_reading", {"dates": "month first"}),
    ("bank", "balances of -1 mean unknown"): (
        "change_reading",
        {"column": "CustAccountBalance", "no_value": ["-1"]},
    ),
    ("bank", "TransactionID isn't an id"): (
        "change_reading",
        {"column": "TransactionID", "meaning": "category"},
    ),
    ("bank", "keep dates of birth from 1800"): ("switch_cleaning", {"step": "placeholder_dates"}),
    ("bank", "don't shift the birth years"): ("switch_cleaning", {"step": "birth_century"}),
    ("bank", "N/A is a real value in city"): (
        "switch_cleaning",
        {"step": "placeholder_words", "column": "CustLocation"},
    ),
    ("bank", "which cells could not be read?"): ("show_unread", {}),
    ("bank", "how are the tables connected?"): ("show_relations", {}),
    ("people", "treat Segmentation as a category"): (
        "change_reading",
        {"column": "Segmentation", "meaning": "category"},
    ),
    ("telco", "read SeniorCitizen as text"): ("change_reading", {"column": "SeniorCitizen", "kind": "text"}),
}


@pytest.mark.parametrize(("said", "asked"), SAID.items())
def test_what_is_said_about_the_reading_is_read(
    said: tuple[str, str], asked: tuple[str, dict[str, Any]]
) -> None:
    (outcome,) = read_message(said[1], catalog(said[0]), Conversation())
    assert isinstance(outcome, Reading)
    assert [(r.tool, r.arguments()) for r in outcome.requests] == [asked]


@pytest.mark.parametrize(
    "question",
    [
        "what is the balance in thousands",
        "is the balance in thousands?",
        "balance by day",
        "how many repeated rows are there?",
        "what is missing in balance?",
        "transactions per month",
        "use CustGender as segments",
    ],
)
def test_questions_change_no_reading(question: str) -> None:
    outcomes = read_message(question, catalog("bank"), Conversation())
    tools = {r.tool for o in outcomes if isinstance(o, Reading) for r in o.requests}
    assert not tools & {"change_reading", "switch_cleaning"}


def test_a_value_without_a_column_is_looked_for() -> None:
    (found,) = read_message("20000000 means missing", catalog("bank"), Conversation())
    assert isinstance(found, Reading)
    assert found.requests[0].arguments()["column"] == "CustAccountBalance"
    (asked,) = read_message("41 means missing", catalog("bank"), Conversation())
    assert not isinstance(asked, Reading)
    assert asked.template == "which_value"
    assert "41 means missing in CustAccountBalance" in asked.choices


def test_a_corrected_reading_is_what_the_next_answer_counts(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(
        "sale,client,amount,rating\n1,ann,10,5\n2,bea,20,-9\n3,ann,30,7\n3,ann,30,7\n"
    )
    (tmp_path / "clients.csv").write_text("name,state\nann,MH\nbea,KA\ncora,KA\n")
    session = Session.open([tmp_path / "sales.csv", tmp_path / "clients.csv"])
    agent = Agent(Settings())

    def answer(text: str) -> str:
        return list(agent.reply(session, text))[-1].answer

    assert "5 to 7" in answer("-9 means missing in rating")
    assert "3 rows" in answer("leave out repeated rows")
    answer("amount is in thousands")
    assert "60,000" in answer("total amount")
    assert "name" in answer("client in sales is the name in clients")
    assert "client" in answer("how do the tables belong together?")
    assert "not joined" in answer("sales and clients do not belong together")


def test_tables_are_joined_and_parted_by_what_is_said(tmp_path: Path) -> None:
    orders = "order_id,buyer,amount\n" + "".join(f"{900 + i},K{i % 40},{i}.5\n" for i in range(200))
    (tmp_path / "orders.csv").write_text(orders)
    people = "cust_no,city\n" + "".join(f"K{i},{['Pune', 'Agra'][i % 2]}\n" for i in range(40))
    (tmp_path / "people.csv").write_text(people)
    session, agent = Session.open([tmp_path]), Agent(Settings())
    joined = {"table": "orders", "column": "buyer", "other": "people", "key": "cust_no"}
    for said in (
        "join orders to people by cust_no",
        "link orders with people on buyer = cust_no",
        "people and orders are linked by cust_no and buyer",
        "buyer is the cust_no of people",
    ):
        *_, turn = agent.reply(session, said)
        assert [step.tool for step in turn.steps] == ["relate_tables"], said
        arguments = {k: v for k, v in turn.steps[0].arguments.items() if k in joined}
        assert arguments == joined and "40 of its 40 values" in turn.answer
    *_, turn = agent.reply(session, "unlink orders and people")
    assert "not joined" in turn.answer


def test_a_header_of_values_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,amount\n" + "".join(f"A{i},{i}.5\n" for i in range(30)))
    session, agent = Session.open([tmp_path / "a.csv"]), Agent(Settings())
    *_, turn = agent.reply(session, "the header is in row 3")
    assert turn.status == "answered" and "1_5 looks like a value" in turn.answer
    assert "the header is in row 1" in turn.answer and not turn.unsupported
    *_, turn = agent.reply(session, "the header is in row 1")
    assert turn.status == "answered" and "30 " in turn.answer
    *_, turn = agent.reply(session, "that's not an id")
    assert turn.status == "clarify" and turn.choices == ("id is not an id",)


def test_what_the_cleaning_report_says_to_take_a_step_back_is_understood(tmp_path: Path) -> None:
    rows = [
        f"K{i},{'1/1/1800' if i % 9 == 0 else f'{i % 28 + 1}/3/{1950 + i % 40}'},{i}.5" for i in range(200)
    ]
    cells = ["Report of March", "key,birth_date,amount,channel,score"]
    cells += [
        f"{row},{'N/A' if i % 5 == 0 else 'web'},{'bad' if i == 150 else i}" for i, row in enumerate(rows)
    ]
    (tmp_path / "a.csv").write_text("\n".join([*cells, *cells[5:7]]) + "\n")
    session, agent = Session.open([tmp_path / "a.csv"]), Agent(Settings())
    table = session.workspace.table
    sayings = {step.code: how_to_undo(step, table) for step in table.cleaning}
    assert {"placeholder_dates", "placeholder_words", "unreadable_cells", "title_lines"} <= {
        code for code, saying in sayings.items() if saying
    }
    for code, saying in sayings.items():
        if saying:
            *_, turn = agent.reply(Session.open([tmp_path / "a.csv"]), saying)
            tools = [step.tool for step in turn.steps]
            wanted = "show_unread" if saying == "show the unread rows" else None
            assert turn.status == "answered" and not turn.unsupported, (code, saying, turn.answer)
            assert tools == ([wanted] if wanted else tools) and tools[0] in ("show_unread", *CHANGES)
