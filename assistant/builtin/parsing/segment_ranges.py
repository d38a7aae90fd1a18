"""Reads segments that are ranges of one number, with their names: "light under 10, heavy 10 or more"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_features import banded
from assistant.builtin.parsing.segment_rules import Rules, without_lead
from assistant.builtin.parsing.segment_slices import NUMBERS, QUOTES, REST, SIGN, asks_for_figures, name_in
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import SegmentByRules
from assistant.builtin.tokens import key_of

_SIZE = r"\d+(?:,\d{2,3})*(?:\.\d+)? ?(?:k|m|l|lakhs?|crores?|thousand|million)?(?:s\b)?"
_COUNTED = r"once|twice|" + _SIZE
_MORE = (
    r"(?:or|and) (?:more|up|above|over|older|higher|longer|upwards?|beyond|greater|later|after|better|"
    r"onwards?)"
    r"(?: often)?"
)
_FEWER = r"(?:or|and) (?:less|fewer|under|below|younger|lower|shorter|earlier|before)"
_UNIT = r"(?: ?(?!(?:or|and|to)\b)[a-z]+)?"
_RANGE = re.compile(
    rf"\b(?:between )?{_SIZE}{_UNIT} ?(?:to|-|–|and|through|until) ?{_SIZE}(?!\w)|"
    rf"(?:\b(?:under|below|less than|fewer than|up to|at most|no more than|over|above|more than|at least|"
    rf"from|to|before|after|since|until|"
    rf"exactly|only|just)|[<>]=?) ?{_SIZE}(?!\w)|\b(?:{_COUNTED}|three|four|five){_UNIT} (?:{_MORE}|"
    rf"{_FEWER})\b|"
    rf"\b{_SIZE}\+|\b(?:once|twice)\b|(?<=[\s,;])\d+(?=\s*[,;])|"
    rf"\b(?:one|two|three|four|five|a single) "
    r"(?=(?:orders?|purchases?|bookings?|transactions?|visits?|calls?)\b)",
    re.IGNORECASE,
)
_NAME_LEAD = re.compile(rf"^\s*(?:[,;]\s*)?(?:{SIGN}\s*)?|\s*{SIGN}\s*$", re.IGNORECASE)
_NAMED = 0.8  # score of a link from which on a word names a column rather than a segment


@dataclass
class _Piece:
    """One range with the words before and behind it."""

    before: str
    range: str
    behind: str


def read_ranges(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "light under 10, heavy 10 or more", "tenure: up to 12, 13 to 36, over 36"."""
    text = sentence.text.strip().rstrip("?!. ")
    told = _IN_TOTAL.sub("", text)
    found = None if asks_for_figures(told, catalog) else _ranges(text, words, catalog)
    for item in sentence.items if found else ():
        item.used = True  # names are whatever words stand beside a range
    return found


def _ranges(text: str, words: set[str], catalog: Catalog) -> Outcome | None:
    """Read one segment for each range of a number, named by the words beside it."""
    text = re.sub(r" ?\(([^()]*\d[^()]*)\)", r" \1", text)  # "heavy (over 40 hours)"
    money = bool(_CURRENCY.search(text))
    text = _CURRENCY.sub("", text)
    head, sign, tail = text.partition(":")
    if not sign or not _RANGE.search(tail):
        head, tail = "", text
    pieces = _pieces(tail)
    unread = any(
        re.search(r"[,;]", piece.before.strip(" ,;")) or _DENIED.search(piece.before) for piece in pieces
    )
    if len(pieces) < 2 or unread or re.search(r"%|[<>]", text):
        return None
    listed, head, tail = _listed_names(head, tail, len(pieces), catalog)
    column, lead = _banded_column(head, pieces, catalog)
    if column is None and (money or _IN_TOTAL.search(text)):
        column = Parts(annotate("", catalog), catalog).feature("total_amount")
    if column is None or _names_others(pieces, column, catalog):
        return None
    speaks = words & (cue("segment_verb") | cue("segment_noun") | cue("tier_verb") | cue("tier_noun"))
    announced = re.search(r"\b(?:by|on|segment|split|divide|group|cut|put)\b", lead, re.IGNORECASE)
    names = [
        _beside(piece, lead if place == 0 and announced else "", catalog)
        for place, piece in enumerate(pieces)
    ]
    names = listed or names
    of_people = len(pieces) > 2 and annotate(text, catalog).items[0].has("entity", "customer")
    if not (speaks or all(names) or of_people):
        return None
    rules = Rules(catalog)
    for piece, name in zip(pieces, names, strict=True):
        stated = f"{_plain_range(piece.range)} {_unit(piece)}".strip()
        where = rules.conditions(f"{column} {stated}")
        if len(where) != 1 or where[0].column != column:
            return None
        rules.add(name if all(names) and name else _label(column, piece, catalog), where)
    end = tail.rfind(pieces[-1].range) + len(pieces[-1].range)
    rest = REST.search(tail, end)
    last = (name_in(tail[rest.end() :]) or _bare(tail[rest.end() :], catalog)) if rest else ""
    if not rest and all(names) and (bare := re.search(r"[,;]|\band\b", tail[end:])):
        last = _bare(tail[end + bare.end() :], catalog)  # "..., and light"
    asked = {"segments": rules.segments, **({"otherwise": last[:1].upper() + last[1:]} if last else {})}
    return Reading((SegmentByRules.model_validate(asked),), tuple(rules.notes))


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


