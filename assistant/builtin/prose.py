"""Puts tool results into words by templates: the answer first, what it means, caveats, next questions."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reply
from assistant.builtin.request.rows import Aggregate, Correlation, Distribution, Trend
from assistant.builtin.request.segments import FindSegments
from assistant.builtin.speaking import spoken
from assistant.prompts import FOLDER
from tools.core import Column
from tools.wording import listing

Result = Mapping[str, Any]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Markdown, not HTML: the page and the report render it with HTML switched off.
    made = Environment(  # noqa: S701
        loader=FileSystemLoader(FOLDER / "builtin"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "quoted": lambda word: f'"{word}"',
        "bold": lambda word: f"**{word}**",
        "emphasis": lambda word: f"*{word}*",
        "spoken_names": _spoken_names,
    }
    return made


def _spoken_names(columns: Sequence[Column], most: int = 5) -> str:
    """Name the first columns that questions are asked about."""
    told = [
        c.name for c in columns if c.role not in ("row_key", "index", "constant", "personal", "customer_key")
    ]
    names = told or [c.name for c in columns]
    more = len(names) - most
    return ", ".join(names[:most]) + (" and others" if more > 0 else "")


def _variant(text: str) -> int:
    return zlib.crc32(text.encode())


def reply_text(reply: Reply, question: str) -> str:
    """Write an answer that no tool is behind."""
    template = _environment().get_template("replies.md")
    return _tidy(template.render(reply=reply.template, variant=_variant(question), **reply.values))


def answer_text(
    question: str,
    results: Sequence[tuple[str, Mapping[str, Any], Result]],
    replies: Sequence[str],
    notes: Sequence[str],
    offers: Sequence[str],
    next_questions: Sequence[str],
) -> str:
    """Write the answer from tool results.

    Args:
        question: The person's words; choose between equal phrasings.
        results: Tool, arguments and result of each call, the one that answers first.
        replies: Further paragraphs for parts of the message that needed no tool.
        notes: How the question was read.
        offers: Other readings, as questions.
        next_questions: Questions worth asking next.
    """
    blocks = [
        {
            "headline": result["headline"],
            "findings": list(result.get("findings", ())),
            "caveats": list(dict.fromkeys(result.get("caveats", ()))),
            "aside": result.get("aside", ""),
        }
        for _, _, result in results
    ]
    template = _environment().get_template("answer.md")
    text = template.render(
        blocks=blocks,
        replies=replies,
        notes=_said_once(notes, question),
        offers=offers,
        next_questions=next_questions,
        variant=_variant(question),
    )
    return _tidy(text)


_READ_AS = re.compile(r'I read "([^"]+)" as (\*\*[^*]+\*\*)\.')


def _said_once(notes: Sequence[str], question: str) -> list[str]:
    """Tell of a column once, by the words that stand in the question."""
    words: dict[str, list[str]] = {}
    for note in notes:
        if match := _READ_AS.fullmatch(note):
            words.setdefault(match[2], []).append(match[1])
    told = dict.fromkeys(match[2] if (match := _READ_AS.fullmatch(note)) else note for note in notes)
    return [_read_as(words[note], note, question) if note in words else note for note in told]


def _read_as(words: Sequence[str], column: str, question: str) -> str:
    own = [word for word in words if word.lower() in question.lower()] or words[:1]
    quoted = [f'"{word}"' for word in own]
    return f"I read {listing(quoted)} as {column}."


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def next_questions(request: Request | None, catalog: Catalog, asked: Sequence[str]) -> list[str]:
    """Return questions that make sense after a request on this data, the best first."""
    found = [
        question
        for question in _suggested(request, catalog)
        if question.lower() not in {a.lower() for a in asked}
    ]
    return list(dict.fromkeys(found))


def _groups(catalog: Catalog) -> list[str]:
    return [
        c.name
        for c in catalog.table.columns
        if c.role in ("category", "outcome", "flag") and 2 <= (c.n_distinct or 0) <= 12
    ]


def _said(catalog: Catalog, names: Sequence[str]) -> list[str]:
    return [spoken(catalog, name) for name in names]


def _numbers(catalog: Catalog) -> list[str]:
    wanted = ("amount", "balance", "measure", "age")
    return [c.name for role in wanted for c in catalog.table.columns if c.role == role and c.kind == "number"]


def _suggested(request: Request | None, catalog: Catalog) -> list[str]:
    groups, numbers = _groups(catalog), _numbers(catalog)
    if request is None:
        return list(starters(catalog))
    if isinstance(request, Aggregate):
        return _after_aggregate(request, catalog, groups, numbers)
    if isinstance(request, Trend):
        by = [f"And by {name}?" for name in _said(catalog, groups[:1]) if request.by is None]
        return [*by, "By weekday instead", "Segment my customers"]
    if isinstance(request, Distribution):
        return [
            f"Which values of {spoken(catalog, request.column)} are outliers?",
            *(
                f"Show the distribution of {spoken(catalog, request.column)} by {name}"
                for name in _said(catalog, groups[:1])
                if request.by is None
            ),
            "Segment my customers",
        ]
    if isinstance(request, Correlation):
        shown = _said(catalog, (request.columns or numbers)[:1])
        return [f"Show the distribution of {name}" for name in shown] + ["Segment my customers"]
    if isinstance(request, FindSegments):
        return ["Describe each segment", "Why this many?", "Who are the typical customers of each segment?"]
    if request.tool == "describe_segments":
        return ["Why this many?", "Give me a rule for segment 1", "Is the segmentation fair?"]
    if request.tool == "explain_segments":
        return ["Describe each segment", "Are segments 1 and 2 really different?"]
    if request.tool in (
        "segment_by_rules",
        "segment_by_value",
        "segment_by_rfm",
        "segment_by_lifecycle",
        "rename_segment",
        "merge_segments",
        "split_segment",
        "move_boundary",
        "undo_segmentation",
        "redo_segmentation",
        "restore_version",
        "use_segmentation",
    ):
        return [
            "Describe each segment",
            "Undo" if not request.tool.startswith("undo") else "Redo",
            "Which segments do I have?",
        ]
    if request.tool in ("describe_data",):
        return ["What is wrong with it?", *starters(catalog)[1:]]
    if request.tool in ("check_quality", "count_missing", "find_duplicates"):
        return list(starters(catalog)[1:])
    return list(starters(catalog)[1:])


def _after_aggregate(
    request: Aggregate, catalog: Catalog, groups: list[str], numbers: list[str]
) -> list[str]:
    taken = {group.column for group in request.by}
    measure = request.measures[0]
    found = []
    other = next((name for name in groups if name not in taken), None)
    if other:
        other = spoken(catalog, other)
        found.append(f"By {other} instead" if request.by else f"And by {other}?")
    if measure.statistic == "mean" and measure.column:
        found.append("No, I meant the median")
    if (
        measure.column
        and request.by
        and len(request.by) == 1
        and not request.limit
        and request.by[0].grain is None
    ):
        column, group = _said(catalog, (measure.column, request.by[0].column))
        found.append(f"Does {column} differ significantly by {group}?")
    if catalog.table.time and not any(group.grain for group in request.by) and request.table is None:
        found.append("And over time?")
    if measure.column is None and numbers:
        found.append(f"Show the distribution of {spoken(catalog, numbers[0])}")
    found.append("Segment my customers")
    return found
