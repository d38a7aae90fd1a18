"""Writes out which group "that city", "those plans" and "the same branch" mean, from the answer before."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.following.acts import ends
from assistant.builtin.following.evidence import points_back
from assistant.builtin.following.ordering import is_bad_news
from assistant.builtin.following.question import Question, question_of
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.request.rows import Filtered
from assistant.builtin.templates import either, words_of
from assistant.builtin.tokens import key_of

_POINTED = re.compile(
    r"\b(?:that|this|those|these|the same|such(?: an?)?) (?P<noun>[a-z]+(?: [a-z]+)?)\b", re.IGNORECASE
)
# "That month" is the one asked about already, which a follow-up keeps.
_THAT_TIME = re.compile(
    r"\s*\b(?:in|during|over|for)? ?(?:that|this|the same) (?:day|week|month|quarter|year|period|time)\b"
    r"(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
# No short message ends in the verb.
_MAY = re.compile(r"(?<!\w)may(?=(?: instead| only| too| as well| please| again| now)?[?.! ]*$)")
_SHORT = 8  # words: a longer message says for itself what is meant
_NAMED = 5  # more groups than this are not written out


def written_out(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Return a message with the groups it points to by their names, where the answer before showed which.

    "That month" is left out: a follow-up keeps the time that was asked about.
    """
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    if question is None:
        return text
    text = _that_period(text, question, catalog, conversation)
    text = _of_them(text, question)
    text = _placed(text, question, conversation)
    text = _at_an_end(text, question, catalog, conversation)
    text = _that_one(text, question, catalog, conversation)
    text = _one_before(text, question, catalog)
    dated = any(c.column == catalog.table.time and c.grain is None for c in question.where)
    if dated:
        text = _tied(text, _THAT_TIME.sub("", text).strip())
    for found in _POINTED.finditer(text):
        for noun in (found["noun"], found["noun"].split()[0]):
            names = _meant(noun, catalog, conversation)
            if names:
                end = found.start("noun") + len(noun)
                return text[: found.start()] + " and ".join(names) + text[end:]
    return text


_PERIOD = re.compile(
    r"\b(?:(?:in|during|for|of|on|over|at) )?(?:that|this|the same) (?:day|month|quarter|year)\b",
    re.IGNORECASE,
)


def _that_period(text: str, question: Question, catalog: Catalog, conversation: Conversation) -> str:
    """Write the period that led a ranking, or was asked about last, for "in that month"."""
    period = conversation.period()
    if not period and not any(c.column == catalog.table.time and c.grain is None for c in question.where):
        period = _asked_about(catalog, conversation)
    year, _, rest = period.replace(" ", "-").partition("-")
    if not _PERIOD.search(text) or not re.fullmatch(r"\d{4}", year) or not re.fullmatch(r"|\d\d|Q\d", rest):
        return text
    named = f"{calendar.month_name[int(rest)]} {year}" if rest.isdigit() else f"{rest} {year}".strip()
    return _tied(text, _PERIOD.sub(f"in {named}", text, count=1))


_THEN = re.compile(
    r"(?<=\w)\s+(?:then|(?:in|during|over|for) (?:that|the same) (?:time|period))(?=[?.! ]*$)", re.I
)