def _listed_names(head: str, tail: str, n: int, catalog: Catalog) -> tuple[list[str], str, str]:
    """Return names that stand together, and what is left: "into good, fair and poor by score: 700+, ..."."""
    for way, text in ((_BEFORE, head), (_FIRST, head), (_BEHIND, tail)):
        found = way.search(text)
        names = re.split(r"\s*[,/]\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", found["names"]) if found else []
        if found is None or len(names) != n or any(_is_known(name, catalog) for name in names):
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


def _is_known(name: str, catalog: Catalog) -> bool:
    """Tell whether a word names a column, so that it is no name of a segment."""
    items = annotate(name, catalog, customer_level=True).items
    return any(item.links and item.links[0].score > _NAMED for item in items)


_DENIED = re.compile(r"\b(?:never|no|none|not|without)\b", re.IGNORECASE)  # a group of its own: "never came"
_CURRENCY = re.compile(r"[$€£₹](?=\s?\d)")
_IN_TOTAL = re.compile(r"\b(?:in total|in all|altogether|pounds?|dollars?|euros?|rupees?)\b", re.IGNORECASE)


def _unit(piece: _Piece) -> str:
    """Return the unit of time that a range is given in: "1 to 4 years" of a tenure in months."""
    found = re.search(
        r"(?<![a-z])(years?|months?|weeks?|days?)\b", f"{piece.range} {piece.behind}", re.IGNORECASE
    )
    return found[1].lower() if found else ""


def _names_others(pieces: list[_Piece], column: str, catalog: Catalog) -> bool:
    """Tell whether words beside the ranges name another column, so that these are rules and no ranges."""
    for piece in pieces:
        parts = Parts(annotate(f"{piece.before} {piece.behind}", catalog, customer_level=True), catalog)
        for item in parts.sentence.items:
            own = {parts.as_feature(link.column) or link.column for link in item.links}
            if item.has("entity", "row", "transaction") and column == "n_transactions":
                continue  # "exactly 1 call": the rows that are counted
            people = item.has("entity", "customer")
            if item.links and item.links[0].score > _NAMED and column not in own and not people:
                return True
            if item.has("feature") and item.senses["feature"] != column and not item.links:
                return True
    return False


def _label(column: str, piece: _Piece, catalog: Catalog) -> str:
    """Name a segment by its range: "tenure 13 to 36", "2 to 3 transactions"."""
    said = (
        " ".join(f"{piece.range} {_unit(piece)}".split()) if _unit(piece) not in piece.range else piece.range
    )
    said = " ".join(said.split())
    if column != "n_transactions":
        return f"{Parts(annotate('', catalog), catalog).column(column).name.replace('_', ' ')} {said}"
    once = said.lower() in ("once", "twice")
    noun = "transaction" if re.fullmatch(r"(?:\w+ )?1", said) else "transactions"
    return f"Bought {said}" if once else f"{said} {piece.behind.strip() or noun}"


def _pieces(text: str) -> list[_Piece]:
    """Cut a text into its ranges; what stands between two of them belongs to the nearer side of the comma."""
    found = list(_RANGE.finditer(text))
    pieces: list[_Piece] = []
    at = 0
    for place, one in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        between = re.search(r"[,;/]|\s(?:and|or|vs\.?|versus)\s", text[one.end() : end])
        if between is None and place + 1 < len(found):
            return []
        stop = one.end() + between.start() if between else end
        pieces.append(_Piece(text[at : one.start()], one[0], text[one.end() : stop]))
        at = one.end() + between.end() if between else end
    return pieces


def _banded_column(head: str, pieces: list[_Piece], catalog: Catalog) -> tuple[str | None, str]:
    """Return the number that is cut and the words of the first piece that only announce it."""
    for words in (
        head,
        pieces[0].before,
        *(f"{piece.range}{piece.behind}" for piece in pieces),
        pieces[-1].behind,
    ):
        if not words.strip():
            continue
        column = banded(Parts(annotate(words, catalog, customer_level=True), catalog))
        if column is not None:
            return column, pieces[0].before if words == pieces[0].before else ""
    parts = Parts(annotate(head, catalog), catalog)
    bought = " ".join(piece.before + piece.range + piece.behind for piece in pieces)
    if re.search(
        r"\b(?:once|twice|times|purchases?|orders?|bookings?|transactions?|visits?)\b", bought, re.IGNORECASE
    ):
        return parts.feature("n_transactions"), pieces[0].before
    counted = re.findall(
        r"\b(month|year|day|week)s?\b", " ".join(piece.range + piece.behind for piece in pieces)
    )
    if counted and parts.lasting and parts.unit_of(parts.lasting) == f"{counted[0]}s":
        return parts.lasting, ""
    measured = _column_of_unit(" ".join(piece.range + piece.behind for piece in pieces), parts)
    if measured is not None:
        return measured, ""
    aged = any(
        re.search(r"\d0s\b|\byears? old\b|\bolder\b|\byounger\b", piece.range + piece.behind)
        for piece in pieces
    )
    return (parts.age if aged else None), ""


