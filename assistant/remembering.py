"""Knows what of an answer is worth remembering for a person, when it helps again, and how its source is told.

Kept are findings, words that were taught and good calls; never a row, nor what speaks of single people.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant import privacy
from assistant.disguise import Disguise
from assistant.memory import Kept, Memory
from assistant.session import Step, Turn
from tools.core import Fact, ToolResult, Workspace, all_tools
from tools.errors import ToolError

_log = logging.getLogger(__name__)

MOST_FACTS = 12  # kept of one result
MOST_FINDINGS = 3
MOST_EXAMPLES = 3
LIKED_FIRST = 3  # so many times the wanted examples are looked at, those with a thumb up first
_SUBJECT = re.compile(
    r"\b(?:about|regarding|concerning|on|for|with) (?P<subject>.+?)"
    r"(?:[ ,]+(?:the )?(?:last|earlier|before|previous(?:ly)?|yesterday|in (?:an|the|my|our)|recently)\b.*)?"
    r"[?.! ]*$",
    re.IGNORECASE,
)
_DOUBT = "That was true of the data of that chat; ask the question again to see whether it is true of these."


@dataclass(frozen=True)
class Diary:
    """What is remembered with one person, seen from one of their chats.

    Attributes:
        memory: Where it is kept.
        person: Whose it is.
        chat: The chat that is being written.
    """

    memory: Memory
    person: str
    chat: str

    def keep(self, place: int, turn: Turn) -> None:
        """Remember what a finished turn taught, in place of what stood there.

        A disk that fails costs no answer.
        """
        try:
            self.memory.forget_chat(self.person, self.chat, place)
            self.memory.keep(self.person, learnt(turn, self.chat, place))
        except ToolError as error:
            _log.warning("Nothing was remembered of an answer: %s", error.wrong)

    def take_back(self, place: int) -> None:
        """Forget what a turn taught that was undone."""
        try:
            self.memory.forget_chat(self.person, self.chat, place)
        except ToolError as error:
            _log.warning("An answer that was undone is still remembered: %s", error.wrong)

    def words(self, workspace: Workspace) -> dict[str, Kept]:
        """Return words that were taught in other chats and make sense for these data, the newest of each."""
        columns = {column.name for table in workspace.tables.values() for column in table.columns}
        named = {name.casefold() for name in columns}
        found: dict[str, Kept] = {}
        for entry in self._other(self._kept("word")):
            word = str(entry.details["word"])
            if entry.details["column"] in columns and word.casefold() not in named:
                found.setdefault(word, entry)
        return found

    def taught(self, workspace: Workspace) -> dict[str, str]:
        """Return those words with the column that each means."""
        return {word: str(entry.details["column"]) for word, entry in self.words(workspace).items()}

    def words_used(self, turn: Turn, workspace: Workspace) -> list[str]:
        """Return a sentence for each word of another chat by which a question was read, with its source."""
        asked = json.dumps([dict(step.arguments) for step in turn.steps], ensure_ascii=False, default=str)
        return [
            f"By “{word}” I took **{entry.details['column']}**, as you said in {source_of(entry)}."
            for word, entry in self.words(workspace).items()
            if re.search(rf"\b{re.escape(word)}\b", turn.question, re.IGNORECASE)
            and json.dumps(entry.details["column"], ensure_ascii=False) in asked
        ]

    def findings(self, question: str, workspace: Workspace) -> list[str]:
        """Return findings of other chats near a question, as a model elsewhere may read them."""
        near = [
            e for e in self._other(self._near("finding", question, 2 * MOST_FINDINGS)) if e.details["plain"]
        ]
        told = [f"{entry.text} (from {source_of(entry)})" for entry in near[:MOST_FINDINGS]]
        return list(Disguise(workspace).on(told))

    def examples(self, question: str, workspace: Workspace) -> list[tuple[str, str, str]]:
        """Return question, tool and arguments of good calls near a question that these data can repeat.

        Those with a thumb up come first.
        """
        columns = {column.name for table in workspace.tables.values() for column in table.columns}
        near = [
            entry
            for entry in self._near("example", question, LIKED_FIRST * MOST_EXAMPLES)
            if set(entry.details["columns"]) <= columns and entry.details["tool"] in all_tools()
        ]
        near.sort(key=lambda entry: not entry.details["liked"])
        disguise = Disguise(workspace)
        return [
            (
                disguise.on(e.text),
                e.details["tool"],
                json.dumps(disguise.on(e.details["arguments"]), ensure_ascii=False),
            )
            for e in near[:MOST_EXAMPLES]
        ]

    def answer(self, question: str, leaves_machine: bool) -> ToolResult:
        """Answer "what did we find about X last time?" from what was found, with its source.

        Args:
            question: As it was asked; without a subject, the newest findings are told.
            leaves_machine: Whether the answer goes to a model elsewhere.

        Raises:
            ToolError: If nothing near is remembered.
        """
        subject = subject_of(question)
        entries = self.memory.recall(self.person, "finding", subject, 2 * MOST_FINDINGS) if subject else []
        if not subject:
            entries = self.memory.kept(self.person, "finding")
        chosen = [e for e in entries if e.details["plain"] or not leaves_machine]
        chosen = list({entry.text: entry for entry in reversed(chosen)}.values())[::-1][:MOST_FINDINGS]
        if not chosen:
            raise ToolError(
                f"I remember no finding about {subject}." if subject else "I remember no earlier finding.",
                "Ask the question itself, and the data will answer it.",
            )
        said = [f"From {self._place(entry)}: {entry.text}" for entry in chosen]
        facts = [Fact(**fact) for entry in chosen for fact in entry.details["facts"]]
        days = dict.fromkeys(_day(entry).date().isoformat() for entry in chosen)
        quoted = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", " ".join(said))]
        return ToolResult(
            headline=said[0],
            facts=(
                *facts,
                *(Fact("chat_date", day, scope="earlier findings") for day in days),
                *(Fact("quoted_number", value, scope="earlier findings") for value in quoted),
            ),
            findings=tuple(said[1:]),
            caveats=(_DOUBT,) if any(entry.chat != self.chat for entry in chosen) else (),
        )

    def _place(self, entry: Kept) -> str:
        return "this chat" if entry.chat == self.chat else source_of(entry)

    def _other(self, entries: Sequence[Kept]) -> list[Kept]:
        return [entry for entry in entries if entry.chat != self.chat]

    def _kept(self, kind: Any) -> list[Kept]:
        try:
            return self.memory.kept(self.person, kind)
        except ToolError as error:
            _log.warning("%s", error.wrong)
            return []

    def _near(self, kind: Any, about: str, most: int) -> list[Kept]:
        try:
            return self.memory.recall(self.person, kind, about, most)
        except ToolError as error:
            _log.warning("%s", error.wrong)
            return []


def learnt(turn: Turn, chat: str, place: int) -> list[Kept]:
    """Return what a turn taught: its findings, a word, and its call where that is a good example."""
    # The analyst's words take a moment to read in: the page is not to wait for them as it starts.
    from assistant.builtin.cataloguing import catalog_of
    from assistant.builtin.conversation import read_lesson

    workspace, made = turn.workspace, time.time()
    if turn.status != "answered" or workspace is None:
        return []
    kept: list[Kept] = []
    lesson = read_lesson(turn.question, catalog_of(workspace))
    if lesson:
        word, column = lesson
        text = f"By “{word}” you mean {column}."
        kept.append(Kept("word", text, chat, place, made, details={"word": word, "column": column}))
    done = [step for step in turn.steps if step.result is not None and step.tool in all_tools()]
    told = [_told(step, workspace) for step in done]
    open_to_all = not any(one["held_back"] for one in told)
    asked = turn.question if open_to_all else ""
    for one in told:
        if one["headline"] and one["headline"] != privacy.WITHHELD:
            details = {
                "facts": one["facts"],
                "plain": one["plain"],
                "source": workspace.table.source,
            }
            kept.append(Kept("finding", one["headline"], chat, place, made, asked, details))
    if len(done) == len(turn.steps) == 1 and open_to_all and not lesson and _stands_alone(turn):
        call = {"tool": done[0].tool, "arguments": _plain(done[0].arguments), "liked": turn.liked is True}
        columns = _columns_in(done[0].arguments, workspace)
        if told[0]["plain"]:
            kept.append(
                Kept("example", turn.question, chat, place, made, details={**call, "columns": columns})
            )
    return kept


def subject_of(question: str) -> str:
    """Return what "what did we find about X last time?" is about, or an empty text."""
    found = _SUBJECT.search(question)
    return found["subject"].strip(" ,?.!") if found else ""


def source_of(entry: Kept) -> str:
    """Return from where something is known: the day of the chat, and its file for a finding."""
    day = _day(entry)
    about = f" about {entry.details['source']}" if entry.details.get("source") else ""
    return f"the chat of {day.day} {day:%b %Y}{about}"


def _day(entry: Kept) -> datetime:
    return datetime.fromtimestamp(entry.made, UTC).astimezone()


def _stands_alone(turn: Turn) -> bool:
    """Tell whether a question says by itself what it asks, and the person did not dislike the answer."""
    from assistant.builtin.following.evidence import points_back

    return turn.liked is not False and len(turn.question.split()) > 2 and not points_back(turn.question)


def _told(step: Step, workspace: Workspace) -> dict[str, Any]:
    """Return what may be kept of a result: what a model elsewhere may know, in its real names."""
    facts = step.result.facts if step.result else ()
    covered = json.loads(privacy.for_model(step, workspace, True, MOST_FACTS))
    shown = Disguise(workspace, facts).off(covered)
    return {
        "headline": shown["headline"],
        "facts": shown["facts"],
        "held_back": "facts_held_back" in shown,
        "plain": shown == covered,
    }


def _columns_in(arguments: Any, workspace: Workspace) -> list[str]:
    names = {column.name for table in workspace.tables.values() for column in table.columns}
    return sorted({text for text in _texts(arguments) if text in names})


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    return [text for item in items for text in _texts(item)]


def _plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(arguments), ensure_ascii=False, default=str))
    return plain
