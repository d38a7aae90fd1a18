"""Reads questions that leave unsaid that they ask about the segments just made or described.

"Which one spends most?", "how many in each?" and "what do they bring in?" name no segment: after a message
about segments each of them means all segments, or the one that was spoken of last. The ways to point at
them are a list in `pointers.toml`, matched over the words of a message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Aggregate, Filtered, GroupDifference
from assistant.builtin.request.segments import (
    CompareSegments,
    DescribeSegments,
    ExplainSegments,
    ExplainValue,
    FindSegments,
    SegmentByRfm,
    SegmentByRules,
    SegmentByValue,
    TypicalCustomers,
)
from assistant.builtin.sentence import Sentence
from assistant.builtin.templates import compiled, either, words_of
from tools.selecting import Condition, GroupBy

_MADE = (FindSegments, SegmentByRfm, SegmentByRules, SegmentByValue)
_ABOUT = (DescribeSegments, ExplainSegments, ExplainValue, CompareSegments, TypicalCustomers)
_EDITS = (
    "rename_segment", "merge_segments", "split_segment", "move_boundary", "undo_segmentation",
    "redo_segmentation", "restore_version", "use_segmentation",
)  # fmt: skip
_FILE = Path(__file__).parent.parent / "pointers.toml"
_PRONOUNS = ("them", "they", "their", "those", "these", "it", "its")


@dataclass(frozen=True)
class Pointer:
    """One way to point at segments without naming them.

    Attributes:
        says: How the segments would be named.
        way: Finds the pointing words.
        after: What has to be said before, or an empty text.
    """

    says: str
    way: re.Pattern[str]
    after: str


@cache
def _pointers() -> tuple[Pointer, ...]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    names = {name.upper(): document[name] for name in ("verb", "noun", "them", "few")}

    def pattern(way: str, one: Mapping[str, str]) -> re.Pattern[str]:
        behind = f"(?={compiled(one['behind'], names)})" if "behind" in one else ""
        unless = f"(?!{compiled(one['unless'], names)})" if "unless" in one else ""
        return re.compile(f"(?<!\\S)(?:{compiled(way, names)}){behind}{unless}")

    return tuple(
        Pointer(one["says"], pattern(way, one), one.get("after", ""))
        for one in document["pointer"]
        for way in one["ways"]
    )


def with_segments(text: str) -> str:
    """Return a message with the segments that it points at named."""
    for pointer in _pointers():
        if pointer.after in text:
            text = _put(text, pointer)
    return text


def _put(text: str, pointer: Pointer) -> str:
    return words_of(text).replaced(pointer.way, lambda _: pointer.says)


def merged_one(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write the name of the segment merged last for "the merged one"."""
    name = conversation.merged_segment(catalog.segments)
    known = [one for one in catalog.segments if name and one.lower() == name.lower()]
    return words_of(text).replaced(_MERGED, lambda _: known[0]) if known else text


_MERGED = re.compile(
    compiled("(the|that|this) (merged|joined|combined|joint|new) (one|segment|group|cluster|tier)", {})
)


def in_singular(text: str, catalog: Catalog) -> str:
    """Write the name of a segment for its plural: "how many VIPs?"."""
    for name in catalog.segments:
        plural = (
            re.compile(rf"(?<!\S){re.escape(name.lower())}s ") if name.isalpha() and len(name) > 2 else None
        )
        text = words_of(text).replaced(plural, lambda _, name=name: name) if plural else text  # type: ignore[misc]
    return text


def _replaced(text: str, says: str) -> str:
    """Write a noun for "they" and "them", and an article for "their"."""
    return words_of(text).replaced(
        _POINTING, lambda word: "the" if word.lower() in ("their", "its") else says
    )


def _points(text: str) -> bool:
    return bool(_POINTING.search(words_of(text).said))


# "Those customers of ..." are other customers.
_POINTING = re.compile(rf"(?<!\S)(?:{either(_PRONOUNS)})(?!\S+s (?:of|in) )")


def _is_order(text: str) -> bool:
    """Tell whether a message asks for something to be done, which is no question about segments."""
    words = words_of(text).said.split()
    while words and words[0] in cue("soft_lead"):
        words.pop(0)
    return bool(words) and (words[0] in cue("segment_order") or words[:2] == ["go", "back"])


