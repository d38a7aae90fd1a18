"""Puts a few questions to several ways of answering, and prints them side by side.

The questions are open ones that need no conversation, drawn by the hash of their id: nobody chooses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from assistant.settings import Settings
from tests.questions import QUESTIONS, tables
from tests.questions.model import Question, kept_apart
from tests.questions.runner import ask_with
from tests.questions.score import Score, score

WAYS: dict[str, dict[str, Any]] = {
    "built-in": {"model": "builtin"},
    "plain": {"plan": False, "mode": "plain"},
    "guided": {"plan": False, "mode": "guided"},
    "planned": {"plan": True, "mode": "auto"},
}


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


def compared(questions: Sequence[Question], settings: Settings, ways: Sequence[str]) -> str:
    """Return a table with a line for each way: outcomes, tokens and seconds."""
    lines = [
        f"{'way':<10}{'turns':>7}{'right':>7}{'asked':>7}{'wrong':>7}{'failed':>8}{'tokens':>9}{'seconds':>9}"
    ]
    for way in ways:
        scores: list[Score] = []
        tokens, seconds = [], []
        for question, response in _responses(questions, replace(settings, fallback=False, **WAYS[way])):
            scores.append(score(response, question.turns[0].gold(*tables.frames(question.data))))
            if response:
                tokens.append(response["usage"]["input_tokens"] + response["usage"]["output_tokens"])
                seconds.append(response["seconds"])
        counts = [
            sum(one.outcome == outcome for one in scores)
            for outcome in ("right", "asked_back", "wrong", "failed")
        ]
        lines.append(
            f"{way:<10}{len(scores):>7}{counts[0]:>7}{counts[1]:>7}{counts[2]:>7}{counts[3]:>8}"
            f"{median(tokens or [0]):>9.0f}{median(seconds or [0]):>9.1f}"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _responses(questions: Sequence[Question], settings: Settings) -> list[tuple[Question, Any]]:
    answered: list[tuple[Question, Any]] = []
    for data in dict.fromkeys(question.data for question in questions):
        group = [question for question in questions if question.data == data]
        conversations = [[question.turns[0].text] for question in group]
        for question, responses in zip(
            group, ask_with(settings, tables.paths(data), conversations), strict=True
        ):
            answered.append((question, responses[0]))
    return answered
