"""Reads how many groups a message wants and which end of them: "top 3", "which is worst", "worst first"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.judging import is_bad_measure
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.request.rows import Order
from tools.selecting import Measure


def limit_wanted(parts: Parts, plain: str, last: Question) -> int | None:
    """Read "top 3", "make that 10", "which one is highest"."""
    if parts.limit:
        return parts.limit
    asks = re.match(r"^(and |but )?(which|who|what|where|when)\b", plain)
    if parts.superlative and (asks or last.by and is_bare_superlative(plain)):
        return 1
    numbers = [item for item in parts.sentence.items if item.number and item.number.unit is None]
    alone = len(numbers) == 1 and not parts.where and not parts.having and not parts.quantiles
    if alone and last.by and (last.limit or re.search(r"\b(top|bottom|first|show)\b", plain)):
        found = numbers[0]
        others = [
            i for i in parts.sentence.items if i is not found and (i.links or i.values or i.has("comparator"))
        ]
        if not others and found.number and 1 <= found.number.value <= 1000:
            found.used = True
            return int(found.number.value)
    return None


def end_wanted(parts: Parts, last: Question) -> str:
    """Return which end is wanted; of a rate that is bad news, the worst is the highest."""
    wanted = parts.superlative or ""
    words = parts.sentence.words() & {"worst", "best"}
    if parts.bare:  # "who has the best rating" after waiting times
        last = replace(last, measures=(Measure(statistic="mean", column=parts.bare[0]),))
    if wanted and words and _is_bad_news(parts, last):
        parts.note(_as_end(sorted(words)[0], last, high=wanted == "asc"))
        return "desc" if wanted == "asc" else "asc"
    return wanted


def judged(changes: Changes, plain: str, parts: Parts, last: Question) -> Changes:
    """Read "worst first": of a rate that is bad news, the highest come first."""
    words = {"worst", "best"} & set(plain.split())
    if not words or changes.order == "auto" or changes.ranked or not _is_bad_news(parts, last):
        return changes
    note = _as_end(sorted(words)[0], last, high="worst" in words)
    order: Order = "descending" if "worst" in words else "ascending"
    return replace(changes, order=order, notes=(*changes.notes, note))


def _as_end(word: str, last: Question, *, high: bool) -> str:
    return f'I read "{word}" as the {"highest" if high else "lowest"} {"rate" if last.is_rate else "value"}.'


def _is_bad_news(parts: Parts, last: Question) -> bool:
    return is_bad_news(last, parts.catalog)


def is_bad_news(asked: Question, catalog: Catalog) -> bool:
    """Tell whether a high number is a bad one: of those who left or did not show up, a waiting time."""
    if not asked.is_rate and is_bad_measure(asked.column or "", catalog):
        return True
    rated = asked.measures[0].where if asked.is_rate else []
    told = [(c.column, c.value if c.is_ == "equal" else None) for c in rated]
    if asked.shape == "cross":
        told = [(g.column, None) for g in asked.by if catalog.is_flag(g.column)]
    roles = {catalog.columns[name].role for name, _ in told if name in catalog.columns}
    return "outcome" in roles or any(catalog.is_bad_news(name, value) for name, value in told)


def is_bare_superlative(plain: str) -> bool:
    """Tell whether a message is nothing but an end of a ranking: "highest?", "and the worst one"."""
    return bool(
        re.fullmatch(rf"(?:(?:and|but|now|the|only|just|show|me) )*(?:{_ENDS})(?: one| of all)?", plain)
    )


_ENDS = (
    "highest|lowest|largest|smallest|biggest|worst|best|top|bottom|most|least|maximum|minimum|max|min|"
    "strongest|"
    "weakest|busiest|oldest|youngest|longest|shortest"
)
