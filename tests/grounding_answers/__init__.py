"""A test set of answers with planted errors, which measures what the check of numbers and names catches."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from assistant.checking import check_answer, check_names
from tests.grounding_answers.facts import told

FOLDER = Path(__file__).resolve().parent
KEPT_APART = "apart_"  # files of this name only measure: nothing is mended on their failures
Span = tuple[int, int]

_PLANTED = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Answer:
    """One answer: its topic, its kind, its text and where the text is wrong."""

    topic: str
    kind: str
    text: str
    planted: tuple[Span, ...]


@dataclass(frozen=True)
class Judged:
    """What the check made of an answer.

    Attributes:
        answer: What was checked.
        missed: Planted errors that bear no mark.
        marked: What is right and bears a mark.
        n_right: Numbers and names that are right and were looked at.
        seconds: Processor time that the check took.
    """

    answer: Answer
    missed: tuple[str, ...]
    marked: tuple[str, ...]
    n_right: int
    seconds: float


def answers(name: str) -> list[Answer]:
    """Read the answers of one file of this folder, such as `answers.md`."""
    topic, found = "", []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            topic = line[2:].strip()
        elif topic and line.startswith("- "):
            kind, written = line[2:].split(": ", 1)
            found.append(_answer(topic, kind, written.replace("\\n", "\n")))
    return found


def _answer(topic: str, kind: str, written: str) -> Answer:
    text, planted, last = "", [], 0
    for match in _PLANTED.finditer(written):
        text += written[last : match.start()]
        planted.append((len(text), len(text) + len(match[1])))
        text, last = text + match[1], match.end()
    return Answer(topic, kind, text + written[last:], tuple(planted))


def judge(answer: Answer) -> Judged:
    """Check an answer as the loop checks what a model on a server says, and compare with what is planted."""
    session, steps = told(answer.topic)
    start = time.process_time()
    found = check_answer(answer.text, "", session, steps)
    marks = {*found.unsupported, *check_names(answer.text, "", session, steps)}
    seconds = time.process_time() - start
    spans = [(start, end) for _, start, end in sorted(marks, key=lambda mark: mark[1:])]
    looked_at = [*spans, *((trace.start, trace.end) for trace in found.traces)]
    return Judged(
        answer,
        tuple(answer.text[start:end] for start, end in answer.planted if not _meets((start, end), spans)),
        tuple(answer.text[start:end] for start, end in spans if not _meets((start, end), answer.planted)),
        sum(not _meets(span, answer.planted) for span in looked_at),
        seconds,
    )


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


@cache
def judged(name: str) -> tuple[Judged, ...]:
    """Return what the check makes of every answer of a file."""
    return tuple(judge(answer) for answer in answers(name))


def shares(found: Sequence[Judged]) -> tuple[float, float]:
    """Return the share of planted errors that are marked, and the share of right numbers that are."""
    n_planted = sum(len(each.answer.planted) for each in found)
    n_missed = sum(len(each.missed) for each in found)
    n_right = sum(each.n_right for each in found)
    return 1 - n_missed / max(n_planted, 1), sum(len(each.marked) for each in found) / max(n_right, 1)


def table(found: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of a Markdown table by kind of answer; "chatty/rank" counts for voice and class."""
    yield "| kind | answers | errors planted | caught | right numbers | marked |"
    yield "|---|---:|---:|---:|---:|---:|"
    for kind in [*sorted({part for each in found for part in each.answer.kind.split("/")}), "all"]:
        of_kind = [each for each in found if kind in ("all", *each.answer.kind.split("/"))]
        n_planted = sum(len(each.answer.planted) for each in of_kind)
        n_caught = n_planted - sum(len(each.missed) for each in of_kind)
        n_right, n_marked = sum(each.n_right for each in of_kind), sum(len(each.marked) for each in of_kind)
        yield f"| {kind} | {len(of_kind)} | {n_planted} | {n_caught} | {n_right} | {n_marked} |"
    caught, marked = shares(found)
    yield ""
    yield f"Wrong numbers and names caught: {caught:.1%}. Right ones marked: {marked:.1%}."
    seconds = sorted(each.seconds for each in found)
    slow = seconds[int(0.95 * (len(seconds) - 1))]
    yield f"Processor time of one check: median {median(seconds):.3f} s, 95 in 100 within {slow:.3f} s."