def at_that_time(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write the period asked about for "what was the average then?"."""
    newest = conversation.last_question()
    dated = (
        [c for c in newest.where if c.column == catalog.table.time and c.is_ == "equal" and c.grain is None]
        if newest
        else []
    )
    if len(dated) != 1 or not _THEN.search(text):
        return text
    year, _, rest = str(dated[0].value).partition("-")
    if not re.fullmatch(r"\d{4}", year) or not re.fullmatch(r"|\d\d|Q\d", rest):
        return text
    named = f"{calendar.month_name[int(rest)]} {year}" if rest.isdigit() else f"{rest} {year}".strip()
    return _THEN.sub(f" in {named}", text, count=1)


def points_at_no_period(text: str, catalog: Catalog, conversation: Conversation) -> bool:
    """Tell whether "in that month" is left without any month that it could be."""
    if not _PERIOD.search(text) or catalog.table.time is None:
        return False
    asked = any(c.column == catalog.table.time for q in conversation.questions() for c in q.where)
    timed = any(q.tool == "show_trend" for q in conversation.questions())
    return bool(conversation.turns) and not (asked or timed or conversation.period())


def _tied(text: str, written: str) -> str:
    """Keep a message tied to the one before, though the word that pointed back is written out."""
    bound = written == text or points_back(written)
    return written if bound else f"and {written}"


def _asked_about(catalog: Catalog, conversation: Conversation) -> str:
    """Return the period that a question was about last."""
    for request in reversed(conversation.questions()[-_NAMED:]):
        for one in request.where:
            if one.column == catalog.table.time and one.is_ == "equal" and one.grain is None:
                return str(one.value)
    return ""


_PLACES = {"first": 0, "top": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "bottom": -1}
_PLACED = re.compile(
    r"\b(?P<lead>in|for|of|from|at|with|about|and|only|just|without|compare|to) the "
    rf"(?P<place>{'|'.join(_PLACES)}) "
    r"(?P<noun>one|(?!(?:year|quarter|month|week|day|hour|decade|half|time)s?\b)[a-z]+)\b(?=\s*(?:$|[?.!,]|instead|only|please|and|too))",
    re.IGNORECASE,
)


def _ranking(question: Question, conversation: Conversation) -> tuple[tuple[str, float], ...]:
    """Return the groups shown last, if the question is still about the column that they are of."""
    for turn in reversed(conversation.turns):
        asked = turn.requests[-1] if turn.requests else None
        grouped = question_of(asked) if turn.shown and isinstance(asked, Filtered) else None
        if grouped is not None:
            names = [group.column for group in grouped.by]
            return turn.shown if len(names) == 1 and names[0] in question.columns - {"segment"} else ()
    return ()


def _placed(text: str, question: Question, conversation: Conversation) -> str:
    """Write the name of a group that stands in a ranking for "and in the second one?"."""
    shown = _ranking(question, conversation)
    if not shown:
        return text

    def named(found: re.Match[str]) -> str:
        place = _PLACES[found["place"].lower()]
        return f'{found["lead"]} "{shown[place][0]}"' if place < len(shown) else found[0]

    return _PLACED.sub(named, text)


# "Which of the two", of groups or values that stand side by side.
_OF_THE_TWO = re.compile(
    r"\bof (?:the |these |those )?(?:two|both|three|four|five)\b(?= *(?:$|[?.!,]|(?!of\b)[a-z]))",
    re.IGNORECASE,
)
_OF_TWO_NAMELESS = re.compile(
    r"\bof (?:the |these |those )?(?:two|both|three|four|five) *"
    r"(?:$|[?.!,]|(?:is|are|was|were|has|have|had|does|do|did|will|would|should|could|can)\b)",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(r"^(?:(?:and|so|but|ok|now) )*(?:which|who|what|whose)\b", re.IGNORECASE)


def _of_them(text: str, question: Question) -> str:
    """Write "which of them" for "which of the two" behind groups or values side by side."""
    beside = question.by or any(c.is_ == "in" for c in question.where)
    return _OF_THE_TWO.sub("of them", text, count=1) if beside and _ASKS_WHICH.match(text) else text


def points_at_no_group(text: str, conversation: Conversation) -> bool:
    """Tell whether "which of the two" is left without any two: no groups or values stand side by side."""
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    if not (_ASKS_WHICH.match(text) and _OF_TWO_NAMELESS.search(text)):
        return False
    if question is None:
        return bool(conversation.turns) and newest is None
    if len(conversation.questions()) > 1:
        return False  # the last two figures stand side by side
    return not question.by and question.shape != "trend" and not any(c.is_ == "in" for c in question.where)


# Behind these words an end of the ranking is asked for, and not something about the group there.
_ASKS_FOR_IT = re.compile(
    r"(?:^|\b(?:is|are|was|were|which|who|whose|what|only|just|show|me|and|has|have|find|list|name|but)) $"
)
_TO_IT = re.compile(
    r"\b(?P<lead>to|in|into|for|of|from|with|at|on|about|has|have|had|did|does) (?:it|that one|this one)\b"
    r"|\b(?P<alone>that one|this one)\b"
    r"|(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bwere )(?<!\babout )(?<!\blike )(?<!\bthan )\bthat(?=[?.! ]*$)",
    re.IGNORECASE,
)


def _at_an_end(text: str, question: Question, catalog: Catalog, conversation: Conversation) -> str:
    """Write the name of the group at one end for "the top one": "what does the top one pay?"."""
    shown = _ranking(question, conversation)
    words = words_of(text)
    named = catalog.segments and set(words.said.split()[:2]) & cue("segment_order")
    if len(shown) < 2 or question.by_columns & {"segment"} or named:  # "call the top one VIP"
        return text
    group = {word for name in question.by_columns for word in catalog.words_of.get(name, ())}
    for found in _ends(frozenset(group)).finditer(words.said):
        start, end = words.span(found.start(), found.end())
        rest = f"{text[:start]} {text[end:]}"
        if _ASKS_FOR_IT.search(words.said[: found.start()]) or not _asks_something(rest, catalog):
            continue
        name = _at(found["end"].strip(), shown, question, catalog)
        return _tied(text, f'{text[:start]}"{name}"{text[end:]}')
    return text


def _at(end: str, shown: Sequence[tuple[str, float]], question: Question, catalog: Catalog) -> str:
    lists = ends()
    by_value = sorted(shown, key=lambda pair: pair[1])
    if end in lists["first"]:
        return shown[0][0]
    if end in lists["last"]:
        return shown[-1][0]
    high = end in lists["largest"]
    if end in (*lists["best"], *lists["worst"]):
        high = (end in lists["worst"]) == is_bad_news(question, catalog)
    return by_value[-1 if high else 0][0]


def _asks_something(rest: str, catalog: Catalog) -> bool:
    """Tell whether a message says what is wanted of the group that it points at."""
    kinds = ("count", "statistic", "entity", "share", "grain")
    items = annotate(rest, catalog).items
    return any(item.links or item.values or any(item.has(kind) for kind in kinds) for item in items)


def _that_one(text: str, question: Question, catalog: Catalog, conversation: Conversation) -> str:
    """Write the name of the one group that was shown for "it": "how many donors gave to it?"."""
    listed = conversation.listed()
    single = len(question.by) == 1 and question.by[0].grain is None and question.by[0].bins is None
    if len(listed) != 1 or not single or question.by_columns & {"segment"}:
        return text
    found = _TO_IT.search(text)
    if found is None or not _asks_something(f"{text[: found.start()]} {text[found.end() :]}", catalog):
        return text
    lead = f"{found['lead']} " if found["lead"] else ""
    return _tied(text, f'{text[: found.start()]}{lead}"{listed[0]}"{text[found.end() :]}')


@lru_cache(maxsize=64)
def _ends(group: frozenset[str]) -> re.Pattern[str]:
    said = either([word for words in ends().values() for word in words])
    return re.compile(rf"(?<!\S)(?:the |that )(?P<end>{said})(?:{either(['one', 'ones', *sorted(group)])})")


_BEFORE_THAT = re.compile(
    rf"\b(?:the )?(?P<name>{'|'.join(month.lower() for month in calendar.month_name[1:])})"
    r" (?:before|earlier|(?:of )?the year before|(?:a|one) year earlier)(?: (?:that|it|this))?(?=\s*[?.!]*$)",
    re.IGNORECASE,
)


def _one_before(text: str, question: Question, catalog: Catalog) -> str:
    """Write the year for "and the December before that?" after a question about a December."""
    found = _BEFORE_THAT.search(text)
    asked = [
        c for c in question.where if c.column == catalog.table.time and c.is_ == "equal" and c.grain is None
    ]
    held = re.fullmatch(r"(\d{4})-(\d\d)", str(asked[0].value)) if len(asked) == 1 else None
    if found is None or held is None:
        return text
    month = [name.lower() for name in calendar.month_name].index(found["name"].lower())
    year = int(held[1]) - (0 if month < int(held[2]) else 1)
    return f"{text[: found.start()]}{calendar.month_name[month]} {year}{text[found.end() :]}"


def as_cells(text: str, catalog: Catalog, question: Question) -> str:
    """Quote a cell content of a column asked about before, whose word means something else too.

    "And for sales?" after a question about another queue means the queue called Sales, no orders.
    """
    if len(text.split()) > _SHORT or any(sign in text for sign in '"“‘`'):
        return text
    text = _MAY.sub("May", text)
    sentence = annotate(text, catalog)
    if sentence.has("count") or sentence.has("statistic"):
        return text
    asked = {c.column for c in question.where if c.grain is None} | question.by_columns
    for item in sentence.items:
        parted = [] if item.senses or len(item.text) < 4 else _holding(item.text, asked, catalog)
        if parted:
            names = " and ".join(f'"{cell}"' for cell in parted)
            return re.sub(
                rf"(?:the (?:two|three|four) )?{re.escape(item.text)}(?: ones?)?", names, text, count=1
            )
        cells = [link for link in item.values if link.column in asked]
        if len(item.senses) < 2 or not cells or str(cells[0].value).lower() != item.text.lower():
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(item.text)}(?!\w)", re.IGNORECASE)
        text = pattern.sub(f'"{cells[0].value}"', text, count=1)
    return text


def _holding(word: str, columns: set[str], catalog: Catalog) -> list[str]:
    """Return the cell contents that hold a word: "the automatic ones" of the payment methods."""
    pattern = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    known = (catalog.columns[name].values or () for name in sorted(columns & set(catalog.columns)))
    return [str(cell) for values in known for cell, _ in values if pattern.search(str(cell))]


def _meant(noun: str, catalog: Catalog, conversation: Conversation) -> tuple[str, ...]:
    newest = conversation.last_question()
    question = question_of(newest) if newest else None
    columns = {link.column for link in catalog.link_column(key_of(noun))}
    if question is None or not columns:
        return ()
    listed = conversation.listed()
    if listed and len(listed) <= _NAMED and question.by and question.by[0].column in columns:
        return listed if _known(listed, catalog) else ()
    for one in reversed(question.where):
        if one.column in columns and one.is_ in ("equal", "in") and one.grain is None:
            values = tuple(str(v) for v in (*one.values, one.value) if v is not None)
            return values if len(values) <= _NAMED and _known(values, catalog) else ()
    return ()


def _known(names: tuple[str, ...], catalog: Catalog) -> bool:
    """Tell whether names lead back to cell contents, so that they are not taken for other words."""
    return all(any(item.values for item in annotate(name, catalog).items) for name in names)
