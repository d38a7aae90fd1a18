"""Knows the names of segments that are ranges: words beside each, a list of them, or the range itself."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_names import any_of
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.rungs import Piece, Rung
from assistant.builtin.parsing.segment_rules import without_lead
from assistant.builtin.parsing.segment_slices import QUOTES, SIGN, name_in

_NAME_LEAD = re.compile(rf"^\s*(?:[,;]\s*)?(?:{SIGN}\s*)?|\s*{SIGN}\s*$", re.IGNORECASE)
_NAMED = 0.8  # score of a link from which on a word names a column rather than a segment

_NO = r"(?!(?:by|on|using|and|or|with)\b)"
_WORD = rf"{_NO}(?!(?:the|a|an|of)\b)[^\W\d][\w'-]*(?: {_NO}[^\W\d][\w'-]*)?"
_LIST = rf"(?P<names>{_WORD}(?:(?:\s*[,/]\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+){_WORD})+)"
_BEFORE = re.compile(
    rf"(?:\b(?:into|as|in|called|named)\s+){_LIST}\s*(?=\b(?:by|on|using|based|according|with)\b|$)",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"^\s*{_LIST}\s*(?=(?:by|on|using|based|according)\b|$)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"[\s,;]*\b(?:as|called|named|call them|name them|labelled|to be called)\s+{_LIST}$", re.IGNORECASE
)
_ANNOUNCED = re.compile(r"\s*(?:please )?(?:split|divide|segment|group|put|cut|make|sort)\b", re.IGNORECASE)


def listed_names(head: str, tail: str, n: int, catalog: Catalog) -> tuple[list[str], str, str]:
    """Return names that stand together, and what is left: "into good, fair and poor by score: 700+, ..."."""
    for way, text in ((_BEFORE, head), (_FIRST, head), (_BEHIND, tail)):
        found = way.search(text)
        names = re.split(r"\s*[,/]\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", found["names"]) if found else []
        if found is None or len(names) != n or any(is_known(name, catalog) for name in names):
            continue
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        told = [_without_people(name, catalog) for name in names]
        return (told, rest, tail) if way is not _BEHIND else (told, head, rest)
    return [], head, tail


def _without_people(name: str, catalog: Catalog) -> str:
    """Return a name without the people it is a name for: "Large" of "large shippers"."""
    items = annotate(name, catalog, customer_level=True).items
    people = len(items) > 1 and items[-1].has("entity", "customer")
    told = name[: name.lower().rfind(items[-1].text.lower())].strip() if people else name
    return told[:1].upper() + told[1:]


def is_known(name: str, catalog: Catalog) -> bool:
    """Tell whether a word names a column, so that it is no name of a segment."""
    items = annotate(name, catalog, customer_level=True).items
    return any(item.links and item.links[0].score > _NAMED for item in items)


def unit_of(piece: Piece) -> str:
    """Return the unit of time that a range is given in: "1 to 4 years" of a tenure in months."""
    found = re.search(
        r"(?<![a-z])(years?|months?|weeks?|days?)\b", f"{piece.rung.text} {piece.behind}", re.IGNORECASE
    )
    return found[1].lower() if found else ""


def label(column: str, piece: Piece, catalog: Catalog, counted: str) -> str:
    """Name a segment by its range: "Tenure 13 to 36", "2 to 3 orders", "No visits".

    Args:
        column: What is cut.
        piece: The range and the words beside it.
        catalog: The data.
        counted: What is counted, in the plural and in the words of the person; empty where nothing is.
    """
    if counted:
        return _of_a_count(piece.rung, counted, catalog)
    said, unit = " ".join(piece.rung.text.split()), unit_of(piece)
    if not re.search(r"\d|\b(?:or|and)\b", said):
        said = piece.rung.stated.removeprefix("= ")
    said = said if unit in said else f"{said} {unit}"
    spelt = Parts(annotate("", catalog), catalog).column(column).name.replace("_", " ")
    spelt = re.sub(r"^mean ", "average ", spelt)
    return f"{spelt[:1].upper()}{spelt[1:]} {said}"


def _of_a_count(rung: Rung, counted: str, catalog: Catalog) -> str:
    """Name a range of a number of things: "No visits", "1 visit", "2 to 9 visits", "10 or more visits"."""
    one, many = catalog.table.reading.get("noun", ("", ""))
    single = one if counted == many else re.sub(r"(?:(?<=[^aeiou])ie)?s$", "", counted)
    single = f"{single}y" if counted.endswith("ies") and counted != many else single
    low, high = rung.low, rung.high
    if low is not None and not rung.holds_low and low.is_integer():
        low += 1
    if high is not None and not rung.holds_high and high.is_integer():
        high -= 1
    if high == 0:
        return f"No {counted}"
    if low is None:
        return f"Up to {high:,g} {counted}"
    if high is None:
        return f"{low:,g} or more {counted}"
    if low == high:
        return f"{low:,g} {single if low == 1 else counted}"
    return f"{low:,g} to {high:,g} {counted}"


def beside(piece: Piece, lead: str, catalog: Catalog) -> str:
    """Return the name that stands beside a range; words of the column and of units are none."""
    behind = name_in(piece.behind) or bare(piece.behind, catalog)
    told = without_lead(piece.before) if _ANNOUNCED.match(piece.before) else piece.before
    before = "" if lead else bare(told, catalog)
    name = behind or before
    return name[:1].upper() + name[1:]


def bare(text: str, catalog: Catalog) -> str:
    """Return what is left of words beside a range without signs, columns, units and words that only join."""
    text = _NAME_LEAD.sub("", text.strip(" ,;")).strip(f" ,;{QUOTES}")
    text = re.sub(rf"[\s,]*\b(?:{any_of('behind')})$", "", text, flags=re.IGNORECASE)
    text = re.sub(
        r"^(?:and|or|vs\.?|versus|the|those|with|who|that|which|into|in|as|are|is|have|has|had)\s+",
        "", text, flags=re.IGNORECASE,
    )  # fmt: skip
    kept = annotate(text, catalog, customer_level=True)
    meant = [
        i
        for i in kept.items
        if i.links
        or any(i.has(kind) for kind in ("feature", "grain", "logic", "by"))
        or i.has("entity", "row", "transaction")
    ]
    known = {token.norm for i in meant for token in kept.tokens[i.start : i.end]} | _UNITS
    left = [
        token.text
        for token in kept.tokens
        if token.norm not in known | _PEOPLE and token.kind in ("word", "quoted")
    ]
    while left and left[0].lower() in ("a", "an", "the"):
        left = left[1:]
    while left and left[-1].lower() in ("a", "an", "the", "of", "is", "are", "who", "with", "whose"):
        left = left[:-1]
    filler = all(word.lower() in phrases("segment_object") for word in left)
    return " ".join(left) if left and len(left) <= 3 and not filler else ""


_UNITS = {"years", "days", "times", "s", "months", "hours"}
_PEOPLE = {
    "total", "altogether", "overall", "have", "has", "having", "had", "customers", "members", "clients",
    "people", "gave", "give", "gives", "spent", "spend", "spends", "paid", "pay", "pays", "bought", "buy",
    "made", "came",
}  # fmt: skip
