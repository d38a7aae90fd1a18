"""Every part of a request is changed in every way that people say it, over eleven tables.

`builtin_followups.txt` holds the changes once; here each wording meets a different few of the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from assistant.builtin.conversation import Conversation
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
    for block in blocks:
        fits = [name for name in words if said_of(name, words[name], block, block.ways[0])]
        assert len(fits) >= 5, block.opening
