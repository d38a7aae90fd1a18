"""The report is one file, opens anywhere, and trusts no word of a file or a model."""

from __future__ import annotations

import re
from pathlib import Path

from langchain_core.messages import AIMessage

from assistant import report
from assistant.report.content import passage
from assistant.session import Session
from tests.conftest import calls
from tests.shop_report import write_orders
from tests.test_agent import COUNT, ask

ATTACK = "<img src=x onerror=alert(1)> <script>alert(2)</script> ![p](http://evil.example/x.png)"


def rendered(session: Session) -> str:
    ask(session, COUNT, AIMessage("There are **7** orders, or 912 in all."), question="How many orders?")
    ask(
        session,
        calls("show_distribution", column="amount"),
        AIMessage("Amounts differ."),
        question="Amounts?",
    )
    return report.to_html(report.build(session))


def test_it_holds_questions_answers_tables_charts_and_needs_no_network(session: Session) -> None:
    document = rendered(session)
    assert "How many orders?" in document
    assert "plotly.js v" in document
    assert document.count('class="chart"') == len([f for turn in session.turns for f in turn.figures]) > 0
    outside = re.sub(r"<script>.*?</script>", "", document, flags=re.DOTALL)
    assert not re.search(r"(?:src|href)\s*=", outside), "nothing is loaded from elsewhere"


def test_numbers_carry_their_source_and_unsupported_ones_are_marked(session: Session) -> None:
    document = rendered(session)
    assert re.search(r'<span class="number traced" title="Step 1, aggregate: [^"]+">7</span>', document)
    assert '<span class="number unsupported" title="No computation supports this.">912</span>' in document


def test_words_of_a_model_or_a_person_are_never_html(session: Session) -> None:
    ask(session, AIMessage(ATTACK), question=ATTACK)
    document = report.to_html(report.build(session))
    assert "<img" not in document
    assert "alert(2)</script>" not in document
    assert "&lt;script&gt;" in document


def test_the_first_sentence_is_found_beyond_decimals_and_abbreviations() -> None:
    assert (
        report.first_sentence("It is **3.14 INR** on 1.5 days. Then more.")
        == "It is **3.14 INR** on 1.5 days."
    )


def test_refusals_and_errors_stay_out_unless_chosen(session: Session) -> None:
    ask(session, AIMessage("REFUSED: No such column."))
    assert report.build(session).turns == ()
    assert len(report.build(session, turns=session.turns).turns) == 1


def test_the_date_that_rfm_counts_to_is_traced(tmp_path: Path) -> None:
    shop = Session.open([write_orders(tmp_path / "orders.csv")])
    step = shop.run_tool("segment_by_rfm", {"anyway": True})
    assert step.result is not None
    told = next(text for text in step.result.findings if "29 May 2024" in text)
    assert passage(told, (step,)).unsupported == ()
    shop.workspace.engine.close()
