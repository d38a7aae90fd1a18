"""Reads which columns are of one kind: "which columns hold money", "does it hold personal data"."""

from __future__ import annotations

import re

from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.tables import DescribeData
from assistant.builtin.sentence import Sentence
from tools.understanding.column_kinds import ColumnKind

_SAID: tuple[tuple[ColumnKind, str], ...] = (
    ("personal data", r"personal|private|sensitive|pii"),
    ("no use for an analysis", r"useless|(?:of )?no use|irrelevant|worthless|meaningless"),
    ("yes or no", r"yes (?:versus |or )?no|booleans?|binary|true or false|flags?"),
    ("money", r"money|monetary|amounts?|currency|currencies|prices"),
    ("date", r"dates?|timestamps?|times"),
    ("number", r"numbers?|numeric|numerical"),
    ("category", r"categor\w+|text"),
)
_ASKS_COLUMNS = re.compile(
    r"^(?:which|what|list|show|any|are there|is there|do we have|name|how many|tell me)\b.*"
    r"\b(?:columns?|fields?|variables?|attributes?)\b(?P<rest>.*)"
)
_ASKS_PERSONAL = re.compile(
    r"^(?:does|do|is|are|has|have|any)\b.*\b(?P<rest>(?:personal|private|sensitive|pii)\b"
    r"(?: data| information| columns?| fields?|$).*)"
)
_MEASURED = ("statistic", "missing", "relation", "outliers", "superlative")


def read_column_kind(sentence: Sentence, table: str | None) -> Reading | None:
    """Read a question for the columns of one kind; None if none is named, or something is measured.

    Args:
        sentence: The words.
        table: The table that they name, if they name one of several.
    """
    text = " ".join(token.norm for token in sentence.tokens)
    found = _ASKS_COLUMNS.match(text) or _ASKS_PERSONAL.match(text)
    measured = any(sentence.has(kind) for kind in _MEASURED)
    named = any(item.links and item.links[0].how == "name" for item in sentence.items)
    if found is None or measured or named or sentence.words() & {"you", "your"}:
        return None
    kind = next((name for name, said in _SAID if re.search(rf"\b(?:{said})\b", found["rest"])), None)
    return Reading((DescribeData(table=table, columns=kind),)) if kind else None
