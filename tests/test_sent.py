"""Every word that goes to a model server can be read again, on the page and in the report, with its cost."""

from __future__ import annotations

from langchain_core.messages import AIMessage

from assistant.agent import Agent
from assistant.records import Reader, Writer
from assistant.report import aggregates_only, build
from assistant.report.forms import FORMS
from assistant.sent import cost, usage_line
from assistant.session import Session, Turn
from assistant.settings import Settings
from assistant.ui.sent import NOTHING, sent_html
from assistant.usage import Usage
from tests.conftest import ScriptedModel, calls

ELSEWHERE = Settings(
    base_url="http://127.0.0.1:1/v1", plan=False, price_sent=2.0, price_received=10.0, fallback=False
)
COUNT = calls("aggregate", measures=[{"statistic": "count"}])


def asked(session: Session) -> tuple[Turn, ScriptedModel]:
    model = ScriptedModel(script=[COUNT, AIMessage("There are 7 orders.")], seen=[])
    agent = Agent(ELSEWHERE, model=lambda workspace: model)
    return list(agent.reply(session, "How many <b>orders</b>?"))[-1], model


def test_every_word_that_a_model_was_shown_is_kept(session: Session) -> None:
    turn, model = asked(session)
    kept = [sent.text for sent in turn.sent]
    for message in (message for messages in model.seen for message in messages if message.text):
        assert any(message.text in text for text in kept), message.text[:80]
    assert len(set(kept)) == len(kept), "each once"
    assert {sent.request for sent in turn.sent} == {1, 2}


def test_tokens_and_cost_of_a_turn_are_told(session: Session) -> None:
    turn, _ = asked(session)
    assert turn.usage.requests == 2
    assert turn.cost == cost(turn.usage, 2.0, 10.0)
    assert cost(Usage(1, 1_000_000, 100_000), 2.0, 10.0) == 3.0
    assert cost(Usage(1, 1_000_000, 100_000), 0.0, 0.0) is None
    assert usage_line(Usage(1, 1200, 80, True), 0.0042) == (
        "about 1,200 tokens sent, about 80 received, cost about 0.0042"
    )


def test_the_page_shows_it_escaped(session: Session) -> None:
    turn, _ = asked(session)
    shown = sent_html([turn])
    assert "&lt;b&gt;orders&lt;/b&gt;" in shown and "<b>" not in shown
    assert "tokens sent" in shown and "cost" in shown


def test_the_built_in_analyst_sends_nothing(session: Session) -> None:
    turn = list(Agent(Settings()).reply(session, "How many orders are there?"))[-1]
    assert turn.sent == () and turn.usage.requests == 0
    assert sent_html([turn]) == NOTHING


def test_a_kept_turn_still_has_it(session: Session) -> None:
    turn, _ = asked(session)
    writer = Writer()
    document = writer.turn(turn)
    again = Reader(session.workspace.engine, writer.pieces).turn(document, turn.steps)
    assert (again.sent, again.cost) == (turn.sent, turn.cost)


def test_the_report_holds_it_and_the_version_for_others_does_not(session: Session) -> None:
    asked(session)
    report = build(session)
    assert report.sent is not None
    for form in ("md", "html"):
        assert "What was sent to the model" in FORMS[form].draw(report).decode()
    assert aggregates_only(report, session.workspace).sent is None