def _column_of_unit(text: str, parts: Parts) -> str | None:
    """Return the one number of customers whose name holds the unit said: hours of "30 hours or more"."""
    units = {key_of(word)[0] for word in re.findall(r"\d ?([a-z]{3,})\b", text.lower())}
    table = parts.catalog.customers if parts.catalog.has_features else parts.catalog.table
    found = [
        column.name
        for column in (table.columns if table is not None else ())
        if parts.is_measurable(column.name)
        and units & set(key_of(" ".join(parts.catalog.words_of.get(column.name, ()))))
    ]
    return found[0] if len(found) == 1 else None


def _beside(piece: _Piece, lead: str, catalog: Catalog) -> str:
    """Return the name that stands beside a range; words of the column and of units are none."""
    behind = name_in(piece.behind) or _bare(piece.behind, catalog)
    told = without_lead(piece.before) if _ANNOUNCED.match(piece.before) else piece.before
    before = "" if lead else _bare(told, catalog)
    name = behind or before
    return name[:1].upper() + name[1:]


_ANNOUNCED = re.compile(r"\s*(?:please )?(?:split|divide|segment|group|put|cut|make|sort)\b", re.IGNORECASE)


def _bare(text: str, catalog: Catalog) -> str:
    """Return what is left of words beside a range without signs, columns, units and words that only join."""
    text = _NAME_LEAD.sub("", text.strip(" ,;")).strip(f" ,;{QUOTES}")
    text = re.sub(r"^(?:and|or|vs\.?|versus|the|those|with|who|into|in)\s+", "", text, flags=re.IGNORECASE)
    kept = annotate(text, catalog, customer_level=True)
    meant = [
        i
        for i in kept.items
        if i.links
        or any(i.has(kind) for kind in ("feature", "grain", "logic", "by"))
        or i.has("entity", "row", "transaction")
    ]
    known = {token.norm for i in meant for token in kept.tokens[i.start : i.end]} | {
        "years",
        "days",
        "times",
        "s",
    }
    verbs = {"have", "has", "having", "had", "customers", "members", "clients", "people"}
    left = [
        token.text
        for token in kept.tokens
        if token.norm not in known | verbs and token.kind in ("word", "quoted")
    ]
    while left and left[0].lower() in ("a", "an", "the"):
        left = left[1:]
    while left and left[-1].lower() in ("a", "an", "the", "of", "is", "are"):
        left = left[:-1]
    filler = all(word.lower() in phrases("segment_object") for word in left)
    return " ".join(left) if left and len(left) <= 3 and not filler else ""


_SPELT = {
    "from": "at least", "to": "up to", "before": "under", "after": "over", "since": "at least",
    "until": "up to",
}  # fmt: skip


def _plain_range(text: str) -> str:
    """Write a range as conditions are read: "30 or more" as "at least 30", "10-30" as "between 10 and 30"."""
    text = re.sub(r"(?<=\d)s\b", "", text.strip())
    text = re.sub(
        r"\ba single\b", "1", re.sub(r"\bone\b", "1", text, flags=re.IGNORECASE), flags=re.IGNORECASE
    )
    text = re.sub(r"\bonce\b", "1", re.sub(r"\btwice\b", "2", text, flags=re.IGNORECASE), flags=re.IGNORECASE)
    for word, value in NUMBERS.items():
        text = re.sub(rf"\b{word}\b", str(value), text, flags=re.IGNORECASE)
    numbers = re.findall(
        r"\d[\d,]*(?:\.\d+)? ?(?:k|m|l|lakhs?|crores?|thousand|million)?\b", text, re.IGNORECASE
    )
    if len(numbers) == 2:
        return f"between {numbers[0].strip()} and {numbers[1].strip()}"
    number = numbers[0].strip()
    if re.search(rf"{_MORE}|\+", text, re.IGNORECASE):
        return f"at least {number}"
    if re.search(_FEWER, text, re.IGNORECASE):
        return f"at most {number}"
    lead = re.match(r"(?P<lead>[a-z<>= ]+?) ?(?=\d)", text, re.IGNORECASE)
    word = lead["lead"].strip().lower() if lead else ""
    return f"= {number}" if word in ("", "exactly", "only", "just") else f"{_SPELT.get(word, word)} {number}"
