"""Reads what a message means behind one that was not answered: a word for another, left out, or neither.

"Average income by profession" - "then age": what was not understood gives way to what is said now.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.following.evidence import points_back
from assistant.builtin.following.wording import without_asides
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Filtered
from assistant.builtin.templates import compiled, either, words_of

_FILE = Path(__file__).parent.parent / "unanswered.toml"
_FRAMES = Path(__file__).parent.parent / "frames.toml"
_LONGEST = 9  # words: a longer message says by itself what is asked
_MOST = 4  # words that take the place of others
ReadIn = Callable[[str, Catalog, Conversation], Sequence[Outcome]]
# Replies that say which words of a message were not understood, and where they hold them.
_UNREAD = {
    "absent": "words", "stray": "words", "did_you_mean": "words", "lost": "words", "disagrees": "left",
    "resembles": "meant",
}  # fmt: skip


def mended(text: str, catalog: Catalog, conversation: Conversation, read: ReadIn) -> Reading | None:
    """Read the message before, which was not understood, with what is said now in the place of a part of it.

    Args:
        text: The message.
        catalog: The data.
        conversation: The turns before.
        read: Reads a message in its conversation.

    Returns:
        The reading, which says how the question was read; None if the message mends nothing.
    """
    last = conversation.last
    if last is None or last.status == "answered" or len(text.split()) > _LONGEST:
        return None
    text = without_asides(text)
    out, given = _leaves_out(text), _put_in_place(text, catalog, whole=not points_back(last.text))
    if not out and given is None:
        return None
    earlier = answered(conversation)
    replies = [o for o in read(last.text, catalog, earlier) if isinstance(o, Reply)]
    unread = [word for reply in replies for word in _unread(reply)]
    if not unread:
        return None
    whole = _without(last.text, unread, given or "")
    if whole is None:
        return None
    again = read(whole, catalog, earlier)
    if len(again) != 1 or not isinstance(again[0], Reading):
        return None
    return replace(again[0], notes=(f'I read that as: "{whole}".', *again[0].notes))


def answered(conversation: Conversation) -> Conversation:
    """Return the turns up to the newest one that was answered."""
    turns = list(conversation.turns)
    while turns and turns[-1].status != "answered":
        turns.pop()
    return Conversation(turns)


def goes_on_from(conversation: Conversation) -> str | None:
    """Return the question answered last, which a change behind an unanswered message may go on from."""
    asked = (t for t in reversed(conversation.turns) if any(isinstance(r, Filtered) for r in t.requests))
    last = next(asked, None)
    return " ".join(last.text.split()).strip(" ?.!") if last else None


def leaves_the_thread(conversation: Conversation, catalog: Catalog, read: ReadIn) -> bool:
    """Tell whether the messages that were not answered leave open only what came before them.

    "Will it rain?" and "make it nice" say nothing of the data; "and Hamburg?", not understood, may be what
    the next message goes on from.

    Args:
        conversation: The turns before, the newest not answered.
        catalog: The data.
        read: Reads a message in its conversation.
    """
    earlier = answered(conversation)
    unanswered = conversation.turns[len(earlier.turns) :]
    return all(_aside(turn, catalog, earlier, read) for turn in unanswered)


def _aside(turn: Exchange, catalog: Catalog, earlier: Conversation, read: ReadIn) -> bool:
    """Tell whether a message names nothing in the data, or asked for what no data answer: a forecast."""
    if narrows(turn.text):
        return False  # it was to leave out rows that would be counted now
    if not any(item.links or item.values for item in annotate(turn.text, catalog).items):
        return True
    replies = read(turn.text, catalog, earlier)
    return all(isinstance(o, Reply) and o.template in _ASIDES for o in replies)


def narrows(text: str) -> bool:
    """Tell whether a message leaves rows out, whatever it is that it names: "only the keen ones"."""
    return bool(_NARROWS.match(text))


_NARROWS = re.compile(
    r"\s*(?:(?:and|now|but|ok|okay|then|please|so) )*(?:only|just|without|leave out|leaving out|exclude|"
    r"excluding|drop|remove|except|ignore|skip|filter)\b",
    re.IGNORECASE,
)
_ASIDES = (
    "off_topic", "no_prediction", "hostile", "personal", "other_chats", "deed", "insult", "privacy",
    "scoring", "greeting", "thanks", "help", "identity",
)  # fmt: skip


def _unread(reply: Reply) -> list[str]:
    """Return the words that a reply says it did not understand."""
    inner = reply.values.get("part")
    if isinstance(inner, Reply):
        return _unread(inner)
    return [str(word) for word in reply.values.get(_UNREAD.get(reply.template, ""), ())]


def _without(text: str, words: Sequence[str], given: str) -> str | None:
    """Return a message with words that stand together, or one word, replaced; None if they are apart."""
    found = [re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in words]
    places = sorted(match.span() for match in found if match)
    if not places or len(places) < len(words):
        return None
    if given:
        between = [text[a[1] : b[0]] for a, b in zip(places, places[1:], strict=False)]
        if any(set(gap.lower().split()) - _JOINING for gap in between):
            return None
        whole = f"{text[: places[0][0]]}{given}{text[places[-1][1] :]}"
    else:
        whole = text
        for start, end in reversed(places):
            whole = f"{whole[:start].rstrip()}{_dangling(whole[end:])}"
    whole = " ".join(whole.split()).strip(" ,")
    return whole if whole and whole.lower() != text.lower() else None


_JOINING = frozenset({"and", "or", "of", "the", ",", "-"})


def _dangling(rest: str) -> str:
    return rest if rest[:1] in ("", " ", ",", "?", ".", "!") else f" {rest}"


def _leaves_out(text: str) -> bool:
    return any(way.fullmatch(words_of(text).said) for way in _ways("left_out"))


def _put_in_place(text: str, catalog: Catalog, *, whole: bool) -> str | None:
    """Return what takes the place of words not understood: "use the premium", "I mean the price", "age".

    Only of a whole question is a bare name taken to be meant for it; behind "and the lighter ones", "by
    depot" may be a change of its own.
    """
    words = words_of(text)
    for kind in ("said", "offered") if whole else ("said",):
        for way in _ways(kind):
            found = way.fullmatch(words.said)
            about = words.written(found, "x") if found else ""
            if about and _fits(about, catalog, firmly=kind == "said"):
                return re.sub(r"^(?:the|a|an)\s+", "", about, flags=re.IGNORECASE)
    return None


def _fits(about: str, catalog: Catalog, *, firmly: bool) -> bool:
    """Tell whether words name one thing in the data; of what is only offered, a column or a statistic."""
    sentence = annotate(about, catalog)
    items = [item for item in sentence.items if not item.filler]
    if not items or len(about.split()) > _MOST or set(about.lower().split()) & cue("pronoun"):
        return False
    if any(not item.senses for item in items):
        return False
    if firmly:
        return any(item.links or item.values for item in items)
    named = all(item.links or any(item.has(kind) for kind in _NAMING) for item in items)
    return named and any(item.links for item in items) and not points_back(about)


_NAMING = ("statistic", "role", "feature")


@cache
def _ways(kind: str) -> tuple[re.Pattern[str], ...]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    frames = tomllib.loads(_FRAMES.read_text(encoding="utf-8"))
    names = {"WORD": document["word"], "IT": frames["it"]}
    before = f"(?:{either([*frames['soft_before'], *document['soft_before']])})*?"
    after = f"(?:{either([w for w in frames['soft_after'] if w != 'i mean'])})*?"
    return tuple(re.compile(f"{before}(?:{compiled(way, names)}){after}") for way in document[kind])
