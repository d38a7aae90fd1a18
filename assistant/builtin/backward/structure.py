"""Checks what stands between words: lists, ranges, shares of what, all columns, an average of averages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.builtin.backward.claims import Claims
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.request.rows import Filtered
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, root
from tools.selecting import Condition, Measure

_NESTED = re.compile(
    r"\b(?:averages?|means?|sums?|medians?|totals?|add up) (?:of |up )?(?:those|these|that|them)\b"
    r"(?! (?:who|which|that|with|are|were|customers|people))",
    re.IGNORECASE,
)
_ALL_COLUMNS = re.compile(
    r"\b(?:all|both|any|every)(?: of)?(?: the| our| my)? (?P<what>\w+) (?:columns?|fields?|variables?)\b",
    re.I,
)
_OF_ALL = re.compile(
    r"(?:%|\bper ?cent|\bpercentage|\bshare|\bproportion)s? of (?:all|the total|every)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_AS_SHARE_OF = re.compile(
    r"\bas (?:a |an? )?(?:%|per ?cent|percentage|share|proportion|fraction) of (?:the |their |its )?"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)


def broken_structure(evidence: Evidence) -> Iterator[Disagreement]:
    """Find lists taken apart, ranges cut to their ends, and shares of something else."""
    claims = evidence.claims
    found = _NESTED.search(evidence.sentence.text)
    kept = (
        any(isinstance(request, Filtered) for request in evidence.earlier)
        and found
        and found.end() >= len(evidence.sentence.text.rstrip(" ?.!"))
    )  # "the median of those" after a question
    if found and claims.about_rows and not kept and not any(measure.of for measure in claims.measures):
        yield Disagreement("said", "nested", found[0])
    yield from _all_columns(evidence)
    if claims.tools == {"aggregate"}:
        yield from _base(evidence)
        yield from _several_shares(evidence)
        yield from _rate(evidence)
        yield from _lists(evidence)
        yield from _ranges(evidence)


def _all_columns(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "ignore all the frequency columns" of which only one is held."""
    found = _ALL_COLUMNS.search(evidence.sentence.text)
    if found is None:
        return
    word, catalog = root(key_of(found["what"])[0]), evidence.claims.catalog
    meant = {name for name in catalog.loaded if word in {root(own) for own in catalog.words_of[name]}}
    if len(meant) > 1 and meant & evidence.claims.columns and not meant <= evidence.claims.columns:
        yield Disagreement("said", "all", found[0])


def _base(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "% of all churned" and "as % of the bill" where the request divides by something else."""
    divided = [measure for measure in evidence.claims.measures if measure.per]
    text = evidence.sentence.text
    for pattern in (_OF_ALL, _AS_SHARE_OF):
        found = pattern.search(text)
        if found is None or not divided:
            continue
        first = next(
            (
                i
                for i in evidence.sentence.items
                if evidence.sentence.tokens[i.start].start >= found.start("rest")
            ),
            None,
        )
        if first is None:
            continue
        below = [measure.per for measure in divided if measure.per]
        if pattern is _OF_ALL and not _holds(first, below, evidence.claims):
            yield Disagreement("said", "base", found[0].strip())
        measured = pattern is _AS_SHARE_OF and first.links and first.links[0].score > 0.6
        if measured and not any(
            link.column == m.column or link.column in str(m.column) for link in first.links for m in below
        ):
            number = evidence.claims.catalog.columns.get(first.links[0].column)
            if number is not None and number.kind == "number":
                yield Disagreement("said", "base", found[0].strip())


def _holds(item: Item, below: list[Measure], claims: Claims) -> bool:
    """Tell whether the rows divided by are those of a group that is named: "% of all churned"."""
    named = {value.column for value in item.values}
    named |= {link.column for link in item.links if claims.catalog.is_flag(link.column)}
    if not named or item.has("entity"):
        return True
    where: list[Condition] = [one for measure in below for one in measure.where]
    where += [one for request in claims.aggregates for one in request.where]
    return any(one.column in named for one in where)


def _rate(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "default %: married / single" answered with how those who defaulted spread over the groups."""
    catalog = evidence.claims.catalog
    items = evidence.sentence.items
    for request in evidence.claims.aggregates:
        flags = {one.column for one in request.where if catalog.is_flag(one.column)}
        if not flags or not request.by or any(measure.per for measure in request.measures):
            continue
        for first, second in zip(items, items[1:], strict=False):
            named = {link.column for link in first.links} | {value.column for value in first.values}
            if second.has("share", "share") and named & flags:
                yield Disagreement("said", "base", f"{first.text} {second.text}")


def _several_shares(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "share of the orders and share of the revenue" answered with one of them."""
    asked = [
        item for item in evidence.items() if item.has("share", "share") and " of" in f" {item.text.lower()}"
    ]
    given = [m for request in evidence.claims.aggregates for m in request.measures if m.per]
    if (
        len(asked) > 1
        and len(given) < len(asked)
        and not any(r.share_of_total for r in evidence.claims.aggregates)
    ):
        yield Disagreement("said", "share", asked[-1].text)


def _lists(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a list of columns of which one became the groups and the others are measured."""
    grouped = {group.column for group in evidence.claims.groups}
    measured = {measure.column for measure in evidence.claims.measures}
    items = evidence.sentence.items
    for first, joint, second in zip(items, items[1:], items[2:], strict=False):
        if not joint.has("logic", "and", "or") or not first.links or not second.links:
            continue
        one, other = first.links[0].column, second.links[0].column
        split = (one in grouped and other in measured - grouped) or (
            other in grouped and one in measured - grouped
        )
        numbers = all(
            (c := evidence.claims.catalog.columns.get(name)) and c.kind == "number" for name in (one, other)
        )
        if split and numbers and first.links[0].how != "role" and second.links[0].how != "role":
            yield Disagreement("said", "list", f"{first.text}, {second.text}")


def _ranges(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "segment A to D" of which only the ends are held."""
    items = evidence.sentence.items
    for first, joint, last in zip(items, items[1:], items[2:], strict=False):
        if not joint.has("logic", "to") or not first.values or not last.values or first.number or last.number:
            continue
        column = first.values[0].column
        held = [one for one in evidence.claims.conditions if one.column == column and one.is_ == "in"]
        if last.values[0].column == column and held and len(held[0].values) == 2:
            yield Disagreement("said", "range", f"{first.text} to {last.text}")
