"""Puts the same open questions to several ways of answering, and prints them side by side.

They need no conversation and are drawn by the hash of their id: nobody chooses. Each answer is kept in a file
as soon as it is there, so that a run that was broken off goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from assistant.settings import Settings
from tests.questions import QUESTIONS, tables
from tests.questions.model import Question, kept_apart
from tests.questions.runner import Response, ask_with
from tests.questions.score import Score, score

WAYS: dict[str, dict[str, Any]] = {
    "built-in": {"model": "builtin"},
    "planned": {"plan": True, "mode": "auto"},
    "guided": {"plan": False, "mode": "guided"},
    "plain": {"plan": False, "mode": "plain"},
}
OUTCOMES = ("right", "asked_back", "wrong", "failed")
MOST_SECONDS = 900.0  # for one question: a small model on one busy core is slow
_HEADINGS = ("way", "turns", "right", "asked", "wrong", "failed", "confident", "marked", "tokens", "seconds")


@dataclass(frozen=True)
class Answered:
    """How one way answered one question.

    Attributes:
        score: Right, asked back, wrong or failed, and whether it was wrong as if it were right.
        marked: Numbers and names in the answer that were marked as unsupported.
        tokens: Sent and received.
        seconds: From the question to the last word.
    """

    score: Score
    marked: int
    tokens: int
    seconds: float


def drawn(number: int, data: str | None = None) -> list[Question]:
    """Return so many questions of one turn, the same ones each time."""
    questions = [
        question
        for question in QUESTIONS
        if not kept_apart(question)
        and len(question.turns) == 1
        and (data is None or question.data == data)
        and tables.DATASETS[question.data].present()
    ]
    return sorted(questions, key=lambda q: hashlib.sha256(f"side by side {q.id}".encode()).digest())[:number]


def compared(
    questions: Sequence[Question], settings: Settings, ways: Sequence[str], kept: Path | None = None
) -> str:
    """Return a table with a line for each way: outcomes, and the medians of tokens and seconds.

    Args:
        questions: Of one turn each.
        settings: Which model; the ways say how it is led.
        ways: Some of `WAYS`.
        kept: File of answers, one a line, which is read first and added to.
    """
    lines = [_line(_HEADINGS)]
    for way in ways:
        led = replace(
            settings, fallback=False, timeout_seconds=MOST_SECONDS, max_seconds=MOST_SECONDS, **WAYS[way]
        )
        answered = list(_answered(questions, led, way, kept))
        counts = [sum(one.score.outcome == outcome for one in answered) for outcome in OUTCOMES]
        lines.append(
            _line(
                (
                    way,
                    len(answered),
                    *counts,
                    sum(one.score.confident for one in answered),
                    sum(one.marked for one in answered),
                    f"{median(one.tokens for one in answered):.0f}",
                    f"{median(one.seconds for one in answered):.1f}",
                )
            )
        )
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def _line(cells: Sequence[object]) -> str:
    return f"{cells[0]:<10}" + "".join(f"{cell!s:>10}" for cell in cells[1:])


def _answered(
    questions: Sequence[Question], settings: Settings, way: str, kept: Path | None
) -> Iterator[Answered]:
    for question, response in _responses(questions, settings, way, kept):
        judged = score(response, question.turns[0].gold(*tables.frames(question.data)))
        if response is None:
            yield Answered(judged, 0, 0, 0.0)
            continue
        usage, marked = response["usage"], len(response["unsupported_numbers"])
        yield Answered(judged, marked, usage["input_tokens"] + usage["output_tokens"], response["seconds"])


def _responses(
    questions: Sequence[Question], settings: Settings, way: str, kept: Path | None
) -> Iterator[tuple[Question, Response | None]]:
    known = dict(_kept(kept, way))
    for data in dict.fromkeys(question.data for question in questions):
        group = [question for question in questions if question.data == data]
        new = [question for question in group if question.id not in known]
        asked = ask_with(settings, tables.paths(data), [[q.turns[0].text] for q in new], MOST_SECONDS)
        yield from ((question, known[question.id]) for question in group if question.id in known)
        for question, responses in zip(new, asked if new else (), strict=True):
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([way, question.id, responses[0]], ensure_ascii=False) + "\n")
            yield question, responses[0]


def _kept(kept: Path | None, way: str) -> Iterator[tuple[str, Response | None]]:
    if kept is not None and kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            of, name, response = json.loads(line)
            if of == way:
                yield name, response
