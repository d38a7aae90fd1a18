"""Reads segments that a message defines one by one: "over 500 is Key, 100 to 500 Regular, the rest Small".

A definition is a name and what must hold of a customer, in either order, with a word or a sign between them
or none. A message is read only if every stretch of it is a definition or speaks of all others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_conditions import Definition, another_year, read_rest, stated
from assistant.builtin.parsing.definition_names import (
    QUOTE,
    any_of,
    bare_name,
    is_no_name,
    may_name,
    sides,
    words,
)
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_ever import unknown_history
from assistant.builtin.parsing.segment_features import banded
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import RuleSegment, SegmentByRules
from assistant.builtin.sentence import Sentence

_CUT = re.compile(r"\s*[;\n]\s*|\s*,(?!\d)\s*(?:and |but |while |whereas |vs\.? |versus |against )?|\s+/\s+|"
                  r"\s+(?:and|but|while|whereas|vs\.?|versus|against|or)\s+", re.IGNORECASE)  # fmt: skip
_JOINS = re.compile(r"\s+(?:and|or|but|while|whereas)\s", re.IGNORECASE)
_MAY_JOIN = re.compile(r"\s*,\s*(?:and |but )?|\s+(?:and|or|but)\s+", re.IGNORECASE)
_MOST_PIECES = 9
_LONGEST = 3  # pieces of one definition: "balance over 5000, limit below 1000 and tenure 12 = Tight"
# A list of definitions has a sign, a name in capitals, or speaks of the others.
_MAY_DEFINE = re.compile(
    r"=|:|→|->|(?<=\S )(?!I\b)[A-Z]|(?i:\b(?:rest|others?|else|otherwise|remaind?e?r?|between|vs|versus|"
    r"against|ever|never)\b"
    r"|\b(?:become|means?|called|go(?:es)? (?:in)?to|count as)\b)"
)
_MONEY = re.compile(r"[$€£₹](?=\s?\d)")


def read_unnamed(sentence: Sentence, catalog: Catalog, said: set[str]) -> Outcome | None:
    """Read definitions without names where segments are asked for: "under 30, 30 to 59, 60 and up"."""
    announced = said & {"segment", "segments"} or (
        said & {"group", "bucket", "split"} and ":" in sentence.text
    )
    return read_definitions(sentence, catalog, said, named=False) if announced else None


def read_definitions(
    sentence: Sentence, catalog: Catalog, said: set[str], *, named: bool = True
) -> Outcome | None:
    """Read a message that is a list of definitions; None if any part of it is something else.

    Args:
        sentence: The message.
        catalog: The data.
        said: Its words.
        named: At least one of the definitions has to give a name, or one has to be of all others.
    """
    text = _body(sentence.text)
    if re.match(rf"(?:{any_of('asking')})(?!\s*[:=])", text, re.IGNORECASE):
        return None
    if named and not _MAY_DEFINE.search(text):
        return None
    announced = bool(said & {"segment", "segments", "bucket", "split", "divide", "classify", "sort"})
    first = sentence.items[0] if sentence.items else None
    asks = first is None or any(first.has(kind) for kind in ("statistic", "count", "how_much", "share"))
    asks = (asks or sentence.has("count", "how_many")) and not announced
    if asks and not re.search(r"=|:|→|->", text):
        return None
    head, pieces = _pieces(text, catalog)
    if not 2 <= len(pieces) <= _MOST_PIECES and not (pieces and _has_sign(text)):
        return None
    read = _Reader(catalog, announced or not named).all_of(
        pieces, _column_of(head, catalog) if head else None
    )
    if read is None or not _is_a_list(read, named, announced):
        return _unknowable(text, len(pieces), catalog)
    for item in sentence.items:
        item.used = True
    rest = next((one.name for one in read if not one.where), "")
    segments = [RuleSegment(name=_shown(one.name), where=list(one.where)) for one in read if one.where]
    if len({segment.name for segment in segments}) < len(segments):
        return None
    notes = tuple(dict.fromkeys(note for one in read for note in one.notes))
    asked = {"segments": segments, **({"otherwise": rest} if rest else {})}
    return Reading((SegmentByRules.model_validate(asked),), notes)


def _shown(name: str) -> str:
    """Return a name with a capital, as all others have one."""
    return name[:1].upper() + name[1:] if name.islower() else name


_EVER = re.compile(r"\b(?:ever|never|at least once)\b", re.IGNORECASE)


def _unknowable(text: str, n_pieces: int, catalog: Catalog) -> Reply | None:
    """Say that customers are not known by what they ever did: "ever escalated against never escalated"."""
    column = unknown_history(text, catalog) if n_pieces == 2 and len(_EVER.findall(text)) > 1 else None
    if column is None:
        return None
    choices = (f"How many customers by {column}?", f"Segments by {column}")
    return Reply("clarify", "only_most_frequent", {"column": column}, choices)


def defines(text: str, catalog: Catalog) -> bool:
    """Tell whether a whole message defines segments, so that no part of it is a request of its own."""
    several = _CUT.search(text) is not None
    return several and read_definitions(annotate(text, catalog), catalog, set()) is not None


def _is_a_list(read: list[Definition], named: bool, announced: bool) -> bool:
    """Tell whether what was read are segments: two with names, or one and all others."""
    defined = [one for one in read if one.where]
    others = len(read) - len(defined)
    told = not named or (announced and others) or any(one.named and one.sure for one in read)
    return bool(defined and told) and others <= 1 and len(read) > 1


def _body(text: str) -> str:
    """Return a message without what only announces its definitions: "..., make that two segments"."""
    text = _MONEY.sub("", " ".join(text.strip().rstrip("?!. ").split()))
    text = re.sub(rf"[\s,;]+(?:{any_of('behind')})+$", "", text, flags=re.IGNORECASE)
    lead = rf"^(?:(?:{any_of('announced')})[\s,]+)+(?:\w+\s+(?:into|in|as|by)\s+(?!\d))?"
    text = re.sub(lead, "", text, flags=re.IGNORECASE)
    return re.sub(r"(^|[,;] |\band )([\w' -]{3,40}?) \(([^()]+)\)", r"\1\2 = \3", text)


def _has_sign(text: str) -> bool:
    return bool(re.search(r"(?:\w|\s)(?:=|->|→|:)", text))


def _pieces(text: str, catalog: Catalog) -> tuple[str, list[tuple[str, str]]]:
    """Cut a text; each piece has what stood before it, so that several can be put together again.

    What announces the definitions before a colon is returned apart: "by total charge:".
    """
    head, sign, tail = text.partition(":")
    head = head if sign and not stated(head, catalog, None) and _CUT.search(tail) else ""
    signed = re.search(r"[:=]", tail) and not set(head.lower().split()) <= set(words("announced"))
    if head and (signed or may_name(head, sure=True) and not _CUT.search(tail.strip(" ,"))):
        head = ""
    at, before = 0, ""
    found: list[tuple[str, str]] = []
    body = tail if head else text
    for cut in _CUT.finditer(body):
        if body[at : cut.start()].strip():
            found.append((before, body[at : cut.start()].strip()))
            before = cut[0]
        at = cut.end()
    if body[at:].strip():
        found.append((before, body[at:].strip()))
    return head, found


@dataclass
class _Reader:
    """Reads pieces from the left; what is measured in one definition is meant in the next."""

    catalog: Catalog
    announced: bool

    def all_of(self, pieces: list[tuple[str, str]], column: str | None) -> list[Definition] | None:
        """Return a definition for every stretch of the pieces; None where some words are none."""
        if not pieces:
            return []
        for n in range(1, min(_LONGEST, len(pieces)) + 1):
            if n > 1 and not _MAY_JOIN.fullmatch(pieces[n - 1][0]):
                break
            text = pieces[0][1] + "".join(f"{before}{piece}" for before, piece in pieces[1:n])
            one = read_rest(text, self.catalog) or self._definition(text, column)
            rest = n < len(pieces) and read_rest(pieces[n][1], self.catalog) is not None
            following = pieces[n][0] if n < len(pieces) and not rest else ""
            if one is None or not one.named and (_JOINS.match(pieces[0][0]) or _JOINS.match(following)):
                continue
            measured = (
                one.where[0].column if one.where and (len(one.where) == 1 or column is None) else column
            )
            others = self.all_of(pieces[n:], measured)
            if others is not None:
                return [one, *others]
        return None

    def _definition(self, text: str, column: str | None) -> Definition | None:
        dated = another_year(text, column, self.catalog)
        if dated is not None:
            return dated
        for name, conditions, sure in sides(text):
            bare = bare_name(name)
            where = None if is_no_name(bare, self.catalog, sure) else self._where(conditions, column)
            capital = name.strip(f" {QUOTE}")[:1].isupper()
            if where is not None and (capital or not stated(bare, self.catalog, None)):
                return replace(where, name=bare, sure=sure or capital)
        if _has_sign(text):
            return None
        if not self.announced:
            return None
        where = self._where(text, column)
        told = re.sub(
            rf"^(?:(?:{any_of('announced')}|{any_of('people')})[\s,]*|for )+", "", text, flags=re.IGNORECASE
        )
        told = re.sub(r"^(?:who|that|which|with|for)\s+", "", told.strip(), flags=re.IGNORECASE)
        return replace(where, name=told[:1].upper() + told[1:], named=False) if where and told else None

    def _where(self, text: str, column: str | None) -> Definition | None:
        bare = re.sub(rf"^(?:(?:{any_of('announced')})[\s,]+)+", "", text.strip(), flags=re.IGNORECASE)
        for said in dict.fromkeys((text, bare, f"customers {bare}")):
            found = stated(said, self.catalog, column)
            if found:
                return found
        return None


def _column_of(head: str, catalog: Catalog) -> str | None:
    """Return the number that words before the definitions name: "by credit score:"."""
    return banded(Parts(annotate(head, catalog, customer_level=True), catalog))
