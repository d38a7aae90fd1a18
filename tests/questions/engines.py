"""Puts open questions to DuckDB and to Spark, and prints side by side every answer that is not the same."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.engines import choose_engine
from assistant.settings import Settings, from_environment
from tests.questions import QUESTIONS, tables
from tests.questions.model import Question, kept_apart
from tests.questions.runner import Response, ask_with
from tests.spark_here import FRUGAL
from tools.engine import use

_TIMED = ("seconds", "usage")  # what no two runs have alike


def compare_engines(most: int | None, data: str | None) -> int:
    """Ask questions of both engines; return 0 where every answer, fact and table is the same.

    Args:
        most: So many questions, drawn by the hash of their id; None asks all.
        data: Only questions about this data set.
    """
    settings = replace(from_environment(), model="builtin")
    n_same = n_asked = 0
    for name, questions in _by_data(most, data).items():
        print(f"{name}: {len(questions)} questions", file=sys.stderr, flush=True)
        near = _responses("duckdb", settings, questions)
        far = _responses("spark", settings, questions)
        for question, one, other in zip(questions, near, far, strict=True):
            for turn, left, right in zip(question.turns, one, other, strict=True):
                n_asked += 1
                if _plain(left) == _plain(right):
                    n_same += 1
                else:
                    print("\n".join(_side_by_side(question, turn.text, left, right)), end="\n\n", flush=True)
    choose_engine(replace(settings, engine="duckdb"))
    print(f"{n_same} of {n_asked} answers are the same on both engines, with every fact and table.")
    return 0 if n_same == n_asked else 1


def _by_data(most: int | None, data: str | None) -> dict[str, list[Question]]:
    chosen = [
        question
        for question in QUESTIONS
        if not kept_apart(question)
        and data in (None, question.data)
        and tables.DATASETS[question.data].present()
    ]
    drawn = sorted(chosen, key=lambda each: hashlib.sha256(f"engines {each.id}".encode()).digest())[:most]
    return {name: [q for q in drawn if q.data == name] for name in sorted({q.data for q in drawn})}


def _responses(engine: str, settings: Settings, questions: Sequence[Question]) -> list[list[Response | None]]:
    if engine == "spark" and not settings.spark_remote:
        use("spark", FRUGAL)
    else:
        choose_engine(replace(settings, engine=engine))
    conversations = [[turn.text for turn in question.turns] for question in questions]
    return list(ask_with(settings, tables.paths(questions[0].data), conversations))


def _plain(response: Any) -> Any:
    """Return a response without what differs between any two runs."""
    if isinstance(response, dict):
        return {key: _plain(value) for key, value in response.items() if key not in _TIMED}
    return [_plain(each) for each in response] if isinstance(response, list | tuple) else response


def _side_by_side(
    question: Question, text: str, left: Response | None, right: Response | None
) -> Iterator[str]:
    yield f"# {question.id}: {text}"
    for name, response in (("duckdb", left), ("spark", right)):
        yield f"{name:>7} | {str((response or {}).get('answer', 'no answer'))[:600]}"
    differing = _differing(_plain(left), _plain(right), "")
    yield from (f"        {where}: {one!r:.120} | {other!r:.120}" for where, one, other in differing[:5])


def _differing(left: Any, right: Any, where: str) -> list[tuple[str, Any, Any]]:
    """Return the places in which two responses differ, with what stands there."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        return [each for key in left for each in _differing(left[key], right[key], f"{where}/{key}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return [each for i, (one, other) in pairs for each in _differing(one, other, f"{where}/{i}")]
    return [] if left == right else [(where, left, right)]
