"""Knows what earlier turns show: what was asked, which requests answered it, what the person taught."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.builtin.lexicon import Key, cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.edits import MergeSegments
from assistant.builtin.request.rows import Aggregate, Filtered
from assistant.builtin.request.segments import FindSegments
from assistant.builtin.tokens import key_of


@dataclass(frozen=True)
class Exchange:
    """One earlier turn.

    Attributes:
        text: What was said.
        requests: The requests behind the tool calls.
        status: How it ended.
        choices: What was offered.
        listed: Groups that were shown, if they were the first of many.
        shown: All groups that were shown, in order, each with its first value.
        period: The one period that was shown.
    """

    text: str
    requests: tuple[Request, ...] = ()
    status: str = "answered"
    choices: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    shown: tuple[tuple[str, float], ...] = ()
    period: str = ""


@dataclass
class Conversation:
    """All earlier turns, oldest first."""

    turns: list[Exchange] = field(default_factory=list)

    @property
    def last(self) -> Exchange | None:
        """The turn before this one."""
        return self.turns[-1] if self.turns else None

    def last_request(self) -> Request | None:
        """Return the newest request that a follow-up may change."""
        for turn in reversed(self.turns):
            if turn.requests:
                return turn.requests[-1]
        return None

    def last_question(self) -> Filtered | None:
        """Return the newest request about data."""
        for turn in reversed(self.turns):
            for request in reversed(turn.requests):
                if isinstance(request, Filtered):
                    return request
        return None

    def listed(self) -> tuple[str, ...]:
        """Return the groups that the newest answer about data showed, if they were a choice of all."""
        newest = self._newest_about_data()
        return newest.listed if newest else ()

    def shown(self) -> tuple[tuple[str, float], ...]:
        """Return the groups that the newest answer about data showed, in order, with their values."""
        newest = self._newest_about_data()
        return newest.shown if newest else ()

    def period(self) -> str:
        """Return the one period that the newest answer about data showed."""
        newest = self._newest_about_data()
        return newest.period if newest else ""

    def _newest_about_data(self) -> Exchange | None:
        return next(
            (t for t in reversed(self.turns) if any(isinstance(r, Filtered) for r in t.requests)), None
        )

    def first_question(self) -> Filtered | None:
        """Return the oldest request about data."""
        return next((r for turn in self.turns for r in turn.requests if isinstance(r, Filtered)), None)

    def last_segments(self) -> FindSegments | None:
        """Return the newest request for segments."""
        return next(
            (
                r
                for turn in reversed(self.turns)
                for r in reversed(turn.requests)
                if isinstance(r, FindSegments)
            ),
            None,
        )

    def last_segment(self) -> str | None:
        """Return the segment that was spoken of last."""
        for turn in reversed(self.turns):
            for request in reversed(turn.requests):
                if isinstance(request, Aggregate) and [g.column for g in request.by] == ["segment"]:
                    if len(turn.listed) == 1:
                        return turn.listed[0]
                    continue
                if isinstance(request, MergeSegments):
                    return self.merged_segment(())
                named = (
                    getattr(request, "name", None)
                    if request.tool == "rename_segment"
                    else getattr(request, "segment", None)
                )
                if named:
                    return str(named)
        return None

    def merged_segment(self, names: Sequence[str]) -> str | None:
        """Return the name of the segment that was merged last, of segments of these names."""
        merges = [r for turn in self.turns for r in turn.requests if isinstance(r, MergeSegments)]
        if not merges:
            return None
        parts = [
            names[int(s) - 1] if s.isdigit() and int(s) <= len(names) else s for s in merges[-1].segments
        ]
        return merges[-1].name or " and ".join(parts)

    def questions(self) -> list[Filtered]:
        """Return all requests about data, oldest first."""
        return [r for turn in self.turns for r in turn.requests if isinstance(r, Filtered)]

    def before_last(self) -> Filtered | None:
        """Return the request about data before the newest one."""
        found = self.questions()
        return found[-2] if len(found) > 1 else None


_TEACHING = re.compile(
    r"^(?:when i say|by|if i say|for me|remember(?: that)?|note(?: that)?|from now on)?[,:]?\s*"
    r"[\"'“]?(?P<word>[\w\s]{2,40}?)[\"'”]?\s*"
    r"(?:,?\s*i mean|means|,?\s*i meant|stands for|refers to|is the same as)\s+(?:the\s+)?(?:column\s+)?"
    r"[\"'“`]?(?P<column>[^\"'”`.!?]{1,60})",
    re.IGNORECASE,
)


def taught_words(
    texts: Sequence[str], catalog: Catalog, known: Mapping[str, str] | None = None
) -> dict[Key, str]:
    """Collect what a person taught in earlier messages: "by spend I mean Amount".

    Args:
        texts: The messages, oldest first.
        catalog: The data.
        known: Words taught before this conversation, with columns of these data; later lessons win.
    """
    found: dict[Key, str] = {key_of(word): column for word, column in (known or {}).items()}
    for text in texts:
        lesson = read_lesson(text, catalog)
        if lesson:
            found[key_of(lesson[0])] = lesson[1]
    return found


def read_lesson(text: str, catalog: Catalog) -> tuple[str, str] | None:
    """Read "by spend I mean Amount"; return the word and the column."""
    match = _TEACHING.match(text.strip())
    if not match or match["word"].strip().lower() in phrases("not_taught"):
        return None
    wanted = match["column"].strip()
    exact = next((name for name in catalog.columns if name.lower() == wanted.lower()), None)
    links = catalog.link_column(key_of(wanted))
    column = exact or (links[0].column if links and links[0].score > 0.6 else None)
    return (match["word"].strip().lower(), column) if column else None


_EARLIER = re.compile(
    r"\bwhat (?:did|have|had|do) (?:we|you|i) (?:already |previously )?(?:find|found|learn|learned|learnt|"
    r"see|seen|discover|discovered|conclude|concluded|remember|recall|know)(?: out)?\b.*\b(?:last (?:time|"
    r"week|month|chat)|earlier|before|previous(?:ly)?|yesterday|the other day|(?:an?|the|my|our) (?:earlier|"
    r"last|previous|other|old) (?:chat|conversation|session)s?)\b|\bwhat do you remember\b",
    re.IGNORECASE,
)


def asks_for_earlier(text: str) -> bool:
    """Tell whether a message asks what was found some time before: "what did we find about X last time?"."""
    return bool(_EARLIER.search(text))


def plain_words(text: str) -> str:
    """Return text in lower case without signs, single spaces between words."""
    return " ".join(re.sub(r"[^\w\s%']", " ", text.lower()).split())


ALONE = cue("question_alone")
