"""Reads what a person says about the layout of a file: its header, separator, decimals, lines of sums.

What is meant is told by a few things that are named together, in any order: a header and a row, a sign and
parting, decimals and a mark. Every other word has to be one that says nothing by itself; else it is not that.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reply
from assistant.builtin.request.tables import ChangeReading

Built = tuple[Request, ...] | Reply | None

NUMBERS = {
    word: number
    for number, words in enumerate(
        ("one first 1st", "two second 2nd couple", "three third 3rd", "four fourth 4th", "five fifth 5th",
         "six sixth 6th", "seven seventh 7th", "eight eighth 8th", "nine ninth 9th", "ten tenth 10th"), 1
    )
    for word in words.split()
}  # fmt: skip
SIGNS = {
    "semicolon": ";", "semi-colon": ";", "semi colon": ";", ";": ";", "comma": ",", ",": ",", "tab": "\t",
    "tabulator": "\t", "pipe": "|", "bar": "|", "vertical bar": "|", "|": "|", "colon": ":", ":": ":",
    "space": " ", "blank": " ", "tilde": "~", "~": "~", "caret": "^", "^": "^", "slash": "/", "hash": "#",
}  # fmt: skip
_SIGN = "|".join(rf"(?<![\w]){re.escape(sign)}s?(?![\w])" for sign in sorted(SIGNS, key=len, reverse=True))
_NUMBER = r"(?:\d+(?:st|nd|rd|th)?|" + "|".join(NUMBERS) + ")"
_ROW = r"(?:rows?|lines?|records?)"
THINGS = {  # what can be named, by the pattern of its name
    "header": (
        r"\b(?:headers?(?: rows?| lines?)?|headings?|header names|"
        r"(?:column|field) (?:names?|titles?|headers?|headings?|labels?)|"
        r"(?:names?|titles?|labels?) of (?:the )?(?:columns?|fields?))\b"
    ),
    "row": rf"\b(?:(?:row|line)(?: number| no\.?)? {_NUMBER}|{_NUMBER} (?:row|line)|(?<=row is )\d+)\b",
    "first": (
        rf"\b(?:rows|lines) (?:1|one) (?:and|to|-|through) {_NUMBER}\b|"
        rf"\b(?:first|top|upper|topmost)(?: {_NUMBER}(?: of)?)? {_ROW}\b"
    ),
    "totals": (
        rf"\b(?:(?:grand |sub)-?totals?|subtotals?|totals?|sums?|summary|summing)(?: {_ROW}| entries)\b|"
        rf"\b{_ROW} (?:of|with|for) (?:the |a )?(?:(?:grand |sub)?-?totals?|sums?)\b|"
        r"\b(?:(?:grand |sub-?)totals?|totals|sums)\b"
    ),
    "groups": rf"\b(?:group(?:ing)?|section|block|label|group labels?|heading|caption)s? {_ROW}\b",
    "kept": r"\b(?:keep|kept|stay|restore|put back|bring back|undo)\b",
    "as_rows": (
        rf"\b(?:as|are|be|into|to) (?:(?:ordinary|normal|plain|real|usual|just|also) )?(?:{_ROW}|data)\b"
    ),
    "decimals": r"\bdecimals?(?: (?:mark|sign|separator|point|places?))?\b",
    "parted": (
        r"\b(?:separators?|delimiters?|separated|separates|delimited|parted|divided|split(?:ting)?|part|separate|parse)\b"
    ),
    "out": (
        r"\b(?:ignore|skip|drop|remove|delete|leave|exclude|discard|omit|disregard|throw|forget|strip|cut|"
        r"get rid of|ignored|skipped|dropped|removed|deleted|excluded|discarded|omitted|(?:has|have) to go|"
        r"(?:must|should) go)\b"
    ),
    "no": r"\b(?:no|not|without|never|lacks|isnt|arent|dont|doesnt)\b",
    "none": (
        r"\b(?:data|values?|records?|counted|count|belong|titles?|notes?|remarks?|comments?|junk|rubbish|"
        r"garbage|units|metadata|explanations?|text|empty|blank)\b"
    ),
    "wrong": r"\b(?:wrong|another|different|other|elsewhere)\b",
}  # fmt: skip
_WORDS = tomllib.loads((Path(__file__).parents[1] / "layout_words.toml").read_text("utf-8"))
FILLERS = frozenset(_WORDS["fillers"].split())


def read_layout(said: str, catalog: Catalog) -> Built:
    """Read a statement about the layout of the file, such as "the header is in row 3"; None if it is none."""
    text = re.sub(r"n't\b", " not", said.lower().replace("’", "'"))
    text = re.sub(r"\b(it|that|there|header|heading|what|file)'s\b", r"\1 is", text)
    named = {thing: list(re.finditer(pattern, text)) for thing, pattern in THINGS.items()}
    named = {thing: found for thing, found in named.items() if found}
    signs = list(re.finditer(_SIGN, text))
    built = _header(named, text, catalog) or _first_rows(named, text) or _totals(named, text, catalog)
    built = built or _group_lines(named, text)
    return built or _decimals(named, signs, text) or _separator(named, signs, text)


Named = dict[str, list[re.Match[str]]]


def _asked(**what: Any) -> tuple[Request, ...]:
    return (ChangeReading.model_validate(what),)


def _rest_says_nothing(text: str, *spans: re.Match[str]) -> bool:
    """Whether all words besides those that were read are of no account."""
    for found in sorted(spans, key=lambda each: -each.start()):
        text = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return set(re.findall(r"[^\s,.;:!?\"'-]+", text)) <= FILLERS


def _count(text: str) -> int:
    for word in re.findall(r"\d+|[a-z0-9]+", text):
        if word.isdigit() or word in NUMBERS:
            return int(word) if word.isdigit() else NUMBERS[word]
    return 1


def _header(named: Named, text: str, catalog: Catalog) -> Built:
    header, rows, no = named.get("header"), named.get("row", []), named.get("no", [])
    if not header or "out" in named:
        return None
    meant = [row for row in rows if not re.search(r"\bnot (?:in |on |at |the )*$", text[: row.start()])]
    if meant and _rest_says_nothing(text, *header, *rows, *no, *named.get("wrong", [])):
        return _asked(header_row=_count(meant[-1][0]))
    if rows or not _rest_says_nothing(text, *header, *no, *named.get("wrong", [])):
        return None
    if "wrong" in named:
        names = [c.name for c in catalog.table.columns if not c.derived_from][:4]
        choices = tuple(f"The header is in row {row}" for row in (2, 3, 4))
        return Reply("clarify", "which_header", {"source": catalog.table.source, "names": names}, choices)
    return _asked(header_row=0) if no else None


def _first_rows(named: Named, text: str) -> Built:
    first, out, no = named.get("first"), named.get("out", []), named.get("no", [])
    if not first or "header" in named:
        return None
    none = [found for found in named.get("none", []) if found.start() > first[0].end()]
    told = _rest_says_nothing(text, first[0], *out, *no, *none, *named.get("row", []))
    if not told or (out and no):
        return None
    said = re.search(r"\b(?:is|are|do|does|belongs?)\b", text[first[0].end() :])
    holds_data = said and none and none[0][0] in ("data", "value", "values", "record", "records")
    if holds_data and not no:
        return _asked(header_row=0) if re.search(r"\b(?:already|also|is data|are data)\b", text) else None
    said_first = re.sub(r"^(?:first|(?:rows|lines) (?:1|one))\b", "", first[0][0])
    return _asked(first_rows_out=_count(said_first)) if out or (said and none) else None


def _totals(named: Named, text: str, catalog: Catalog) -> Built:
    totals, out, no, none = (named.get(thing, []) for thing in ("totals", "out", "no", "none"))
    held = {word for column in catalog.table.columns for word in re.findall("[a-z]+", column.name.lower())}
    by_row = any(re.search(_ROW, found[0]) for found in totals)
    if not totals or (not by_row and held & {"total", "totals", "sum", "sums"}):
        return None
    wanted = bool(out and not no) or bool(no and none)
    return (
        _asked(total_rows="leave out")
        if wanted and _rest_says_nothing(text, *totals, *out, *no, *none)
        else None
    )


def _group_lines(named: Named, text: str) -> Built:
    groups, kept, as_rows = (named.get(thing, []) for thing in ("groups", "kept", "as_rows"))
    wanted = bool(groups) and bool(kept or as_rows) and "out" not in named and "no" not in named
    return (
        _asked(group_lines="keep as rows")
        if wanted and _rest_says_nothing(text, *groups, *kept, *as_rows)
        else None
    )


def _decimals(named: Named, signs: list[re.Match[str]], text: str) -> Built:
    decimals = named.get("decimals")
    if not decimals or "no" in named:
        return None
    marks = [*signs, *re.finditer(r"\b(?:points?|dots?)\b", text)]
    outside = [found for found in marks if not any(d.start() <= found.start() < d.end() for d in decimals)]
    chosen = outside or [found for found in marks if found[0].startswith("point")]
    kinds = {"comma" if found[0].startswith(("comma", ",")) else "point" for found in chosen}
    if len(kinds) != 1 or any(found[0].rstrip("s") not in ("comma", "point", "dot") for found in chosen):
        return None
    return _asked(decimals=kinds.pop()) if _rest_says_nothing(text, *decimals, *chosen) else None


def _separator(named: Named, signs: list[re.Match[str]], text: str) -> Built:
    parted = named.get("parted", [])
    signs = [sign for sign in signs if sign[0] != "," or len(signs) == 1]
    if len(signs) != 1 or "no" in named or "decimals" in named:
        return None
    sign = signs[0]
    used = re.match(
        rf"(?:(?:it|we|they|the file) )?(?:uses?|take|try)\b(?: an?| the)? {re.escape(sign[0])}$", text
    )
    if not (parted or used) or not _rest_says_nothing(text, sign, *parted):
        return None
    name = sign[0] if sign[0] in SIGNS else sign[0].removesuffix("s")
    return _asked(separator=SIGNS[name])
