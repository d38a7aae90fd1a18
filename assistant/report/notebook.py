"""Writes a report as a Jupyter notebook that repeats every computation from the data, without a model."""

from __future__ import annotations

import json
from collections.abc import Iterator

from assistant.recipe import Call
from assistant.report.content import Report
from assistant.report.script import literal
from assistant.report.text import harmless, line
from tools.core import Json

SETUP = """import json
import sys
from pathlib import Path

PROGRAM = Path(".")  # the folder of Cash Classifiers
DATA = {files}  # the data file, or files

sys.path.insert(0, str(PROGRAM.resolve()))
from assistant.replay import Run
from assistant.replay_words import to_text
from assistant.report.showing import Shown

RECIPE = json.loads({recipe})
run = Run(RECIPE, DATA)"""
ABOUT = (
    "Every cell below repeats one computation of the report through the same program, without a model; the "
    "last one says whether every number came out the same. Set `PROGRAM` to the folder of Cash Classifiers "
    "and `DATA` to the data file."
)


def draw(report: Report) -> bytes:
    """Return the notebook (format 4.5), without outputs: they come from running it."""
    cells = [_cell(number, *each) for number, each in enumerate(_cells(report), start=1)]
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "recipe": report.recipe.to_json(),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _cells(report: Report) -> Iterator[tuple[str, str]]:
    recipe = report.recipe
    yield "markdown", f"# {line(report.title)}\n\n*{line(report.byline)}*"
    if report.summary:
        yield "markdown", "\n".join(f"- {harmless(' '.join(each.answer.split()))}" for each in report.summary)
    if report.notes:
        yield "markdown", harmless(report.notes)
    yield "markdown", ABOUT
    files = literal([source.file for source in recipe.sources])
    yield "code", SETUP.format(files=files, recipe=repr(json.dumps(recipe.to_json())))
    headings = {finding.turn.question: finding.heading for finding in report.findings}
    last = ""
    for call in recipe.calls:
        if call.question and call.question != last:
            yield "markdown", f"## {line(headings.get(call.question, call.question))}"
        last = call.question
        yield "code", _code(call)
    yield "markdown", "## Is every number the same?"
    yield "code", "outcome = run.outcome()\nprint(to_text(outcome))"


def _code(call: Call) -> str:
    return f"Shown(run.call({call.tool!r}, {literal(call.arguments)}))"


def _cell(number: int, kind: str, source: str) -> Json:
    cell: Json = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
