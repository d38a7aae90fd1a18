"""A file that comes into a running chat: what it may be for, what comes of it, and that nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import rerunning
from assistant.adding import ADD, add_files, apply_segments
from assistant.clicks import perform
from assistant.session import Session, Turn
from assistant.store import Store
from assistant.ui.chat import Chat
from assistant.ui.chats import NOT_LOADED, Chats, new_id
from assistant.ui.offers import asked_html, uses
from tests.scripted_talker import ScriptedTalker
from tests.shop_report import write_orders
from tools.customers.exporting import save_segmentation
from tools.errors import StoppedError, ToolError
from tools.files.loading import add

TIERS = {"quantiles": 3, "names": ["Gold", "Silver", "Bronze"]}


@pytest.fixture
def later(tmp_path: Path) -> Path:
    (tmp_path / "later").mkdir()
    return write_orders(tmp_path / "later" / "march.csv", month=3, customers=120)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Session]:
    session = Session.open([write_orders(tmp_path / "orders.csv")])
    yield session
    session.workspace.engine.close()


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    store = Store(tmp_path / "kept")
    made = Chats(ScriptedTalker(), store)
    yield made
    made.close()
    store.close()


@pytest.fixture
def chat(chats: Chats, tmp_path: Path) -> Chat:
    made = chats.get("ann", new_id())
    chats.load(made, [write_orders(tmp_path / "orders.csv")]).done.wait(30)
    assert made.problem == ""
    chats.act(made, "Three tiers", "segment_by_value", TIERS).done.wait(30)
    return made


def wait(chat: Chat) -> Turn:
    assert chat.task is not None
    assert chat.task.done.wait(60)
    assert chat.session is not None, chat.problem
    return chat.session.turns[-1]


# What is read beside what is there


def test_a_further_table_holds_the_rows_of_its_file_and_changes_nothing_else(
    shop: Session, later: Path
) -> None:
    before, digest = shop.workspace, shop.workspace.engine.digest("orders")
    after, names = add(before, [later])
    assert names == ("march",)
    assert set(before.tables) == {"orders"}
    assert after.main == "orders"
    alone = Session.open([later]).workspace
    assert after.engine.digest("march") == alone.engine.digest("march")
    assert after.engine.digest("orders") == digest
    assert after.tables["march"].n_rows == 300
    alone.engine.close()


def test_a_file_of_the_same_name_gets_a_name_of_its_own(shop: Session, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    same = write_orders(tmp_path / "again" / "orders.csv", month=2, customers=80)
    once, first = add(shop.workspace, [same])
    twice, second = add(shop.workspace, [same])  # the first was taken back: its rows are nobody's
    assert (first, second) == (("orders_2",), ("orders_3",))
    assert once.tables["orders_2"].n_rows == twice.tables["orders_3"].n_rows == 200
    assert twice.engine.digest("orders_3") == once.engine.digest("orders_2") != once.engine.digest("orders")


def test_an_unusable_file_adds_nothing(shop: Session, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(ToolError):
        add(shop.workspace, [empty])
    turn = add_files(shop, "Add it", [empty], "describe_data", lambda: True)
    assert turn.status == "refused"
    assert set(shop.workspace.tables) == {"orders"}


def test_stopping_while_a_file_is_read_leaves_the_chat_as_it_was(shop: Session, later: Path) -> None:
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        return len(asked) < 4

    before = shop.workspace
    with pytest.raises(StoppedError):
        add_files(shop, "Add it", [later], "describe_data", wanted)
    assert shop.workspace is before
    assert shop.turns == []


def test_a_change_of_reading_and_a_further_table_go_together(shop: Session, later: Path) -> None:
    perform(shop, "euros", "change_reading", {"column": "amount", "unit": "EUR"})
    perform(shop, "no hostile", "change_reading", {"column": "country", "no_value": ["Italy"]})
    add_files(shop, "Add it", [later], "describe_data", lambda: True)
    count = shop.run_tool("aggregate", {"measures": [{"statistic": "count"}], "table": "march"})
    assert count.result is not None
    assert "300" in count.result.headline
    copy = rerunning.on_copy(shop, later.parent / "copy.duckdb")
    assert set(copy.tables) == {"orders", "march"}
    assert copy.engine.digest("march") == shop.workspace.engine.digest("march")
    assert copy.engine.digest("orders") == shop.first.engine.digest("orders")
    copy.engine.close()


def test_stopping_while_the_first_file_is_read_loads_nothing(chats: Chats, tmp_path: Path) -> None:
    empty = chats.get("ann", new_id())
    task = chats.load(empty, [write_orders(tmp_path / "orders.csv")])
    chats.stop(empty)
    assert not empty.busy, "nobody waits any longer"
    assert empty.problem == NOT_LOADED
    chats.load(empty, [tmp_path / "orders.csv"]).done.wait(60)  # its turn comes once the first has ended
    assert task.stopped
    assert empty.problem == ""
    assert empty.session is not None
    assert len(list((tmp_path / "kept" / "data").glob("*.duckdb"))) == 1, "what was read by halves is gone"


# What it may be for


def test_what_a_file_may_be_for_depends_on_the_chat_and_on_the_file(
    shop: Session, later: Path, tmp_path: Path
) -> None:
    assert [use.what for use in uses(shop, [later])] == ["add", "new"]
    perform(shop, "tiers", "segment_by_value", TIERS)
    assert [use.what for use in uses(shop, [later])] == ["score", "movement", "again", "add", "new"]
    saved, recipe = tmp_path / "segments.json", tmp_path / "recipe.json"
    assert shop.workspace.segmentation is not None
    save_segmentation(shop.workspace.segmentation, saved)
    recipe.write_text(json.dumps(rerunning.recipe_of_chat(shop).to_json()))
    assert [use.what for use in uses(shop, [saved])] == ["apply"]
    assert [use.what for use in uses(shop, [recipe])] == ["rerun"]
    assert [use.what for use in uses(shop, [saved, later])] == ["new"]
    hostile = tmp_path / "<img src=x onerror=alert(1)>.csv"
    shown = asked_html([hostile], uses(shop, [later]))
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_its_customers_are_put_into_the_present_segments(chats: Chats, chat: Chat, later: Path) -> None:
    assert chat.session is not None
    segments = chat.session.workspace.segmentation
    chats.offer(chat, [later])
    assert chat.offered is not None
    assert later in chats.being_read(), "an uploaded file is kept until the person has chosen"
    assert chats.use(chat, "score") is chat
    turn = wait(chat)
    assert turn.answer.startswith("The 120 customers of `march` are scored with the frozen segments")
    assert not turn.unsupported
    assert chat.session.workspace.segmentation == segments
    assert chat.offered is None
    assert chats.being_read() == []
    chats.undo(chat)
    assert set(chat.session.workspace.tables) == {"orders"}
    assert chat.session.workspace.segmentation == segments


def test_a_table_that_cannot_be_scored_says_so_and_is_there_all_the_same(
    chats: Chats, chat: Chat, tmp_path: Path
) -> None:
    other = tmp_path / "shops.csv"
    other.write_text("shop,town\n" + "".join(f"s{i},Town {i}\n" for i in range(40)))
    chats.offer(chat, [other])
    chats.use(chat, "score")
    turn = wait(chat)
    assert [bool(step.error) for step in turn.steps] == [False, True]
    assert turn.workspace is not None
    assert "shops" in turn.workspace.tables


def test_a_further_table_is_still_there_after_a_restart(chats: Chats, chat: Chat, later: Path) -> None:
    chats.offer(chat, [later])
    chats.use(chat, "add")
    assert wait(chat).steps[0].tool == ADD
    chat.close()
    opened = chats.get("ann", chat.id).session
    assert opened is not None
    counted = opened.run_tool("aggregate", {"measures": [{"statistic": "count"}], "table": "march"})
    assert counted.result is not None
    assert "300" in counted.result.headline


def test_starting_anew_leaves_this_chat_as_it_is(chats: Chats, chat: Chat, later: Path) -> None:
    assert chat.session is not None
    before = list(chat.session.turns)
    chats.offer(chat, [later])
    other = chats.use(chat, "new")
    assert other is not chat
    assert other.task is not None
    assert other.task.done.wait(60)
    assert other.session is not None
    assert other.session.workspace.table.source == "march.csv"
    assert chat.session.turns == before
    assert {kept.id for kept in chats.kept("ann")} == {chat.id, other.id}


def test_a_use_that_was_not_offered_does_nothing(chats: Chats, chat: Chat, later: Path) -> None:
    assert chats.use(chat, "new") is chat
    chats.offer(chat, [later])
    assert chats.use(chat, "rerun") is chat
    assert chat.offered is None
    assert len(chats.kept("ann")) == 1


# Running again


def test_the_same_questions_on_next_months_file_say_what_changed(
    chats: Chats, chat: Chat, later: Path
) -> None:
    chats.act(chat, "By country?", "aggregate", {
        "measures": [{"statistic": "sum", "column": "amount"}], "by": [{"column": "country"}],
    }).done.wait(30)  # fmt: skip
    chats.offer(chat, [later])
    chats.use(chat, "score")
    wait(chat)
    chats.offer(chat, [later])
    other = chats.use(chat, "again")
    wait(other)
    assert other.session is not None
    head, *answers = other.session.turns
    assert [turn.question for turn in answers] == ["Three tiers", "By country?"]
    assert "march.csv holds 300 rows; orders.csv held 600." in head.answer
    assert "Before: The total amount is **14,419**" in head.answer
    assert not head.unsupported
    assert head.tables[0].rows[0] == ("Gold", 85, pytest.approx(35.4167, abs=1e-3), 42, pytest.approx(35.0))
    assert answers[0].segmentation is not None
    assert answers[0].segmentation.n_customers == 120
    other.close()
    opened = chats.get("ann", other.id).session
    assert opened is not None
    assert [turn.answer for turn in opened.turns] == [turn.answer for turn in (head, *answers)]
    opened.undo()
    opened.undo()
    assert opened.workspace.segmentation is None, "before the first answer there were no segments"


def test_a_chat_run_again_on_its_own_data_comes_out_the_same(chats: Chats, chat: Chat, later: Path) -> None:
    chats.offer(chat, [later])
    chats.use(chat, "score")
    wait(chat)
    chats.check_again(chat)
    turn = wait(chat)
    assert turn.answer.startswith("The data are the same, row for row, and all")
    facts = {fact.name: fact.value for fact in turn.facts}
    assert facts["n_changed"] == facts["n_failed"] == 0
    assert int(facts["n_same"] or 0) > 20


def test_saved_segments_are_applied_to_the_customers_of_a_chat(
    shop: Session, later: Path, tmp_path: Path
) -> None:
    perform(shop, "tiers", "segment_by_value", TIERS)
    assert shop.workspace.segmentation is not None
    saved = tmp_path / "segments.json"
    save_segmentation(shop.workspace.segmentation, saved)
    other = Session.open([later])
    turn = apply_segments(other, "Use them", saved, lambda: True)
    assert turn.answer.startswith("The 120 customers are in the 3 segments of")
    assert not turn.unsupported
    assert other.workspace.segmentation is not None
    assert [one.size for one in other.workspace.segmentation.segments] == [42, 38, 40]
    other.workspace.engine.close()
