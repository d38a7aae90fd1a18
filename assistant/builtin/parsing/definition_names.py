"""Knows which words of a definition may be the name of a segment, by the lists of `schemes.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog

_LISTS = Path(__file__).parent.parent / "schemes.toml"
QUOTE = "\"'“”‘’`"
NAME_WORDS = 3
NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "once", "twice")


@cache
def words(name: str) -> tuple[str, ...]:
    """Return a list of `schemes.toml`, longest phrases first."""
    listed: list[str] = tomllib.loads(_LISTS.read_text(encoding="utf-8"))[name]
    return tuple(sorted(listed, key=len, reverse=True))


@cache
def any_of(name: str) -> str:
    """Return a pattern for one phrase of a list of `schemes.toml`."""
    return "|".join(rf"(?<!\w){re.escape(w)}(?!\w)" if w[0].isalnum() else re.escape(w) for w in words(name))


def sides(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what may be the name and the conditions of a definition, and whether a sign or quotes say so."""
    quoted = re.search(rf"[{QUOTE}]([^{QUOTE}]+)[{QUOTE}]", text)
    if quoted:
        rest = (text[: quoted.start()] + text[quoted.end() :]).strip(" ,")
        bare = re.sub(rf"^(?:{any_of('sign')})\s*|\s*(?:{any_of('sign')})$", "", rest, flags=re.IGNORECASE)
        yield quoted[1], bare, True
    bracket = re.fullmatch(r"(?P<name>[^()]+?) ?\((?P<who>[^()]+)\)", text)
    if bracket:
        yield bracket["name"], bracket["who"], True
    for sign in re.finditer(any_of("sign"), text, re.IGNORECASE):
        left, right = text[: sign.start()].strip(" ,"), text[sign.end() :].strip(" ,")
        word, symbol = sign[0].lower(), not sign[0][0].isalpha()
        if not left or not right:
            continue
        plain = word in words("joining_sign")  # "as", "with": of many other uses
        if word not in words("towards_conditions") and may_name(right, sure=symbol, capital=plain):
            yield right, left, not plain
        if word not in words("towards_name") and may_name(
            left, sure=symbol, capital=plain and bool(sign.start())
        ):
            yield left, right, not plain
    tokens = text.split()
    for n in range(min(NAME_WORDS, len(tokens) - 1), 0, -1):
        for own, others in ((tokens[-n:], tokens[:-n]), (tokens[:n], tokens[n:])):
            if may_name(" ".join(own), alone=True):
                yield " ".join(own), " ".join(others), False


def bare_name(name: str) -> str:
    """Return a name without quotes and the words in front of it."""
    bare = re.sub(rf"^(?:(?:{any_of('name_lead')})\s+)+", "", name.strip(f" {QUOTE}.,"), flags=re.IGNORECASE)
    return bare.strip(f" {QUOTE}.,:=")


def may_name(text: str, *, sure: bool = False, alone: bool = False, capital: bool = False) -> bool:
    """Tell whether words may be a name: few, no number among them, with a capital unless a sign says so.

    Args:
        text: The words.
        sure: A symbol stands beside them.
        alone: Nothing stands between them and the conditions.
        capital: Only a capital makes them a name.
    """
    bare = re.sub(rf"^(?:(?:{any_of('name_lead')})\s+)+", "", text.strip(f" {QUOTE}.,"), flags=re.IGNORECASE)
    tokens = bare.split()
    if not 0 < len(tokens) <= NAME_WORDS + 1 or re.search(r"\d|[<>=,;:]", bare):
        return False
    lowered = [word.lower() for word in tokens]
    begun = tokens[0][:1].isupper() and len(tokens) > 1 and sure  # "At risk"
    if (lowered[0] in {*words("people"), *words("no_name")} and not begun) or lowered[-1] in words("no_name"):
        return False
    if set(lowered) & set(NUMERALS):
        return False
    if all(token[:1].isupper() for token in tokens if len(token) > 3):
        return True
    if alone and len(tokens) == 2 and tokens[0][:1].isupper():
        return True  # "740 and up Top notch"
    plural = alone and len(tokens) == 2 and lowered[1].endswith("s")  # "major donors over 1,000"
    return not capital and (sure or plural or len(tokens) <= (1 if alone else 2))


def is_no_name(name: str, catalog: Catalog, sure: bool) -> bool:
    """Tell whether words say whom the conditions are about, or ask for something: "donors", "rate"."""
    items = annotate(name, catalog).items
    asking = any(item.has(kind) for item in items for kind in _MEASURING)
    held = not sure and any(item.values or (item.links and item.links[0].score > _NAMED) for item in items)
    empty = not sure and not items
    people = bool(items) and all(item.has("entity") for item in items) and not (sure and name[:1].isupper())
    return empty or asking or held or people


_MEASURING = ("statistic", "count", "share", "how_much", "grain", "chart_kind", "period", "quantile", "trend")
_NAMED = 0.66  # score of a link from which on a word names a column rather than a segment
