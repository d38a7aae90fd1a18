"""The page without a browser: what is shown, what is kept where, and who may read it."""

from __future__ import annotations

import asyncio
import json
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

from assistant.session import Session, Step, Turn
from assistant.sharing import Shares
from assistant.store import Store
from assistant.ui import publishing, theme
from assistant.ui.chat import STOPPED, Chat
from assistant.ui.chats import Chats, Limits, new_id
from assistant.ui.data_panel import data_html
from assistant.ui.gate import COOKIE, Gate, Identity, chat_id_of
from assistant.ui.messages import conversation, turn_messages
from assistant.ui.page import Page
from assistant.ui.panels import segments_html, versions_html
from assistant.ui.server import routes, table_csv
from assistant.ui.suggestions import first_questions, plural, spoken
from tests.conftest import ROOT
from tests.scripted_talker import ANSWER, CELL, ScriptedTalker, segmentation
from tools.core import Column, OfferedFile, ResultTable, ToolResult
from tools.figures import segment_colour
from tools.files.loading import load
from tools.understanding.unread import write_unread

ANN, BEN = "a" * 43, "b" * 43  # cookies of two browsers
ATTACK = "<img src=x onerror=alert(1)> ![p](http://evil.example/x.png) [go](http://evil.example)"


@pytest.fixture
def talker() -> ScriptedTalker:
    return ScriptedTalker()


@pytest.fixture
def chats(talker: ScriptedTalker, tmp_path: Path) -> Iterator[Chats]:
    store = Store(tmp_path / "kept")
    made = Chats(talker, store)
    yield made
    made.close()
    store.close()


@pytest.fixture
def chat(chats: Chats, small_file: Path) -> Chat:
    made = chats.get(owner_of(ANN), new_id())
    chats.load(made, [small_file]).done.wait(20)
    assert made.problem == ""
    return made


def owner_of(cookie: str) -> str:
    return Identity().owner({COOKIE: cookie}) or ""


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
    lead, chart, downloads, table, rest = answer["content"]
    assert "Men hold" in lead
    assert (chart["component"], chart["value"]["type"]) == ("plot", "plotly")
    assert "download/chart/1/0?chat=" in downloads
    assert "<table>" in table
    assert "left out" in rest
    assert steps["metadata"] == {"title": "How this was worked out", "status": "done", "duration": 0.03}
    assert "Computing counts, sums, averages and other statistics <code>aggregate</code>" in steps["content"]
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
    table = turn_messages(answered(chats, chat), 1)[1]["content"][3]
    assert CELL not in table
    assert "&lt;img src=x" in table


def test_running_turn_says_what_it_does(talker: ScriptedTalker, chat: Chat) -> None:
    assert chat.session is not None
    first = next(iter(talker.reply(chat.session, "q")))
    doing = "Computing counts, sums, averages and other statistics"
    assert turn_messages(first, 0)[-1]["metadata"] == {"title": doing, "status": "pending"}
    later = turn_messages(first, 0, waited="7 s")[-1]["metadata"]
    assert later == {"title": f"{doing} (7 s)", "status": "pending"}


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


def test_data_panel_tells_what_was_not_read_and_draws_the_joins(tmp_path: Path) -> None:
    lines = [f"{900 + i},K{i % 40},{'bad' if i == 60 else i}" for i in range(200)]
    (tmp_path / "orders.csv").write_text("\n".join(["My orders", "order_id,buyer,amount", *lines]) + "\n")
    people = "cust_no,city\n" + "".join(f"K{i},{['Pune', 'Agra'][i % 2]}\n" for i in range(40))
    (tmp_path / "people.csv").write_text(people)
    workspace = load([tmp_path])
    shown = data_html(workspace, "chat1")
    place = list(workspace.tables).index("orders")
    assert "2 rows and cells of the file could not be read" in shown
    assert f'href="download/unread/{place}?chat=chat1"' in shown
    assert (
        "<svg" in shown and "buyer in orders is cust_no in people (100.0% of its values are there)" in shown
    )
    assert "To see them: <em>show the unread rows</em>" in shown
    n = write_unread(workspace, tmp_path / "unread.csv", "orders")
    kept = (tmp_path / "unread.csv").read_text("utf-8-sig").splitlines()
    assert (
        n == 2
        and kept[0] == "row,column,text,why"
        and kept[1:]
        == [
            "1,,My orders,above the header",
            "61,amount,bad,does not fit the column",
        ]
    )


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


