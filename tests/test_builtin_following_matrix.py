"""Every part of a request is changed in every way that people say it, over eleven tables.

`builtin_followups.txt` holds the changes once; here each wording meets a different few of the tables.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.following.frames import FRAMES, KNOWN_NEEDS
from tests.questions.tables import DATASETS
from tests.test_builtin_dialogue import say
from tests.test_builtin_following import generated

FOLLOWUPS = Path(__file__).with_name("builtin_followups.txt")
TABLES_A_WORDING = 2


@dataclass(frozen=True)
class Block:
    """An opening question, ways to say one change of it, and how both are read.

    Attributes:
        opening: The first question; behind @ a word that a table must have for it to make sense.
        read: Its reading.
        ways: What is said then.
        then: Readings of that, any of which is right.
    """

    opening: str
    read: str = ""
    ways: tuple[str, ...] = ()
    then: tuple[str, ...] = field(default=())


def _table(line: str) -> tuple[str, dict[str, str]]:
    """Read "[wallet] m=amount|amount_inr": {m} is what is said, {M} what it is called."""
    name, rest = line[1:].split("] ")
    words: dict[str, str] = {}
    for key, value in re.findall(r"(\w+)=(.+?)(?= \w+=|$)", rest):
        said, _, called = value.partition("|")
        words[key] = said
        words[key.upper()] = called or said
    return name, words


@cache
def document() -> tuple[dict[str, dict[str, str]], list[Block]]:
    lines = [line for line in FOLLOWUPS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    words = dict(_table(line) for line in lines if line.startswith("["))
    blocks = []
    for chunk in "\n".join(line for line in lines if not line.startswith("[")).split("\n\n"):
        said = [line for line in chunk.splitlines() if line]
        if said:
            then = tuple(said[-1].removeprefix("    => ").split(" | "))
            blocks.append(Block(said[0], said[1].removeprefix("    -> "), tuple(said[2:-1]), then))
    return words, blocks


def filled(text: str, words: dict[str, str]) -> str | None:
    """Put the words of a table into a line; None where the table has no such thing."""
    if not set(re.findall(r"\{(\w+)\}", text)) <= set(words):
        return None
    text = re.sub(r"\{(\w+)\}", lambda found: words[found[1]], text)
    sides = sorted([words.get("P", ""), words.get("Q", "")])
    text = text.replace("=PQ", f"=[{', '.join(sides)}]")
    return text.replace("=VW", f"=[{words['V']}, {words['W']}]").replace("'", "")


def said_of(name: str, words: dict[str, str], block: Block, way: str) -> tuple[str, str] | None:
    """Return how the opening and the change are read of a table; None where it does not fit the table."""
    opening, _, needed = block.opening.partition(" @")
    asked, change, read = filled(opening, words), filled(way, words), filled(block.read, words)
    known = any(filled(one, words) for one in block.then)
    if asked is None or change is None or not known or needed and needed not in words:
        return None
    first, conversation = opened(name, asked)
    if first != read:
        return None  # the opening is another test's matter
    return change, say(change, generated(name), Conversation(list(conversation.turns))).replace("'", "")


@cache
def opened(name: str, question: str) -> tuple[str, Conversation]:
    conversation = Conversation()
    return say(question, generated(name), conversation).replace("'", ""), conversation


@pytest.mark.parametrize("block", document()[1], ids=lambda block: f"{block.ways[0]}: {block.opening}"[:60])
def test_a_change_is_read_however_it_is_said(block: Block) -> None:
    tables = [(name, words) for name, words in document()[0].items() if DATASETS[name].present()]
    tried, wrong = 0, []
    for place, way in enumerate(block.ways):
        turned = tables[place % len(tables) :] + tables[: place % len(tables)]
        here = 0
        for name, words in turned:
            if here == TABLES_A_WORDING:
                break
            said = said_of(name, words, block, way)
            if said is None:
                continue
            here += 1
            if said[1] not in [filled(one, words) for one in block.then]:
                wrong.append((name, *said))
        tried += here
    assert not wrong
    assert tried >= len(block.ways)


def test_each_opening_fits_most_tables() -> None:
    words, blocks = document()
    if absent := [name for name in words if not DATASETS[name].present()]:
        pytest.skip(f"{absent[0]} is not here")
    for block in blocks:
        fits = [name for name in words if said_of(name, words[name], block, block.ways[0])]
        assert len(fits) >= 5, block.opening


SEGMENT_CHANGES = (
    ("loans", "find 4 segments", "3 is enough", "find_segments n_segments=3"),
    ("loans", "find 4 segments", "hm, five would be better", "find_segments n_segments=5"),
    ("loans", "find 4 segments", "can we go back to 2", "find_segments n_segments=2"),
    ("hotel", "cluster the guests into 4", "i only need three", "find_segments n_segments=3"),
    ("hotel", "cluster the guests into 4", "6 will do", "find_segments n_segments=6"),
    (
        "wallet",
        "users with at least 10 payments are Regulars, all others Occasional",
        "move the line to 15 payments",
        "segment_by_rules segments=[{name: Regulars, where: [n_transactions at_least 15]}] "
        "otherwise=Occasional",
    ),
    (
        "wallet",
        "users with at least 10 payments are Regulars, all others Occasional",
        "what if we say 12",
        "segment_by_rules segments=[{name: Regulars, where: [n_transactions at_least 12]}] "
        "otherwise=Occasional",
    ),
    (
        "gifts",
        "top 20% by spend as VIP, rest Others",
        "and by number of transactions instead",
        "segment_by_value column=n_transactions top_shares=[20.0] names=[VIP, Others]",
    ),
)


@pytest.mark.parametrize(("table", "made", "change", "read"), SEGMENT_CHANGES)
def test_segments_are_changed_however_it_is_said(table: str, made: str, change: str, read: str) -> None:
    conversation = Conversation()
    say(made, generated(table), conversation)
    assert say(change, generated(table), conversation).replace("'", "") == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("which has the higher income", "aggregate mean(AnnualIncome) by segment order=descending limit=1"),
        (
            "is the difference in income between the two real?",
            "compare_groups by segment column=AnnualIncome",
        ),
        ("how many in each of them", "aggregate count() by segment"),
        ("average credit score for both", "aggregate mean(CreditScore) by segment"),
        ("how many VIPs are there?", "aggregate count() where segment equal VIP"),
    ],
)
def test_segments_just_made_are_pointed_at(said: str, read: str) -> None:
    loans = replace(generated("loans"), segments=("VIP", "Basic"), sizes=(500, 1000))
    conversation = Conversation()
    say("find 2 segments", loans, conversation)
    assert say(said, loans, conversation) == read


def test_what_was_merged_last_is_meant_by_it() -> None:
    loans = replace(generated("loans"), segments=("Young", "Old", "Rich"), sizes=(500, 600, 400))
    conversation = Conversation()
    assert say("merge Young and Old", loans, conversation) == "merge_segments segments=[Young, Old]"
    assert say("call it Rest", loans, conversation) == "rename_segment segment=Young and Old name=Rest"


def test_the_period_that_led_a_ranking_is_meant_by_that_month() -> None:
    hotel, conversation = generated("hotel"), Conversation()
    say("average adr by month for the resort hotel", hotel, conversation)
    say("which month was highest", hotel, conversation)
    conversation.turns[-1] = replace(conversation.turns[-1], period="2024-07")
    assert say("how many nights did we sell in that month", hotel, conversation) == (
        "aggregate sum(nights) where hotel equal Resort Hotel, arrival_date equal 2024-07"
    )


def test_a_place_in_the_ranking_shown_names_its_group() -> None:
    wallet, conversation = generated("wallet"), Conversation()
    say("average amount by city", wallet, conversation)
    conversation.turns[-1] = replace(conversation.turns[-1], shown=(("Pune", 9.0), ("Delhi", 8.0)))
    assert say("only in the second one", wallet, conversation) == (
        "aggregate mean(amount_inr) where home_city equal Delhi"
    )


def test_every_frame_needs_something_known() -> None:
    document = tomllib.loads(FRAMES.read_text(encoding="utf-8"))
    needed = {frame["needs"] for frame in document["frame"] if "needs" in frame}
    assert needed <= set(KNOWN_NEEDS)
    assert {frame["needs"] for frame in document["scheme"]} <= {"limit", "number", "any_number"}


def test_a_message_without_words_changes_nothing() -> None:
    bank, conversation = generated("loans"), Conversation()
    first = say("total outstanding by branch", bank, conversation)
    assert say("in thousands", bank, conversation) == first
