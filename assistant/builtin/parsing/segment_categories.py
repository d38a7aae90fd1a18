"""Reads segments that are the values of a column, of two columns together, or one purchase against more."""

from __future__ import annotations

import re
from itertools import product
from math import prod

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import condition
from assistant.builtin.parsing.segment_options import read_options
from assistant.builtin.parsing.segment_words import NOUNS
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import RuleSegment, SegmentByRules
from assistant.builtin.speaking import spoken
from tools.core import Column

_AGAIN = re.compile(
    r"\b(?:at least (?:two|2)|(?:two|2) or more|2\+|more than (?:one|once|1)|several|repeat(?:ed|ers?|s)?|"
    r"again|"
    r"returning|recurring|multiple)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:one[- ]tim\w+|once|single|(?:only|just|exactly) (?:one|once|1)|first[- ]tim\w+|"
    r"one[- ]off\w*)\b",
    re.IGNORECASE,
)


def read_once_or_again(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Split buyers into one-time and repeat": two segments by rule."""
    wish = words & {"segment", "split", "divide", "cluster", "classify", "group"}
    both = _AGAIN.search(sentence.text) and _ONCE.search(_AGAIN.sub(" ", sentence.text))
    limits = [i.number.value for i in sentence.items if i.number and i.number.value > 2]
    if (
        not both
        or not wish
        or limits
        or not catalog.has_features
        or any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items)
    ):
        return None
    for item in sentence.items:
        item.used = True
    once = RuleSegment(name="Bought once", where=[condition("n_transactions", "equal", 1)])
    again = RuleSegment(name="Bought again", where=[condition("n_transactions", "above", 1)])
    return Reading((SegmentByRules(segments=[once, again]),))


def read_by_category(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Segments by InternetService", "use the contract type as segments": one segment for each value."""
    told = _SEGMENTS_ARE.match(sentence.text.strip().rstrip("?!. "))
    if (
        catalog.segments
        and words & {"compare", "plot", "show", "chart"}
        or not (words & {"segment", "segmentation", "cluster"} or told)
        or sentence.has("logic", "not")
        or catalog.segments
        and _IN_EACH.search(sentence.text)
        or any(
            i.has("statistic") or i.has("count") or i.has("share") or i.has("comparator") and not told
            for i in sentence.items
        )
    ):
        return None
    options = read_options(sentence.text, catalog)
    rest = annotate(options.text, catalog) if "name" in options.found else sentence
    if told:
        rest = annotate(told["what"] or told["what2"] or told["what3"], catalog)
    named = [
        i
        for i in rest.items
        if i.links and (not i.has("entity") or i.links[0].score > 1 or told) and i.links[0].score > 0.7
    ]
    others = [i for i in named if not set(i.text.lower().split()) & (NOUNS | {"segmentation"})]
    named = others or named
    if not 1 <= len(named) <= 2 or len(sentence.tokens) > 12 or not (told or words & cue("by_category")):
        return None
    if len(named) == 2 and not (told or _pairs(sentence, [i.links[0].column for i in named], catalog)):
        return None
    made = one_for_each([i.links[0].column for i in named], catalog, options.found.get("name"))
    for item in sentence.items if isinstance(made, Reading) else ():
        item.used = True
    return made


def one_for_each(names: list[str], catalog: Catalog, name: str | None = None) -> Outcome | None:
    """Return one segment for each value of a column, or each pair of two; None if there are too many."""
    columns = [catalog.columns[one] for one in names]
    every = [[value for value, _ in column.values] for column in columns]
    whole = all(
        c.kind == "text" and len(v) >= 2 and (c.n_distinct or 0) == len(v)
        for c, v in zip(columns, every, strict=True)
    )
    n = prod(len(values) for values in every)
    if whole and len(columns) == 2 and n > MOST_SEGMENTS:
        choices = tuple(f"Segments by {column.name}" for column in columns)
        return Reply("clarify", "too_many_pairs", {"n": n, "most": MOST_SEGMENTS}, choices)
    if not whole or n > MOST_SEGMENTS:
        return None
    segments = [
        RuleSegment(
            name=", ".join(_named(c, v, catalog) for c, v in zip(columns, values, strict=True)),
            where=[condition(c.name, "equal", v) for c, v in zip(columns, values, strict=True)],
        )
        for values in product(*every)
    ]
    by = " and ".join(f"**{column.name}**" for column in columns)
    each = "combination of values" if len(columns) > 1 else "value"
    return Reading(
        (SegmentByRules(segments=segments, otherwise="(missing)", name=name),),
        (f"One segment for each {each} of {by}.", *(_SEARCHED if len(columns) > 1 else ())),
    )


def _named(column: Column, value: str, catalog: Catalog) -> str:
    """Return the name of the segment of a value; a mere yes or no is told with its column."""
    plain = {str(one).lower() for one, _ in column.values} <= _YES_OR_NO
    told = spoken(catalog, column.name)
    return f"{told[:1].upper()}{told[1:]}: {value}" if plain else value


_SEARCHED = ("To have groups searched for by these two instead, say how many: 'four clusters on ...'.",)
_YES_OR_NO = {"yes", "no", "y", "n", "true", "false", "0", "1"}


def _pairs(sentence: Sentence, names: list[str], catalog: Catalog) -> bool:
    """Tell whether each pair of values is to be a segment: of two categories that make few pairs, yes."""
    if re.search(r"\bcombinations?\b|\beach pair\b", sentence.text, re.IGNORECASE):
        return True
    by = re.search(r"\bby\b", sentence.text, re.IGNORECASE) and not any(
        item.number for item in sentence.items
    )
    kinds = {catalog.columns[name].kind for name in names}
    n = prod(max(2, catalog.columns[name].n_distinct or 0) for name in names)
    return bool(by) and kinds == {"text"} and len(set(names)) == 2 and n <= MOST_SEGMENTS


# "Churn in each segment" asks of the segments there are.
_IN_EACH = re.compile(
    r"\b(?:in|for|of|per|by|across|within) (?:each|every|all)(?: of)?(?: the)? "
    r"(?:segment|cluster|group|tier)s?\b",
    re.IGNORECASE,
)
MOST_SEGMENTS = 12
# "Segments = the loyalty tiers", "use the plan as segments", "let the city be the segments".
_SEGMENTS_ARE = re.compile(
    r"(?:(?:please|now|and|so|then|ok) )*(?:(?:the|my|our) )?(?:segments?|clusters|segmentation) ?"
    r"(?:=|are|is|shall be|should be|equals?) ?(?:the |our |my |just |simply )*(?P<what>[\w ]{2,40})$"
    r"|(?:(?:please|now|and|so|then|ok) )*(?:use|take|treat|make|let|keep|have) (?:the |our |my "
    r")?(?P<what2>[\w ]{2,40}?) "
    r"(?:as|for|be|become) (?:the |my |our )?(?:customer )?(?:segments?|clusters|segmentation)$"
    r"|(?:(?:please|now|and|so|then|ok) )*(?:one|a|make (?:one|a)) (?:segment|cluster|group) "
    r"(?:for|per|of) (?:each |every )?(?:combination of |pair of |mix of )?(?P<what3>[\w ]{2,50}?)(?: "
    r"please| pls)?$",
    re.IGNORECASE,
)