def ask_of_segments(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a question about the segments of the message before; None if it is about something else."""
    last = conversation.last
    newest = conversation.last_request()
    if last is None or newest is None or _is_order(text):
        return None
    likeliest = _likeliest(text, catalog)
    if likeliest is not None and (speaks_of_segments(newest) or _names_segments(newest)):
        return likeliest
    if isinstance(newest, Filtered):
        if not _names_segments(newest):
            return None
        return _tested(text, catalog) or _described_after_figures(text, catalog)
    if not speaks_of_segments(newest):
        return None
    one = _one_segment(newest, conversation)
    tested = _tested(text, catalog)
    if tested is not None:
        return tested
    if one is None:
        plain = with_segments(text)
        told = read_sentence(plain, catalog) if plain != text else None
        if told is not None and _is_about_segments(told):
            return told
    if not _points(text) or masked(text, catalog, that=False).segments:
        return None
    return _of_one(text, one, catalog) if one else _of_all(text, catalog)


def _described_after_figures(text: str, catalog: Catalog) -> Outcome | None:
    """Read "describe both" and "a chart of the sizes" after figures by segment."""
    plain = with_segments(text)
    if plain == text:
        return None
    outcome = read_sentence(plain, catalog)
    if _is_about_segments(outcome) and _measures(annotate(plain, catalog)):
        return outcome
    if _measures(annotate(text, catalog)):
        return None
    outcome = read_sentence(_replaced(plain, "the segments"), catalog)
    return outcome if isinstance(outcome, Reading) and isinstance(outcome.requests[0], _ABOUT) else None


_ONES = (
    r"(?: (?:one|ones|segments?|groups?|tiers?|clusters?|customers?|members|people|of|them|these|those|the|"
    r"two|three|four|five|our|my))*"
)
_LIKELIEST = re.compile(
    rf"(?:(?:and|so|ok|now|then|but) )*(?:which|who|what){_ONES} (?:is|are|would be|seems?|looks?)(?: the)? "
    r"(?P<way>most|least|more|less) (?:likely|prone|apt|inclined|at risk|in danger|ready|willing) (?:to|of) "
    r"(?P<what>.+)"
)


def _likeliest(text: str, catalog: Catalog) -> Outcome | None:
    """Read "which of them is most likely to churn": the share that did, by segment, the highest first.

    What was so far is shown; the data promise nothing of what will be.
    """
    found = _LIKELIEST.fullmatch(words_of(text.strip().rstrip("?!. ")).said.strip())
    if found is None or not catalog.segments:
        return None
    what = re.sub(r"^(?:be|have|get|becoming|being) ", "", found["what"])
    for asked in (f"share of customers who {what} by segment", f"{what} rate by segment"):
        outcome = read_sentence(asked, catalog)
        request = outcome.requests[0] if isinstance(outcome, Reading) else None
        if isinstance(outcome, Reading) and isinstance(request, Aggregate) and _names_segments(request):
            order = "ascending" if found["way"] in ("least", "less") else "descending"
            ranked = request.model_copy(update={"order": order})
            return Reading((ranked,), (*outcome.notes, _SO_FAR))
    return None


_SO_FAR = "These are the shares so far, which I take for how likely it is; they are no forecast."
_TESTED = tuple(
    re.compile(compiled(way, {}))
    for way in (
        "[is|are|was] [there] [the|a|any] [significant|real] (difference|gap|differences) in [the|their] X "
        "between the segments [is|are] [really|statistically] (significant|real|meaningful|genuine|chance)",
        "(do|does|did) [the] X [really|significantly] differ [significantly|really] between the segments",
        "(is|are) [the] X [really|significantly|statistically] different between the segments",
    )
)


def _tested(text: str, catalog: Catalog) -> Reading | None:
    """Read "is the difference in balance between the two real?": a test of a number between segments."""
    words = words_of(with_segments(text))
    found = next((f for way in _TESTED if (f := way.fullmatch(words.said))), None)
    parts = Parts(annotate(words.written(found, "x"), catalog).fresh(), catalog) if found else None
    names = [item.column for item in parts.sentence.items if item.column] if parts else []
    if parts is None or len(names) != 1 or not names[0] or not parts.is_number(names[0]):
        return None
    column = parts.as_feature(names[0]) or names[0]
    return Reading((GroupDifference(column=column, by="segment"),))


def speaks_of_segments(request: Request) -> bool:
    """Tell whether a request makes, changes or describes segments."""
    return isinstance(request, (*_MADE, *_ABOUT)) or request.tool in _EDITS


def _one_segment(newest: Request, conversation: Conversation) -> str | None:
    """Return the one segment that the message before spoke of; None where it spoke of all."""
    if isinstance(newest, _MADE) or newest.tool in ("undo_segmentation", "split_segment", "use_segmentation"):
        return None
    named = getattr(newest, "name", None) if newest.tool == "rename_segment" else None
    turn = conversation.last
    several = turn is not None and len([r for r in turn.requests if r.tool == newest.tool]) > 1
    found = named or getattr(newest, "segment", None)
    return str(found) if found and not several else None


def _is_about_segments(outcome: Outcome) -> bool:
    if not isinstance(outcome, Reading):
        return False
    return all(
        not isinstance(request, Filtered) and not isinstance(request, _MADE) or _names_segments(request)
        for request in outcome.requests
    )


def _names_segments(request: Request) -> bool:
    groups = [group.column for group in getattr(request, "by", None) or [] if isinstance(group, GroupBy)]
    told = {*groups, getattr(request, "by", None) if isinstance(getattr(request, "by", None), str) else ""}
    return "segment" in told | {c.column for c in getattr(request, "where", [])}


def _of_one(text: str, name: str, catalog: Catalog) -> Outcome | None:
    """Read "how many of them are in Mumbai?" after a message about one segment."""
    outcome = read_sentence(_replaced(text, name), catalog)
    if _is_about_segments(outcome):
        return outcome
    asked = _asked_of_customers(text, catalog)
    if asked is None:
        return None
    request, notes = asked
    one = Condition.model_validate({"column": "segment", "is": "equal", "value": _by_name(name, catalog)})
    return Reading((request.model_copy(update={"where": [*request.where, one]}),), notes)


def _by_name(name: str, catalog: Catalog) -> str:
    if name.isdigit() and 1 <= int(name) <= len(catalog.segments):
        return catalog.segments[int(name) - 1]
    return name


def _of_all(text: str, catalog: Catalog) -> Outcome | None:
    """Read "how do they differ?" of all segments, and "what do they spend?" of each."""
    if not _measures(annotate(text, catalog)):
        outcome = read_sentence(_replaced(text, "the segments"), catalog)
        if isinstance(outcome, Reading) and not isinstance(outcome.requests[0], (Filtered, *_MADE)):
            return outcome
    asked = _asked_of_customers(text, catalog)
    if asked is None:
        return None
    request, notes = asked
    if isinstance(request, GroupDifference) or _names_segments(request):
        return Reading((request,), notes)
    if not isinstance(request, Aggregate):
        return None
    by = [GroupBy(column="segment"), *request.by]
    return Reading((request.model_copy(update={"by": by}),), notes) if len(by) <= 2 else None


def _measures(sentence: Sentence) -> bool:
    """Tell whether a message names a figure: then it asks for it, not for what the segments are like."""
    kinds = ("statistic", "count", "share", "how_much", "column", "role")
    return any(item.has(kind) for item in sentence.items for kind in kinds)


def _asked_of_customers(text: str, catalog: Catalog) -> tuple[Filtered, tuple[str, ...]] | None:
    """Read the question with "they" as customers; None unless it then asks for a figure."""
    plain = _replaced(text, "customers")
    if not (annotate(plain, catalog).words() & (cue("question_word") | {"how", "average", "total", "list"})):
        return None
    outcome = read_sentence(plain, catalog)
    if not isinstance(outcome, Reading) or len(outcome.requests) != 1:
        return None
    request = outcome.requests[0]
    return (request, outcome.notes) if isinstance(request, Filtered) else None
