"""Reads what sets a kind of customers apart: "how do women differ from men?".

Of a yes or no it is what goes with it; of a value of a category the people who have it become a segment,
which is compared with everybody else, or with those of the other value that is named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Correlation, Drivers
from assistant.builtin.request.segments import CompareSegments, RuleSegment, SegmentByRules
from assistant.builtin.sentence import Sentence
from assistant.builtin.templates import compiled, words_of
from tools.selecting import Condition

_MOST = 20  # words
_FILE = Path(__file__).parent.parent / "contrasts.toml"
_REST = re.compile(
    r"(?:the |all |all the )?(?:rest|others?|other \w+|everyone else|everybody else|remaining \w+)", re.I
)


def read_contrast(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a question for what sets people apart; None unless they are told by one value in the data."""
    words = words_of(sentence.text.strip().rstrip("?!. "))
    found = next((f for way in _ways() if (f := way.fullmatch(words.said))), None)
    measured = any(item.has(kind) for item in sentence.items for kind in ("statistic", "count", "segment"))
    if found is None or len(words.places) > _MOST or measured:
        return None
    about, other = words.written(found, "x"), words.written(found, "y") if "y" in found.re.groupindex else ""
    one = _one_value(about, catalog)
    if one is None:
        return None
    flagged = _of_a_flag(one, catalog) if catalog.is_flag(one.column) else None
    if flagged is not None:
        return flagged
    rest = not other or _REST.fullmatch(other.strip()) is not None
    second = None if rest else _one_value(other, catalog)
    if not rest and second is None:
        return None
    return _of_values([(about, one), *([(other, second)] if second else [])], catalog)


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(re.compile(compiled(f"{document['lead']} {way}", {})) for way in document["ways"])


def _one_value(text: str, catalog: Catalog) -> Condition | None:
    """Return the one condition that words are: "damaged parcels", "people who cancel"."""
    parts = gather(annotate(text, catalog), catalog)
    take_flags(parts)
    strange = [item for item in parts.sentence.items if not item.senses and not item.filler]
    named = parts.where if not strange and not parts.measures and not parts.bare else []
    return named[0] if len(named) == 1 and named[0].column in catalog.columns else None


def _of_a_flag(one: Condition, catalog: Catalog) -> Reading | None:
    """Ask what goes with a yes or no: by rates where each customer has one, else by correlations."""
    column = catalog.columns[one.column]
    customers = catalog.table.grain == "customers"
    if customers and catalog.yes_no(one.column) is not None:
        return Reading((Drivers(column=one.column),), preface="why")
    return Reading((Correlation(target=one.column),), preface="why") if column.kind == "number" else None


def _of_values(told: Sequence[tuple[str, Condition]], catalog: Catalog) -> Reading | None:
    """Make those of a value a segment, and those of another one or everybody else, and compare them."""
    conditions = [one for _, one in told]
    single = all(one.is_ == "equal" for one in conditions) and len({one.column for one in conditions}) == 1
    if not single or not catalog.table.customer:
        return None
    segments = [RuleSegment(name=_called(words), where=[one]) for words, one in told]
    second = segments[1].name if len(segments) > 1 else _OTHERS
    made = SegmentByRules(segments=segments, otherwise=_OTHERS)
    compared = CompareSegments(first=segments[0].name, second=second)
    return Reading((made, compared), (_NOTE,))


_OTHERS = "Everyone else"
_NOTE = "To set them against each other I made segments of them; 'undo' takes that back."
_LEADING = re.compile(
    r"^(?:the|our|my|all|those|people|customers|ones) (?:who are |who have |with |on |in |of )?", re.I
)


_NOUN = re.compile(r" (?:ones|customers|clients|members|people|users|subscribers|guests)$", re.I)


def _called(words: str) -> str:
    """Return what people are called: "women" as "Women", "customers on Premium" as "Premium"."""
    bare = _LEADING.sub("", words.strip(" ?!.,"))
    bare = _NOUN.sub("", bare) or bare
    return (bare[:1].upper() + bare[1:]) or words
