"""Puts the question set to the product and prints how it did; questions kept apart show only in the sums."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.settings import from_environment
from tests.questions import QUESTIONS, tables
from tests.questions.comparison import WAYS, compared, drawn
from tests.questions.engines import compare_engines
from tests.questions.model import Question, kept_apart
from tests.questions.report import Result, misses, summary, table
from tests.questions.runner import ask
from tests.questions.score import score
from tests.small_model import NAME as SMALL
from tests.small_model import serving_small_model

DRAWN = 48  # questions that models are compared on


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.model:
        return _compare(options)
    if options.engine:
        return compare_engines(options.most, options.data)
    questions = _chosen(options)
    by_data: dict[str, list[Question]] = {}
    for question in questions:
        by_data.setdefault(question.data, []).append(question)
    results: list[Result] = []
    run = _run_in_chats if options.in_chats else _run
    for name, group in by_data.items():
        if not tables.DATASETS[name].present():
            print(f"{name}: skipped, its file is not here ({len(group)} questions).", file=sys.stderr)
            continue
        print(f"{name}: {len(group)} questions", file=sys.stderr, flush=True)
        results += run(name, group)
    print(table(results, "kind", lambda r: r.question.kind), end="\n\n")
    print(table(results, "difficulty", lambda r: r.question.difficulty), end="\n\n")
    print(table(results, "data", lambda r: r.question.data), end="\n\n")
    print(summary(results))
    _show_misses(results, options)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.questions", description=__doc__)
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="compare this chat model, planned, guided and plain, with the built-in analyst; "
        f"{SMALL} is the small one of the tests, others are on the server of the settings",
    )
    parser.add_argument("--ways", default=",".join(WAYS), help=f"which of {', '.join(WAYS)}, with commas")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="with --model: keep answers here, go on")
    parser.add_argument(
        "--engine",
        choices=("spark",),
        help="put open questions to DuckDB and to this engine; print differences",
    )
    parser.add_argument(
        "--most", type=int, metavar="N", help="with --engine or --model: only so many questions"
    )
    parser.add_argument("--part", choices=("apart", "open", "all"), default="all")
    parser.add_argument("--kind", help="only questions of this kind")
    parser.add_argument("--data", choices=sorted(tables.DATASETS), help="only questions about this data set")
    parser.add_argument("--id", help="only questions with this in their id")
    parser.add_argument(
        "--in-chats",
        action="store_true",
        help="ask single questions one after another in the same chats, as people do: none changes another",
    )
    parser.add_argument("--verbose", action="store_true", help="print what was not right, and why")
    parser.add_argument("--fail-list", type=Path, help="write what was not right to this file")
    parser.add_argument("--reveal", action="store_true", help="let questions kept apart be printed too")
    return parser.parse_args(arguments)


def _compare(options: argparse.Namespace) -> int:
    questions, ways = drawn(options.most or DRAWN, options.data), options.ways.split(",")
    settings = replace(from_environment(), model=options.model)
    if options.model == SMALL and not settings.base_url:
        with serving_small_model() as address:
            print(compared(questions, replace(settings, base_url=address, api_key=""), ways, options.kept))
        return 0
    if not settings.uses_server and ways != ["built-in"]:
        print(f"No model server is configured: set OPENAI_BASE_URL, or use {SMALL}.", file=sys.stderr)
        return 2
    print(compared(questions, settings, ways, options.kept))
    return 0


def _chosen(options: argparse.Namespace) -> list[Question]:
    parts = {"apart": (True,), "open": (False,), "all": (True, False)}[options.part]
    return [
        q
        for q in QUESTIONS
        if kept_apart(q) in parts
        and (options.kind is None or q.kind == options.kind)
        and (options.data is None or q.data == options.data)
        and (options.id is None or options.id in q.id)
    ]


def _run(name: str, questions: list[Question]) -> list[Result]:
    frames = tables.frames(name)
    conversations = [[turn.text for turn in q.turns] for q in questions]
    results = []
    for question, responses in zip(questions, ask(tables.paths(name), conversations), strict=True):
        for position, (turn, response) in enumerate(zip(question.turns, responses, strict=True)):
            judged = score(response, turn.gold(*frames))
            seconds = response.get("seconds") if response else None
            answer = str(response.get("answer", "")) if response else ""
            results.append(Result(question, position, judged, seconds, answer))
    return results


_IN_A_CHAT = 8
_ABOUT_SEGMENTS = ("segmentation", "edit", "profile")


def _run_in_chats(name: str, questions: list[Question]) -> list[Result]:
    """Ask questions of one turn in chats of several, in an order that their names decide."""
    single = [q for q in questions if len(q.turns) == 1 and q.kind not in _ABOUT_SEGMENTS]
    mixed = sorted(single, key=lambda q: hashlib.sha256(q.id.encode()).digest())
    chats = [mixed[start : start + _IN_A_CHAT] for start in range(0, len(mixed), _IN_A_CHAT)]
    frames = tables.frames(name)
    conversations = [[q.turns[0].text for q in chat] for chat in chats]
    results = []
    for chat, responses in zip(chats, ask(tables.paths(name), conversations), strict=True):
        for question, response in zip(chat, responses, strict=True):
            judged = score(response, question.turns[0].gold(*frames))
            seconds = response.get("seconds") if response else None
            answer = str(response.get("answer", "")) if response else ""
            results.append(Result(question, 0, judged, seconds, answer))
    return results


def _show_misses(results: list[Result], options: argparse.Namespace) -> None:
    shown = [r for r in results if options.reveal or not kept_apart(r.question)]
    text = misses(shown)
    if options.verbose and text:
        print("\n" + text)
    if options.fail_list:
        options.fail_list.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
