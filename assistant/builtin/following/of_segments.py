"""Reads questions that leave unsaid that they ask about the segments just made or described.

"Which one spends most?", "how many in each?" and "what do they bring in?" name no segment: after a message
about segments each of them means all segments, or the one that was spoken of last.
"""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.request import Request
from assistant.builtin.request.edits import MergeSegments
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
from tools.selecting import Condition, GroupBy

_MADE = (FindSegments, SegmentByRfm, SegmentByRules, SegmentByValue)
_ABOUT = (DescribeSegments, ExplainSegments, ExplainValue, CompareSegments, TypicalCustomers)
_EDITS = (
    "rename_segment", "merge_segments", "split_segment", "move_boundary", "undo_segmentation",
    "redo_segmentation", "restore_version", "use_segmentation",
)  # fmt: skip
_NOUN = r"(?:segments?|clusters?|groups?|tiers?)"
_VERB = (
    r"(?:is|are|was|were|has|have|had|do|does|did|should|would|will|can|spends?|spent|buys?|bought|brings?|"
    r"brought|makes?|made|earns?|holds?|contains?|pays?|paid|uses?|leaves?|left|churns?|churned|costs?|"
    r"gives?|"
    r"gets?|loses?|lost|generates?|contributes?|visits?|stays?|orders?|ordered|comes?|shows?|matters?|deserves?|needs?)"
)
# How a message points at all segments without naming them, and how it would name them.
_POINTERS = (
    (r"\bhow many (?:(?:are|is) (?:there )?)?(?:in each(?: one| of (?:them|these|those))?|each (?:has|"
     r"have|holds)|"
     r"(?:do|does) (?:they|each)(?: one| of them)? (?:have|hold|contain|"
     r"count))\b", "how many customers per segment"),
    (r"\b(?P<w>does|do|did) each(?: one| of (?:them|these|those))?(?= \w)(?! (?:of )?\w+ (?:have|"
     r"has)\b)",
     "does each segment"),
    (r"\b(?P<w>which|what)(?: ones?)? of (?:them|these|those)\b", "which segment"),
    (rf"\b(?P<w>which|what|whose)(?: ones?)?(?: of (?:them|these|those|the (?:two|three|four|five|\d)|all))?"
     rf"(?= {_VERB}\b)(?<!what)", "which segment"),
    (r"\b(?P<w>which|what) (?:one|group)\b", "which segment"),
    (r"\b(?:for|of|in|by|per|from|within|inside|among|across) (?:each|every one|all)(?: one)?"
     r"(?: of (?:them|these|those))?(?=\s*(?:[?.!,;]|$|and\b|as\b|in percent))", "per segment"),
    (r"\b(?:of|for|in|from|by) (?:both|the (?:two|three|four|five)|all (?:two|three|four|five|of them))"
     r"(?: of them)?(?=\s*[?.!,;]*$)", "per segment"),
    (r"\bbetween (?:the two|these two|both|them|these|those)\b", "between the segments"),
    (rf"\b(?:both|all (?:two|three|four|five|of them)|the (?:two|three|four|five|others))(?! {_NOUN})"
     r"(?: of them)?(?=\s*(?:[?.!,;]|$|side by side|in detail|in plain|in words|together))", "all segments"),
    (r"\b(?:their|the|of the) sizes?\b(?: of (?:them|each))?(?!\s*(?:of|"
     r"by))", "number of customers by segment"),
    (r"\bhow (?:big|large|small) (?:are|is) (?:they|each|these|those)(?: of them)?\b",
     "number of customers by segment"),
)  # fmt: skip
_POINTERS_READ = tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in _POINTERS)
_THEM = re.compile(
    r"\b(?P<of>(?:of|among|from) )?(?P<word>them|they|their|those|these|it|its)\b(?! \w+s\b (?:of|in) )",
    re.IGNORECASE,
)
_SIZES = re.compile(r"\b(?:their|the|of the) sizes?\b(?: of (?:them|each))?(?!\s*(?:of|by))", re.IGNORECASE)
_MERGED = re.compile(
    r"\b(?:the |that |this )(?:merged|joined|combined|joint) (?:one|segment|group|cluster|tier)\b", re.I
)


def merged_one(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Write the name of the segment merged last for "the merged one"."""
    merges = [r for turn in conversation.turns for r in turn.requests if isinstance(r, MergeSegments)]
    if not merges or not _MERGED.search(text):
        return text
    parts = [catalog.segments[int(s) - 1] if s.isdigit() and int(s) <= len(catalog.segments) else s
             for s in merges[-1].segments]  # fmt: skip
    name = merges[-1].name or " and ".join(parts)
    known = [one for one in catalog.segments if one.lower() == name.lower()]
    return _MERGED.sub(known[0], text) if known else text


_NO_QUESTION = re.compile(
    r"\s*(?:(?:please|now|and|but|ok|then|can you|could you) )*(?:drop|remove|exclude|excluding|without|"
    r"leave|"
    r"omit|ignore|only|just|rename|call|name|label|merge|join|combine|split|divide|cut|move|undo|redo|export|"
    r"save|download|use|keep|make|add|include|weight|weigh|set|put|segment|cluster|delete|go back|instead)\b",
    re.IGNORECASE,
)


def ask_of_segments(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a question about the segments of the message before; None if it is about something else."""
    last = conversation.last
    newest = conversation.last_request()
    if last is None or newest is None or _NO_QUESTION.match(text):
        return None
    if isinstance(newest, Filtered):
        return _described_after_figures(text, catalog) if _names_segments(newest) else None
    if not speaks_of_segments(newest):
        return None
    one = _one_segment(newest, conversation)
    if one is None:
        written = _written_out(text)
        if written != text:
            outcome = read_sentence(written, catalog)
            if _is_about_segments(outcome):
                return outcome
    if not _THEM.search(text) or masked(text, catalog, that=False).segments:
        return None
    return _of_one(text, one, catalog) if one else _of_all(text, catalog)


def _described_after_figures(text: str, catalog: Catalog) -> Outcome | None:
    """Read "describe both" and "a chart of the sizes" after figures by segment."""
    sizes = _SIZES.sub("number of customers by segment", text)
    sized = read_sentence(sizes, catalog) if sizes != text else None
    if sized is not None and _is_about_segments(sized):
        return sized
    if _measures(annotate(text, catalog)):
        return None
    outcome = read_sentence(_THEM.sub("the segments", _written_out(text)), catalog)
    told = isinstance(outcome, Reading) and isinstance(outcome.requests[0], _ABOUT)
    return outcome if told and _written_out(text) != text else None


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


def _written_out(text: str) -> str:
    for pattern, said in _POINTERS_READ:
        text = pattern.sub(said, text)
    return text


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
    plain = _THEM.sub(lambda found: "the" if found["word"].lower() in ("their", "its") else name, text)
    named = read_sentence(plain, catalog)
    if _is_about_segments(named):
        return named
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
        outcome = read_sentence(_THEM.sub("the segments", text), catalog)
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
    plain = _THEM.sub(lambda found: "the" if found["word"].lower() in ("their", "its") else "customers", text)
    if not (annotate(plain, catalog).words() & (cue("question_word") | {"how", "average", "total", "list"})):
        return None
    outcome = read_sentence(plain, catalog)
    if not isinstance(outcome, Reading) or len(outcome.requests) != 1:
        return None
    request = outcome.requests[0]
    return (request, outcome.notes) if isinstance(request, Filtered) else None