def test_what_is_typed_while_an_answer_is_written_is_asked_after_it(chats: Chats, chat: Chat) -> None:
    chats.ask(chat, "something slow")
    until(lambda: bool(chat.running and chat.running.steps))
    assert chats.ask_soon(chat, "And then?")
    assert not chats.ask_soon(chat, "One more?")  # it stays in the box
    assert chat.next_question == "And then?"
    assert chat.session is not None
    chats._talker.stop(chat.session)  # the slow answer ends by itself
    until(lambda: chat.session is not None and len(chat.session.turns) == 2)
    assert [turn.question for turn in chat.session.turns] == ["something slow", "And then?"]
    until(lambda: not chat.busy)
    assert (chat.next_question, chat.running) == ("", None)


def test_stop_gives_back_what_was_typed_meanwhile(chats: Chats, chat: Chat) -> None:
    chats.ask(chat, "something slow")
    until(lambda: bool(chat.running and chat.running.steps))
    chats.ask_soon(chat, "And then?")
    assert chats.stop(chat) == "And then?"
    until(lambda: bool(chat.session and chat.session.turns))
    assert answered(chats, chat, "Other?").question == "Other?"
    assert chat.session is not None
    assert [turn.question for turn in chat.session.turns] == ["something slow", "Other?"]


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


def test_limits_are_told_before_anything_is_read(
    talker: ScriptedTalker, tmp_path: Path, small_file: Path
) -> None:
    store = Store(tmp_path / "limited")
    chats = Chats(talker, store, Limits(files=1, chats=1, kept_mb=100))
    chat, other = chats.get("ann", new_id()), chats.get("ann", new_id())
    chats.load(chat, [small_file, small_file]).done.wait(20)
    assert chat.problem == "These are 2 files, and one chat takes 1. Choose fewer."
    chats.load(chat, [small_file]).done.wait(20)
    assert (chat.problem, chat.session is None) == ("", False)
    chats.load(other, [small_file]).done.wait(20)
    assert "You keep 1 chats" in other.problem
    ben = chats.get("ben", new_id())
    chats.load(ben, [small_file]).done.wait(20)
    assert ben.problem == ""
    full = Chats(talker, store, Limits(kept_mb=0))
    eve = full.get("ann", new_id())
    full.load(eve, [small_file]).done.wait(20)
    assert "more than 0 MB" in eve.problem
    for one in (chats, full):
        one.close()
    store.close()


def test_people_who_wait_are_told_for_how_many(
    talker: ScriptedTalker, tmp_path: Path, small_file: Path
) -> None:
    store = Store(tmp_path / "narrow")
    chats = Chats(talker, store, Limits(workers=1))
    first, second = chats.get("ann", new_id()), chats.get("ben", new_id())
    for chat in (first, second):
        chats.load(chat, [small_file]).done.wait(20)
    chats.ask(first, "something slow")
    until(lambda: bool(first.running and first.running.steps))
    task = chats.ask(second, "And mine?")
    assert chats.doing(second) == "Waiting for its turn"
    shown = conversation(second.turns, {}, second.id, chats.doing(second))
    assert shown[-1]["metadata"]["title"] == "Waiting for its turn"
    third = chats.get("eva", new_id())
    chats.load(third, [small_file])
    assert chats.doing(third) == "Waiting for its turn"  # nothing was done for this person yet
    assert chats.doing(second) == "Waiting for its turn, with 1 request before it"
    chats.stop(first)
    assert task.done.wait(20)
    assert second.turns[-1].answer == ANSWER
    until(lambda: not third.busy)
    chats.close()
    store.close()


