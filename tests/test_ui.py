"""The page without a browser: what is shown, what is kept where, and who may read it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.session import Session, Turn
from assistant.ui import theme
from assistant.ui.chats import STOPPED, Chat, Chats, new_id
from assistant.ui.messages import conversation, turn_messages
from assistant.ui.page import Page
from assistant.ui.panels import data_html, segments_html
from assistant.ui.server import COOKIE, BrowserCookie, chat_id_of, routes, table_csv
from assistant.ui.suggestions import first_questions, plural, spoken
from tests.conftest import ROOT
from tests.scripted_talker import ANSWER, CELL, ScriptedTalker, segmentation
from tools.core import Column, ResultTable
from tools.figures import segment_colour

ATTACK = "<img src=x onerror=alert(1)> ![p](http://evil.example/x.png) [go](http://evil.example)"


@pytest.fixture
def talker() -> ScriptedTalker:
    return ScriptedTalker()


@pytest.fixture
def chats(talker: ScriptedTalker) -> Chats:
    return Chats(talker)


@pytest.fixture
def chat(chats: Chats, small_file: Path) -> Iterator[Chat]:
    made = chats.get(new_id())
    chats.load(made, [small_file]).done.wait(20)
    assert made.problem == ""
    yield made
    made.close()


def answered(chats: Chats, chat: Chat, question: str = "Average balance?") -> Turn:
    chats.ask(chat, question).done.wait(20)
    assert chat.session is not None
    return chat.session.turns[-1]


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.01)


# What an answer looks like


def test_answer_stands_before_charts_tables_caveats_steps(chats: Chats, chat: Chat) -> None:
    asked, answer, steps, actions = turn_messages(answered(chats, chat), 1)
    assert asked == {"role": "user", "content": "Average balance?"}
    lead, chart, table, rest = answer["content"]
    assert "Men hold" in lead
    assert (chart["component"], chart["value"]["type"]) == ("plot", "plotly")
    assert "<table>" in table
    assert "left out" in rest
    assert steps["metadata"] == {"title": "How this was worked out", "status": "done", "duration": 0.03}
    assert "<code>aggregate</code>" in steps["content"]
    assert "CustGender" in steps["content"]
    assert "Copy" in actions["content"]


def test_numbers_tell_their_source_and_doubtful_ones_are_marked(chats: Chats, chat: Chat) -> None:
    content = "".join(
        part for part in turn_messages(answered(chats, chat), 1)[1]["content"] if isinstance(part, str)
    )
    assert re.search(
        r'<span class="number traced" title="Step 1, aggregate: [^"]*Men[^"]*">102,345.67</span>', content
    )
    assert re.search(r'<span class="number unsupported" title="[^"]+">99%</span>', content)


def test_every_html_block_is_one_line_so_that_markdown_leaves_it_alone(chats: Chats, chat: Chat) -> None:
    turn = answered(chats, chat)
    fenced = replace(turn, answer="Look:\n\n```\na\n\nb\n```\n\nDone.", traces=(), unsupported=())
    for message in turn_messages(fenced, 1):
        parts = message["content"] if isinstance(message["content"], list) else [message["content"]]
        assert not any("\n" in part for part in parts if isinstance(part, str))


def test_words_of_a_file_a_model_or_a_person_are_never_html() -> None:
    shown = repr(turn_messages(Turn(ATTACK, answer=ATTACK), 0))
    assert "<img" not in shown
    assert "<a " not in shown


def test_cells_are_escaped(chats: Chats, chat: Chat) -> None:
    table = turn_messages(answered(chats, chat), 1)[1]["content"][2]
    assert CELL not in table
    assert "&lt;img src=x" in table


def test_running_turn_says_what_it_does(talker: ScriptedTalker, chat: Chat) -> None:
    assert chat.session is not None
    first = next(iter(talker.reply(chat.session, "q")))
    assert turn_messages(first, 0)[-1]["metadata"] == {"title": "Working: aggregate", "status": "pending"}


def test_chips_stand_under_the_last_answer_only(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    answered(chats, chat, "And again?")
    messages = conversation(chat.turns, {})
    assert [option["value"] for option in messages[-1]["options"]][:1] == ["Top 10 cities by amount"]
    assert not any("options" in message for message in messages[:-1])


def test_finished_turns_are_rendered_once(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    first = conversation(chat.turns, chat.rendered)
    again = conversation(chat.turns, chat.rendered)
    assert first[0] is again[0]


def test_first_questions_speak_of_the_columns_as_people_do(session: Session) -> None:
    first = first_questions(session.workspace.table)
    assert first[-1] == "Segment my customers"
    assert 3 <= len(first) <= 4
    assert (
        "What is the average amount by channel?" in first or "What is the average amount by country?" in first
    )
    assert spoken(Column("CustGender", "text", "category")) == "gender"
    assert spoken(Column("TransactionAmount (INR)", "number", "amount")) == "amount"
    assert [plural(noun) for noun in ("city", "location", "address", "day")] == [
        "cities",
        "locations",
        "address",
        "days",
    ]


def test_greeting_says_what_is_there_and_what_to_know(chat: Chat) -> None:
    messages = conversation(chat.turns, {})
    assert len(messages) == 2
    assert "7" in messages[0]["content"][0]
    assert len(messages[-1]["options"]) >= 3


# What stands beside the chat


def test_data_panel_tells_columns_cleaning_and_escapes_names(session: Session) -> None:
    table = session.workspace.table
    strange = replace(table, columns=(*table.columns, Column("<script>x", "text", "category", n_missing=1)))
    shown = data_html(replace(session.workspace, tables={table.name: strange}))
    assert "customer_id" in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;x" in shown


def test_segment_cards_have_the_colours_of_the_charts(session: Session) -> None:
    assert "Segment my customers" in segments_html(session.workspace)
    shown = segments_html(session.workspace.with_segmentation(segmentation()))
    assert [f"--colour:{segment_colour(key)}" in shown for key in (0, 1, 2)] == [True] * 3
    for words in ("29,000", "58.0%", "31.0%", "0.91", "balance above 40,000", "Night spenders &lt;b&gt;"):
        assert words in shown


# What happens on the server


def test_unusable_file_is_one_sentence_and_loses_nothing(chats: Chats, chat: Chat, tmp_path: Path) -> None:
    answered(chats, chat)
    before = chat.session
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"")
    chats.load(chat, [broken]).done.wait(20)
    assert chat.problem
    assert "\n" not in chat.problem
    assert chat.session is before
    assert before is not None
    assert len(before.turns) == 1


def test_stop_frees_the_page_at_once_and_keeps_a_record(
    chats: Chats, talker: ScriptedTalker, chat: Chat
) -> None:
    task = chats.ask(chat, "something slow")
    until(lambda: bool(chat.running and chat.running.steps))
    started = time.monotonic()
    chats.stop(chat)
    assert not chat.busy
    assert time.monotonic() - started < 0.5
    assert talker.stops == 1
    assert task.stopped
    until(lambda: bool(chat.session and chat.session.turns))
    assert answered(chats, chat, "Next?").answer == ANSWER


def test_stop_before_the_answer_began_is_told_too(chats: Chats, chat: Chat) -> None:
    first = chats.ask(chat, "something slow")
    until(lambda: bool(chat.running and chat.running.steps))
    first.stopped = True
    chat.running = replace(chat.running, running=False) if chat.running else None
    second = chats.ask(chat, "waiting in line")
    second.stopped = True
    chats._talker.stop(chat.session)  # type: ignore[arg-type]
    second.done.wait(10)
    assert chat.session is not None
    assert chat.session.turns[-1].answer == STOPPED


def test_bug_is_told_and_the_chat_lives_on(
    chats: Chats, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    turn = answered(chats, chat, "a bug please")
    assert (turn.status, "Nothing was lost" in turn.answer) == ("error", True)
    assert "ZeroDivisionError" in caplog.text
    assert answered(chats, chat).status == "answered"


def test_undo_gives_the_question_back(chats: Chats, chat: Chat) -> None:
    answered(chats, chat, "Segment my customers")
    assert chat.session is not None
    assert chat.session.workspace.segmentation is not None
    assert chats.undo(chat) == "Segment my customers"
    assert chat.session.workspace.segmentation is None
    assert chat.session.turns == []


# Who may read it


def browser(chats: Chats) -> TestClient:
    home = Route("/", lambda request: PlainTextResponse("page"))
    return TestClient(Starlette(routes=[*routes(chats), home], middleware=[Middleware(BrowserCookie)]))


def test_cookie_is_random_hidden_from_scripts_and_kept(chats: Chats) -> None:
    client = browser(chats)
    first = client.get("/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "default-src 'self'" in first.headers["content-security-policy"]
    assert "set-cookie" not in client.get("/").headers
    assert len({new_id() for _ in range(100)}) == 100
    assert chat_id_of({COOKIE: "../../etc/passwd"}) is None


def test_downloads_are_for_the_chats_own_browser(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    owner, other = browser(chats), browser(chats)
    owner.cookies.set(COOKIE, chat.id)
    other.get("/")
    for address in ("/download/report", "/download/table/1/0"):
        assert other.get(address).status_code == 404
        got = owner.get(address)
        assert got.status_code == 200
        assert got.headers["content-disposition"].startswith("attachment")
    assert "Average balance?" in owner.get("/download/report").text
    assert "sandbox" in owner.get("/download/report?view=1").headers["content-security-policy"]
    assert owner.get("/download/table/1/7").status_code == 404
    assert owner.get("/download/customers.csv").status_code == 404


def test_report_holds_the_chosen_turns_and_the_given_title(chats: Chats, chat: Chat) -> None:
    answered(chats, chat, "First question")
    answered(chats, chat, "Second question")
    client = browser(chats)
    client.cookies.set(COOKIE, chat.id)
    report = client.get("/download/report", params={"title": "For <Ann>", "turns": "1"}).text
    assert "Second question" in report
    assert "First question" not in report
    assert "For &lt;Ann&gt;" in report


def test_no_cell_of_a_csv_starts_a_formula() -> None:
    table = ResultTable("t", ("=name",), (("=1+1",), ("@x",), ("-2",), (-2,), ("fine",)))
    assert table_csv(table).splitlines() == ["'=name", "'=1+1", "'@x", "'-2", "-2", "fine"]


# The page itself


def request_of(chat_id: str) -> Any:
    return SimpleNamespace(cookies={COOKIE: chat_id}, session_hash="tab")


def page_over(chats: Chats, sample: Path) -> Page:
    """Make the page inside a running event loop; outside of one Gradio opens loops that it never closes."""

    async def make() -> Page:
        return Page(chats, "Scripted: for tests", sample)

    return asyncio.run(make())


async def last_update(updates: Any) -> dict[Any, Any]:
    return [update async for update in updates][-1]


def test_page_loads_asks_and_restores(chats: Chats, small_file: Path) -> None:
    page = page_over(chats, small_file)
    mine, theirs = request_of(new_id()), request_of(new_id())
    first = asyncio.run(last_update(page.load_sample(mine)))
    assert (first[page.hero]["visible"], first[page.talk]["visible"]) == (False, True)
    last = asyncio.run(last_update(page.ask("Average balance?", mine)))
    assert last[page.chosen]["choices"] == [("Average balance?", "0")]
    assert asyncio.run(last_update(page.restore(mine)))[page.chatbot] == last[page.chatbot]
    assert asyncio.run(last_update(page.restore(theirs)))[page.chatbot] == []
    chats.find(chat_id_of(mine.cookies) or "").close()  # type: ignore[union-attr]


def test_editing_a_question_takes_back_what_followed(chats: Chats, small_file: Path) -> None:
    page, mine = page_over(chats, small_file), request_of(new_id())
    asyncio.run(last_update(page.load_sample(mine)))
    for question in ("One?", "Two?", "Three?"):
        asyncio.run(last_update(page.ask(question, mine)))
    chat = chats.get(mine.cookies[COOKIE])
    place = [message["content"] for message in conversation(chat.turns, {})].index("Two?")
    asyncio.run(last_update(page.edit(SimpleNamespace(index=place, value="Deux?"), mine)))
    assert chat.session is not None
    assert [turn.question for turn in chat.session.turns] == ["One?", "Deux?"]
    chat.close()


def test_nothing_of_the_page_comes_from_elsewhere() -> None:
    for text in (theme.css(), theme.head()):
        assert not re.search(r"https?://|//[a-z]+\.", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    stored = re.findall(r"localStorage\.\w+\(([^)]*)\)", theme.head())
    assert set(stored) <= {"name", "name, value"}
    assert set(re.findall(r'remember\("([^"]+)"', theme.head())) == {"cash-theme", "cash-side"}


def test_only_the_page_imports_gradio() -> None:
    sources = [path for folder in ("assistant", "tools", "data") for path in (ROOT / folder).rglob("*.py")]
    importing = [
        path
        for path in [*sources, ROOT / "app.py"]
        if re.search(r"^\s*(import|from) gradio", path.read_text(), re.M)
    ]
    assert importing
    assert all((ROOT / "assistant" / "ui") in path.parents for path in importing)
