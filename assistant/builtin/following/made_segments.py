"""Makes segments of what the answer before showed: "turn those into segments", "use that as a segment"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from assistant.builtin.conversation import Conversation
from assistant.builtin.following.question import Question, question_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_categories import one_for_each
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Filtered
from assistant.builtin.request.segments import RuleSegment, SegmentByRules, SegmentByValue
from assistant.builtin.sentence import Sentence
from assistant.builtin.speaking import spoken
from assistant.builtin.templates import compiled, either, words_of
from assistant.builtin.tokens import key_of
from tools.selecting import Condition

_FRAMES = Path(__file__).parent.parent / "frames.toml"
_KIND = "(segments|segment|customer segments|a segment|a customer segment|segmentation|a segmentation)"
_WAYS = (
    "(turn|make|convert|change|transform) IT [groups|ones|bands|ranges|parts] (into|to) [the|my|our] "
    + _KIND,
    "(use|take|save|keep|treat|store|set up) IT [groups|ones|bands|ranges|parts] (as|for) [the|my|our] "
    + _KIND,
    "(make|create|build|form) [the|my|our] " + _KIND + " (out of|of|from) IT [groups|ones]",
    "segment [them|the customers|customers|people|members|everyone|our customers|my customers] "
    "(by that|like that|that way|accordingly|this way|along those lines|by those|by this)",
    "(make|create) IT [groups|ones|bands] [the|my|our|into] " + _KIND,
    "(make|turn|use|take|treat) (those|these|the) X [into|as|to be|be] [the|my|our] " + _KIND,
)


def segments_of_answer(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a wish for segments of what was just shown; None if it is none, or nothing can be made of it."""
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    words = words_of(text)
    found = next((f for way in _ways() if (f := way.fullmatch(words.said))), None)
    if question is None or found is None:
        return None
    named = words.written(found, "x")
    if named and not _names_groups(named, question, catalog):
        return None
    return _of_parts(question, catalog) or _of_groups(question, catalog) or _of_rows(question, catalog)


def _names_groups(words: str, question: Question, catalog: Catalog) -> bool:
    """Tell whether words are what the groups shown are called: "cities" of figures by city."""
    return bool({link.column for link in catalog.link_column(key_of(words))} & question.by_columns)


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    document = tomllib.loads(_FRAMES.read_text(encoding="utf-8"))
    before, after = (f"(?:{either(document[name])})*?" for name in ("soft_before", "soft_after"))
    names = {"IT": (*document["it"], "the groups", "the bands", "the quartiles", "the quantiles")}
    return tuple(re.compile(f"{before}(?:{compiled(way, names)}){after}") for way in _WAYS)


def _of_parts(question: Question, catalog: Catalog) -> Reading | None:
    """Make tiers of the same size where quantiles were shown."""
    cuts = [m for m in question.measures if m.statistic in ("quantile", "median") and m.column]
    columns = {m.column for m in cuts}
    if len(columns) != 1 or len(cuts) < 2 or question.by or question.where:
        return None
    column = str(columns.pop())
    feature = Parts(Sentence("", [], [], [], {}), catalog).as_feature(column) or column
    return Reading((SegmentByValue(column=feature, quantiles=len(cuts) + 1),))


def _of_groups(question: Question, catalog: Catalog) -> Outcome | None:
    """Make a segment of each group that was shown."""
    plain = [g.column for g in question.by if g.grain is None and g.bins is None and g.width is None]
    if len(plain) != len(question.by) or len(plain) != 1 or question.limit or question.where:
        return None
    return one_for_each(plain, catalog)


def _of_rows(question: Question, catalog: Catalog) -> Reading | None:
    """Make one segment of the customers that were asked about, everybody else in another."""
    if question.by or not question.where or catalog.table.customer is None:
        return None
    name = ", ".join(_called(one, catalog) for one in question.where)
    name = name[:1].upper() + name[1:]
    return Reading((SegmentByRules(segments=[RuleSegment(name=name, where=list(question.where))]),))


def _called(one: Condition, catalog: Catalog) -> str:
    """Return what those of a condition are called: "Gold", "senior citizen", "no partner"."""
    column = spoken(catalog, one.column)
    values = [str(value) for value in (one.value, *one.values) if value is not None]
    if one.is_ not in ("equal", "in") or not values:
        return f"by {column}"
    if catalog.is_flag(one.column) and len(values) == 1:
        return f"no {column}" if values[0].lower() in _NO else column
    return " or ".join(values)


_NO = ("no", "n", "0", "false", "f")
