"""Reads questions what a word means: a term of statistics, or a column of the data."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Distribution
from assistant.builtin.sentence import Sentence

_FILE = Path(__file__).parents[1] / "terms.toml"
_POLITE = r"(?:(?:please|pls|and|so|also|ok|hey|can you|could you|would you|tell me|explain)[\s,]+)*"
_END = (
    r"(?: (?:mean|means|stand for|stands for|refer to|signify|exactly|here|please|to me|for me|again))*"
    r"[ ?!.]*$"
)
# "What is the median" asks for one; "what is a median" and "what does median mean" ask for the word.
_TERM = (
    re.compile(rf"^{_POLITE}(?:what(?: is|'s|s)|whats) (?:an? |meant by )(?P<term>[a-z -]+?){_END}"),
    re.compile(rf"^{_POLITE}what (?:does|do) (?:an? |the |the term |the word )?(?P<term>[a-z -]+?) "
               r"(?:mean|stand for|tell|say|refer to)[ ?!.]*$"),
    re.compile(rf"^(?:please |pls )?(?:define|explain|(?:the )?(?:meaning|definition) of) (?:an? |the )?"
               rf"(?P<term>[a-z -]+?){_END}"),
)  # fmt: skip
_TWO = re.compile(
    rf"^{_POLITE}(?:(?:what(?: is|'s|s)|whats) (?:the )?)?(?:difference between |how (?:does|do|is) )?"
    r"(?:an? |the )?(?P<one>[a-z -]+?) (?:vs\.?|versus|and|or|from|different from|differ from) (?:an? |the )?"
    r"(?P<two>[a-z -]+?)[ ?!.]*$"
)
_COLUMN = (
    re.compile(
        rf"^{_POLITE}what (?:does|do) (?:the )?(?:column |field |variable )?(?P<name>.+?)"
        r"(?: column| field)? (?:mean|stand for|represent|signify|measure|stands for)"
        r"(?: here| exactly)?[ ?!.]*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^{_POLITE}(?:what is |what's |whats )?(?:meant by|(?:the )?(?:meaning|definition) of) (?:the )?"
        r"(?:column |field |variable )?(?P<name>.+?)(?: column| field)?[ ?!.]*$",
        re.IGNORECASE,
    ),
)


def read_term(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Say what a term means, or what a column holds; None for any other sentence."""
    text = sentence.text.strip()
    names = [found["name"] for pattern in _COLUMN if (found := pattern.match(text))]
    for name in names:
        column = _column(name, catalog)
        if column is not None:
            note = (
                f"The file holds no description of {column} and does not say what it means;"
                " this is what it holds."
            )
            return Reading((Distribution(column=column),), (note,))
    said = _explained(text.lower())
    return Reply("answered", "term", {"terms": said}, starters(catalog)[:3]) if said else None


def _explained(text: str) -> list[str]:
    """Return the explanations of the terms that are asked for."""
    for pattern in _TERM:
        found = pattern.match(text)
        if found is not None and found["term"] in _terms():
            return [_terms()[found["term"]]]
    two = _TWO.match(text)
    if two is not None and two["one"] in _terms() and two["two"] in _terms():
        return [_terms()[two["one"]], _terms()[two["two"]]]
    return []


def _column(phrase: str, catalog: Catalog) -> str | None:
    """Return the column that a phrase names as a whole."""
    items = annotate(phrase, catalog).items
    if len(items) != 1 or not items[0].links:
        return None
    if items[0].links[0].how not in ("name", "taught") and phrase not in catalog.columns:
        return None
    column = catalog.columns[items[0].links[0].column]
    held = column.role not in ("customer_key", "row_key", "personal", "index")
    return column.name if held and column.kind not in ("date", "datetime") else None


@lru_cache(maxsize=1)
def _terms() -> dict[str, str]:
    """Return every way of writing a term, to its explanation."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))["term"]
    return {way: term["says"] for term in listed for way in term["ways"]}
