"""Adds up the scores of a run and prints them by kind and difficulty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from tests.questions.model import Question
from tests.questions.score import Score

OUTCOMES = ("right", "asked_back", "wrong", "failed")


@dataclass(frozen=True)
class Result:
    """One turn as it went."""

    question: Question
    turn: int
    score: Score
    seconds: float | None
    answer: str


def table(results: Iterable[Result], heading: str, key: Callable[[Result], str]) -> str:
    """Counts of outcomes by the key, with a total."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    everything = [r for group in groups.values() for r in group]
    lines = [f"{heading:<14}{'turns':>7}{'right':>7}{'asked':>7}{'wrong':>7}{'failed':>7}{'right %':>9}"]
    for label, group in [*sorted(groups.items()), ("all", everything)]:
        counts = [sum(r.score.outcome == outcome for r in group) for outcome in OUTCOMES]
        share = 100 * counts[0] / len(group) if group else 0.0
        lines.append(f"{label:<14}{len(group):>7}" + "".join(f"{n:>7}" for n in counts) + f"{share:>9.1f}")
    return "\n".join(lines)


def summary(results: list[Result]) -> str:
    """Confident errors, whole dialogues and times."""
    if not results:
        return "No questions."
    confident = sum(r.score.confident for r in results)
    lines = [
        f"Confidently wrong: {confident} of {len(results)} turns ({100 * confident / len(results):.1f} %)."
    ]
    dialogues: dict[str, list[Result]] = {}
    for result in results:
        if len(result.question.turns) > 1:
            dialogues.setdefault(result.question.id, []).append(result)
    if dialogues:
        whole = sum(all(r.score.outcome == "right" for r in turns) for turns in dialogues.values())
        share = 100 * whole / len(dialogues)
        lines.append(f"Dialogues right at every turn: {whole} of {len(dialogues)} ({share:.1f} %).")
    times = sorted(r.seconds for r in results if r.seconds is not None)
    if times:
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        lines.append(
            f"Seconds a turn, after loading: median {median(times):.3f}, 95th percentile {p95:.3f} "
            f"({len(times)} of {len(results)} turns timed)."
        )
    return "\n".join(lines)


def misses(results: Iterable[Result]) -> str:
    """The turns that were not right: where, what was asked, why, and how the answer began."""
    return "\n".join(
        f"{r.score.outcome.upper():<10} {r.question.id}#{r.turn + 1}  {r.question.turns[r.turn].text!r}\n"
        f"           {r.score.reason}\n           {' '.join(r.answer.split())[:220]}"
        for r in results
        if r.score.outcome != "right"
    )