def test_an_answer_that_cannot_be_kept_is_told_and_the_chat_goes_on(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    chats._store._database.execute("PRAGMA query_only = ON")
    chats.ask(chat, "And now?").done.wait(20)
    assert chat.session is not None
    assert len(chat.session.turns) == 1
    assert "could not be written to disk" in chat.turns[-1].answer
    chats._store._database.execute("PRAGMA query_only = OFF")
    assert answered(chats, chat, "And now?").answer == ANSWER


# Who may read it


def browser(chats: Chats, cookie: str = "") -> TestClient:
    identity = Identity()
    home = Route("/", lambda request: PlainTextResponse("page"))
    gate = [Middleware(Gate, identity=identity)]
    shares = Shares(chats._store.folder / "shares.sqlite3")
    all_routes = [*routes(chats, identity), *publishing.routes(chats, identity, shares), home]
    client = TestClient(Starlette(routes=all_routes, middleware=gate))
    if cookie:
        client.cookies.set(COOKIE, cookie)
    return client


def test_cookie_is_random_hidden_from_scripts_and_kept(chats: Chats) -> None:
    client = browser(chats)
    first = client.get("/", follow_redirects=False)
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    address = first.headers["location"]
    assert chat_id_of({"chat": address.removeprefix("?chat=")})
    page = client.get("/" + address)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert client.get("/", follow_redirects=False).headers["location"] != address
    assert len({new_id() for _ in range(100)}) == 100
    assert chat_id_of({"chat": "../../etc/passwd"}) is None


def test_only_what_the_page_uses_is_served(chats: Chats) -> None:
    client = browser(chats, ANN)
    for path in ("/gradio_api/file=/etc/passwd", "/file/app.py", "/gradio_api/proxy=http://x", "/monitoring"):
        assert client.get(path).text == "There is nothing here."


def test_downloads_are_for_the_owner_of_the_chat(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    owner, other = browser(chats, ANN), browser(chats, BEN)
    for path in ("report", "table/1/0", "chart/1/0"):
        address = f"/download/{path}?chat={chat.id}"
        assert other.get(address).status_code == 404
        assert browser(chats).get(address).status_code == 404
        got = owner.get(address)
        assert got.status_code == 200
        assert got.headers["content-disposition"].startswith("attachment")
    assert "Average balance?" in owner.get(f"/download/report?chat={chat.id}").text
    viewed = owner.get(f"/download/report?view=1&chat={chat.id}")
    assert "sandbox" in viewed.headers["content-security-policy"]
    for missing in ("table/1/7", "table/9/0", "chart/1/7", "customers.csv", "customers.exe"):
        assert owner.get(f"/download/{missing}?chat={chat.id}").status_code == 404
    assert owner.get(f"/download/report?chat={new_id()}").status_code == 404


def test_a_charts_data_are_its_points(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    text = browser(chats, ANN).get(f"/download/chart/1/0?chat={chat.id}").content.decode("utf-8-sig")
    assert text.splitlines() == ["Gender,Average balance (INR)", "Men,102345.67", "Women,98765.4"]


def test_kept_chats_are_listed_searched_and_deleted_by_their_owner(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    owner, other = browser(chats, ANN), browser(chats, BEN)
    (listed,) = owner.get("/chats").json()
    assert (listed["id"], listed["question"], listed["source"]) == (chat.id, "Average balance?", "orders.csv")
    assert owner.get("/chats?search=women").json() == [listed]
    assert owner.get("/chats?search=nowhere").json() == []
    assert other.get("/chats").json() == []
    assert other.delete(f"/chats/{chat.id}").status_code == 404
    assert owner.delete(f"/chats/{chat.id}").status_code == 200
    assert owner.get("/chats").json() == []
    assert chats.find(chat.owner, chat.id) is None
    assert owner.delete(f"/chats/{chat.id}").status_code == 404


def test_thumbs_are_kept(chats: Chats, chat: Chat) -> None:
    answered(chats, chat)
    owner, other = browser(chats, ANN), browser(chats, BEN)
    assert other.post(f"/chats/thumb/0/down?chat={chat.id}").status_code == 404
    assert owner.post(f"/chats/thumb/0/up?chat={chat.id}").status_code == 200
    assert owner.post(f"/chats/thumb/1/up?chat={chat.id}").status_code == 404
    chat.close()
    again = chats.get(chat.owner, chat.id)
    assert again.session is not None
    assert again.session.turns[0].liked is True
    assert (
        'thumb up on turn-0" title="This was useful"'
        in turn_messages(again.session.turns[0], 1)[-1]["content"]
    )
    assert browser(chats, ANN).post(f"/chats/thumb/0/none?chat={chat.id}").status_code == 200
    assert again.session.turns[0].liked is None


def test_segments_can_be_fetched_in_every_format(chats: Chats, chat: Chat) -> None:
    assert chat.session is not None
    assert chat.session.run_tool("segment_by_value", {"top_shares": [50]}).error is None
    owner = browser(chats, ANN)
    for name in ("customers.csv", "customers.xlsx", "customers.parquet", "segments.json"):
        got = owner.get(f"/download/{name}?chat={chat.id}")
        assert got.status_code == 200, name
        assert name.rsplit(".", 1)[-1] in got.headers["content-disposition"]
    assert browser(chats, BEN).get(f"/download/segments.json?chat={chat.id}").status_code == 404


def test_an_offered_file_is_a_link_under_the_answer() -> None:
    step = Step(
        "export_segments", {}, ToolResult("Ready.", files=(OfferedFile("customers.xlsx", "customers"),))
    )
    shown = json.dumps(turn_messages(Turn("export", (step,), "Ready."), 0))
    assert "download/customers.xlsx" in shown


def test_report_holds_the_chosen_turns_and_the_given_title(chats: Chats, chat: Chat) -> None:
    answered(chats, chat, "First question")
    answered(chats, chat, "Second question")
    asked = {"title": "For <Ann>", "turns": "1", "chat": chat.id}
    report = browser(chats, ANN).get("/download/report", params=asked).text
    assert "Second question" in report
    assert "First question" not in report
    assert "For &lt;Ann&gt;" in report


def test_a_report_comes_in_the_form_that_was_chosen(chats: Chats, chat: Chat) -> None:
    answered(chats, chat, "First question")
    client = browser(chats, ANN)
    asked = {"chat": chat.id, "form": "md", "notes": "Mind the *gap*.", "summary": "- All is well\n\n- Very"}
    got = client.get("/download/report", params=asked)
    assert got.headers["content-disposition"] == 'attachment; filename="orders_report.md"'
    for words in ("First question", "Mind the *gap*.", "All is well", "Very"):
        assert words in got.text
    assert client.get("/download/report", params={"chat": chat.id, "form": "exe"}).status_code == 409


def test_a_shared_report_is_read_by_anybody_with_the_link_until_it_is_taken_back(
    chats: Chats, chat: Chat
) -> None:
    answered(chats, chat, "First question")
    owner, other, address = browser(chats, ANN), browser(chats, BEN), {"chat": chat.id}
    wishes = {"title": "For <you>", "days": "7", "turns": "0"}
    assert owner.post("/shares/check", params=address, json=wishes).json().keys() == {"withheld", "concerns"}
    for path in ("check", "publish"):
        assert other.post(f"/shares/{path}", params=address, json=wishes).status_code == 404
    link = owner.post("/shares/publish", params=address, json=wishes).json()
    assert len(link["address"]) >= len("share/") + 43
    for reader in (other, browser(chats)):
        page = reader.get(f"/{link['address']}")
        assert "First question" in page.text
        assert "For &lt;you&gt;" in page.text
        assert "sandbox" in page.headers["content-security-policy"]
    assert other.get("/shares").json() == []
    (listed,) = owner.get("/shares").json()
    assert (listed["days_left"], listed["opened"]) == (7, 2)
    assert other.delete(f"/shares/{link['id']}").status_code == 404
    assert owner.delete(f"/shares/{link['id']}").status_code == 200
    assert other.get(f"/{link['address']}").status_code == 404
    assert owner.post("/shares/publish", params=address, json={"days": "9999"}).status_code == 409
    assert owner.get("/share/x").status_code == 404


def test_no_cell_of_a_csv_starts_a_formula() -> None:
    table = ResultTable("t", ("=name",), (("=1+1",), ("@x",), ("-2",), (-2,), ("fine",)))
    assert table_csv(table).splitlines() == ["'=name", "'=1+1", "'@x", "'-2", "-2", "fine"]


# The page itself


def request_of(cookie: str, chat_id: str = "") -> Any:
    return SimpleNamespace(
        cookies={COOKIE: cookie}, query_params={"chat": chat_id or new_id()}, session_hash="tab"
    )


def page_over(chats: Chats, sample: Path) -> Page:
    """Make the page inside a running event loop; outside of one Gradio opens loops that it never closes."""

    async def make() -> Page:
        return Page(chats, Identity(), "Scripted: for tests", sample)

    return asyncio.run(make())


async def last_update(updates: Any) -> dict[Any, Any]:
    return [update async for update in updates][-1]


def test_page_loads_asks_and_restores(chats: Chats, small_file: Path) -> None:
    page = page_over(chats, small_file)
    mine = request_of(ANN)
    theirs = request_of(BEN, mine.query_params["chat"])
    first = asyncio.run(last_update(page.load_sample(mine)))
    assert (first[page.parts.hero]["visible"], first[page.parts.talk]["visible"]) == (False, True)
    last = asyncio.run(last_update(page.ask("Average balance?", mine)))
    assert last[page.parts.chosen]["choices"] == [("Average balance?", "0")]
    assert asyncio.run(last_update(page.restore(mine)))[page.parts.chatbot] == last[page.parts.chatbot]
    assert asyncio.run(last_update(page.restore(theirs)))[page.parts.chatbot] == []
    assert asyncio.run(last_update(page.restore(request_of(ANN))))[page.parts.chatbot] == []


def test_two_tabs_are_two_chats_and_a_closed_chat_opens_again(chats: Chats, small_file: Path) -> None:
    page = page_over(chats, small_file)
    tabs = request_of(ANN), request_of(ANN)
    for number, tab in enumerate(tabs):
        asyncio.run(last_update(page.load_sample(tab)))
        shown = asyncio.run(last_update(page.ask(f"Question {number}?", tab)))
    chats.close()
    again = asyncio.run(last_update(page.restore(tabs[1])))
    assert again[page.parts.chatbot] == shown[page.parts.chatbot]
    assert [chat.question for chat in chats.kept(owner_of(ANN))] == ["Question 1?", "Question 0?"]


def test_clicks_on_segments_are_turns_like_questions(chats: Chats, small_file: Path) -> None:
    page, mine = page_over(chats, small_file), request_of(ANN)
    asyncio.run(last_update(page.load_sample(mine)))
    asyncio.run(last_update(page.ask("Segment my customers", mine)))
    click = {"tool": "rename_segment", "arguments": {"segment": "Everyday savers", "name": "Owls <b>"}}
    asyncio.run(last_update(page.act(json.dumps({"question": "Rename it", **click}), mine)))
    chat = chats.get(owner_of(ANN), mine.query_params["chat"])
    assert chat.session is not None
    turn = chat.session.turns[-1]
    assert (turn.question, turn.status, turn.steps[0].tool) == ("Rename it", "answered", "rename_segment")
    assert [segment.name for segment in turn.segmentation.segments][0] == "Owls <b>"  # type: ignore[union-attr]
    assert "Owls &lt;b&gt;" in segments_html(chat.session.workspace)
    assert turn.unsupported == ()
    for nothing in ("", "[]", json.dumps({"question": "x", "tool": "aggregate", "arguments": {}})):
        asyncio.run(last_update(page.act(nothing, mine)))
    assert len(chat.session.turns) == 2
    missing = {"question": "y", "tool": "rename_segment", "arguments": {"segment": "Nobody", "name": "B"}}
    asyncio.run(last_update(page.act(json.dumps(missing), mine)))
    assert chat.session.turns[-1].status in ("refused", "clarify")


def test_versions_are_listed_with_their_way_back(session: Session) -> None:
    assert "Segment my customers" in versions_html(session.workspace)
    first = session.workspace.with_segmentation(segmentation())
    second = first.with_segmentation(replace(segmentation(), note="renamed <b>"))
    shown = versions_html(second)
    assert shown.index("Version 2") < shown.index("Version 1")
    assert "Renamed &lt;b&gt;" in shown
    assert "restore_version" in shown
    assert "undo_segmentation" in shown


def test_editing_a_question_takes_back_what_followed(chats: Chats, small_file: Path) -> None:
    page, mine = page_over(chats, small_file), request_of(ANN)
    asyncio.run(last_update(page.load_sample(mine)))
    for question in ("One?", "Two?", "Three?"):
        asyncio.run(last_update(page.ask(question, mine)))
    chat = chats.get(owner_of(ANN), mine.query_params["chat"])
    place = [message["content"] for message in conversation(chat.turns, {})].index("Two?")
    asyncio.run(last_update(page.edit(SimpleNamespace(index=place, value="Deux?"), mine)))
    assert chat.session is not None
    assert [turn.question for turn in chat.session.turns] == ["One?", "Deux?"]


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
