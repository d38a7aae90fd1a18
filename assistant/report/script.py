"""Writes a report as a Python script that repeats every computation from the data file, without a model."""

from __future__ import annotations

import json

from assistant.prompts import fill
from assistant.recipe import Call
from assistant.report.content import Report
from assistant.report.richtext import printable

FILE_NAME = "report.py"


def draw(report: Report) -> bytes:
    """Return the script.

    Words of a person or a file stand in it as quoted strings alone, never as code and never as a comment.
    """
    recipe = report.recipe
    text = fill(
        "report/script.txt",
        file_name=FILE_NAME,
        files=repr([source.file for source in recipe.sources]),
        recipe=repr(json.dumps(recipe.to_json(), ensure_ascii=True)),
        calls=[_call(number, call) for number, call in enumerate(recipe.calls, start=1)],
    )
    return (text + "\n").encode()


def _call(number: int, call: Call) -> dict[str, str]:
    shown = " ".join(printable(call.question).split())
    return {
        "comment": f"# {number}" if shown else f"# {number}: later answers stand on this",
        "question": repr(f"\n> {shown}\n") if shown else "",
        "tool": repr(call.tool),
        "arguments": literal(call.arguments),
    }


def literal(arguments: object) -> str:
    """Write plain JSON as Python: only quoted strings, numbers, True, False, None, lists and dictionaries."""
    return repr(json.loads(json.dumps(arguments, default=str)))
