"""Reads what a person says about the layout of a file: its header, separator, decimals, lines of sums."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reply
from assistant.builtin.request.tables import ChangeReading

Found = re.Match[str]
Built = tuple[Request, ...] | Reply | None

ORDINALS = {
    word: number
    for number, words in enumerate(
        ("one first 1st", "two second 2nd", "three third 3rd", "four fourth 4th", "five fifth 5th",
         "six sixth 6th", "seven seventh 7th", "eight eighth 8th", "nine ninth 9th", "ten tenth 10th"), 1
    )
    for word in words.split()
}  # fmt: skip
SIGNS = {
    "semicolon": ";", "semi-colon": ";", "semi colon": ";", ";": ";", "comma": ",", ",": ",", "tab": "\t",
    "tabulator": "\t", "pipe": "|", "bar": "|", "vertical bar": "|", "|": "|", "colon": ":", ":": ":",
    "space": " ", "blank": " ", "tilde": "~", "~": "~", "caret": "^", "^": "^", "slash": "/", "hash": "#",
}  # fmt: skip
_NUMBER = r"(?P<number>\d+(?:st|nd|rd|th)?|" + "|".join(ORDINALS) + r")"
_SIGN = "(?P<sign>" + "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True)) + ")s?"
_NAMES = (
    r"(?:the |my |our |your )?(?:real |actual |true |proper |correct )?(?:headers?|headings?|"
    r"header (?:row|line)|(?:column|field) (?:names|headers|headings)|names(?: of the columns)?|"
    r"titles of the columns)"
)
_ROW = r"(?:rows?|lines?)"
_OF_FILE = r"(?: (?:of|in) (?:the |this |my )?(?:file|sheet|table|data|csv))?"
_WHERE = rf"(?:{_ROW} (?:number |no\.? )?{_NUMBER}|(?P<ordinal>{'|'.join(ORDINALS)}) {_ROW})"
_STANDS = (
    r"(?:is|are|stands?|sits?|begins?|starts?|comes?|can be found|should be)(?: only)?"
    r"(?: in| on| at| from| with)?"
)
_OUT = (
    r"(?:ignore|skip|drop|remove|delete|leave out|exclude|discard|throw (?:away|out)|"
    r"do not (?:use|read|count)|don't (?:use|read|count)|disregard|omit|forget)"
)
_THINGS = r"(?:data|values|records|rows|customers|entries|orders|transactions)"
_NO_DATA = (
    rf"(?:(?:are|is) (?:not|no)|aren't|isn't) (?:real |actual |any |part of the )?{_THINGS}|"
    r"(?:are|is) (?:just |only )?(?:titles?|notes?|remarks?|comments?|junk|rubbish|garbage|units|metadata|"
    r"a title|a note|explanations?|text|empty)|"
    r"(?:do not|don't|does not|doesn't) (?:count|belong(?: to (?:it|the data))?)"
)
_DECIMAL = r"decimal(?:s| mark| sign| separator| point| places)?"
_MARK = r"(?P<mark>comma|point|dot)s?"
_WITH = (
    r"(?:(?:please )?(?:use|take|it has|there is|there are|with|the file has|it uses|they use|we use|"
    r"(?:the )?(?:numbers|amounts|figures) (?:have|use|are written with|are with|come with)) )?(?:an? |the )?"
)


def _count(found: Found) -> int:
    text = (found["number"] or found.groupdict().get("ordinal") or "one").lower()
    bare = re.sub(r"(?:st|nd|rd|th)$", "", text) if text[0].isdigit() else text
    return int(bare) if bare.isdigit() else ORDINALS[bare]


def _asked(**what: Any) -> tuple[Request, ...]:
    return (ChangeReading.model_validate(what),)


def _header(found: Found, catalog: Catalog) -> Built:
    return _asked(header_row=_count(found))


def _no_header(found: Found, catalog: Catalog) -> Built:
    return _asked(header_row=0)


def _where_is_header(found: Found, catalog: Catalog) -> Built:
    """Ask for the row of the header where it is said to be another one."""
    names = [c.name for c in catalog.table.columns if not c.derived_from][:4]
    choices = tuple(f"The header is in row {row}" for row in (2, 3, 4))
    return Reply("clarify", "which_header", {"source": catalog.table.source, "names": names}, choices)


def _first_rows(found: Found, catalog: Catalog) -> Built:
    return _asked(first_rows_out=_count(found))


def _separator(found: Found, catalog: Catalog) -> Built:
    return _asked(separator=SIGNS[found["sign"].lower()])


def _decimals(found: Found, catalog: Catalog) -> Built:
    return _asked(decimals="comma" if found["mark"].lower().startswith("comma") else "point")


def _totals(found: Found, catalog: Catalog) -> Built:
    return _asked(total_rows="leave out")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{text})$", re.IGNORECASE)


LAYOUT_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[Found, Catalog], Built]], ...] = (
    (_pattern(rf"{_NAMES} {_STANDS} (?:the )?{_WHERE}(?:,? not .*)?{_OF_FILE}"), _header),
    (_pattern(rf"(?:the )?{_WHERE}{_OF_FILE} (?:is|has|holds|contains|gives|should be) {_NAMES}"), _header),
    (_pattern(
        rf"(?:use|take|read|make|treat) (?:the )?{_WHERE}{_OF_FILE} (?:as|for|to be) {_NAMES}"), _header),
    (_pattern(rf"(?:take|use|read|get) {_NAMES} (?:from|in|of) (?:the )?{_WHERE}{_OF_FILE}"), _header),
    (_pattern(
        r"(?:the file|it|this(?: file)?|my file|the table|the data|there) (?:has|is|are|have|had|comes with|"
        rf"contains) (?:no|not an?|not any) ?{_NAMES}(?: row| line)?|"
        rf"(?:the )?(?:very )?first {_ROW} (?:is|are) (?:already |also )?{_THINGS}(?:,? .*)?"), _no_header),
    (_pattern(
        rf"{_NAMES} {_STANDS} (?:the )?(?:wrong|another|a different|some other)\b.*"), _where_is_header),
    (_pattern(rf"(?:the )?(?:first|top|upper)(?: {_NUMBER})? {_ROW}{_OF_FILE} (?:{_NO_DATA})"), _first_rows),
    (_pattern(rf"{_OUT} (?:the )?(?:first|top|upper)(?: {_NUMBER})? {_ROW}{_OF_FILE}"), _first_rows),
    (_pattern(
        r"(?:use|take|try|split (?:it |the lines |the columns |the file )?(?:at|by|on)|"
        r"(?:part|separate|parse) (?:it |the lines |the columns |the file )?(?:by|at|with)) "
        rf"(?:an? |the )?{_SIGN}(?: (?:as|for) (?:the |a )?(?:(?:field |column )?separator|delimiter)|"
        r" (?:separator|delimiter))?(?: instead)?"), _separator),
    (_pattern(
        r"(?:the |its |our )?(?:(?:field |column )?(?:separator|delimiter)|fields|columns|values|lines|it|"
        r"the file|this file|cells)(?:'s| is| are)?(?: (?:separated|delimited|parted|split|divided))?"
        rf"(?: (?:by|with|at))? (?:an? |the )?{_SIGN}"), _separator),
    (_pattern(rf"(?:it is |it's |the file is )?{_SIGN}[- ](?:separated|delimited)"), _separator),
    (_pattern(
        rf"{_WITH}{_MARK} (?:(?:is|are|as|for|before|stands for|marks) )?(?:the |a )?{_DECIMAL}"), _decimals),
    (_pattern(rf"{_WITH}decimal {_MARK}"), _decimals),
    (_pattern(
        rf"(?:the )?{_DECIMAL} (?:is|are|uses?)(?: written with| marked by| separated by| with)? "
        rf"(?:an? |the )?{_MARK}"), _decimals),
    (_pattern(
        rf"{_OUT} (?:all |any )?(?:of )?(?:the |these |those )?(?:(?:grand |sub)?-?totals?|sums?|summary|"
        rf"subtotals?(?: and totals?)?|totals? and subtotals?)(?: {_ROW}| records)?{_OF_FILE}"), _totals),
    (_pattern(
        rf"(?:the |some )?(?:{_ROW} (?:of|with) )?(?:the )?(?:(?:grand |sub)?-?totals?|sums?|summary)"
        rf"(?: {_ROW})? (?:{_NO_DATA})"), _totals),
)  # fmt: skip
