"""Reads what a word means: a term that the notes explain, a column, or which contents a column has."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from assistant.builtin.linking import Catalog
from assistant.builtin.request.advice import RecallNotes
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Distribution
from assistant.builtin.sentence import Sentence
from assistant.builtin.speaking import spoken
from assistant.builtin.templates import compiled, either, words_of
from assistant.builtin.tokens import key_of
from tools.core import Column

_FILE = Path(__file__).parent.parent / "explaining.toml"
_CODE = re.compile(r"[A-Za-z0-9]+[_#?][A-Za-z0-9_]*|[a-z]+[A-Z]\w*|[A-Z]{2,}\w*[\d_]\w*")
# "What's the median" asks for one, of what was spoken of.
_FIGURE = re.compile(
    r"(?:(?:and|so|ok|but|now) )*(?:what(?:'s| is|s| are| was| were)) (?:the )?"
    r"(?:mean|median|average|churn|recency|standard deviation|(?:quanti|percenti|deci|quarti)les?|outliers?|"
    r"gap|segments?|clusters?|stability)",
    re.IGNORECASE,
)
_FEW = 30  # contents that can be listed
_SURE = 0.8


def read_explanation(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read "explain k-means in two sentences", "what does lead time mean", "possible values of tier"."""
    text = sentence.text.strip().rstrip("?!. ")
    said = words_of(text)
    if _FIGURE.fullmatch(text):
        return None
    if any(way.fullmatch(said.said) for way in _ways("term_ways")) and not _is_column(text, catalog):
        return Reading((RecallNotes(question=sentence.text.strip()),))
    bare = re.fullmatch(r"(?:what is|what's|whats|what are) (?P<name>\S+)", text, re.IGNORECASE)
    code = bare["name"].strip("`\"'") if bare else ""
    if _CODE.fullmatch(code) and code in catalog.columns:
        return _of_column(catalog.columns[code], catalog, told=True)
    for kind in ("column_ways", "value_ways"):
        found = next((f for way in _ways(kind) if (f := way.fullmatch(said.said))), None)
        column = _column(said.written(found, "x"), catalog) if found else None
        listed = column is not None and column.kind == "text" and (column.n_distinct or 0) <= _FEW
        if column is not None and (kind == "column_ways" or listed):
            return _of_column(column, catalog, told=kind == "column_ways")
    return None


def _of_column(column: Column, catalog: Catalog, *, told: bool) -> Reading:
    """Show what a column holds, and say that its name is all that the data tell of its meaning."""
    name = " ".join(catalog.words_of.get(column.name, ())) or spoken(catalog, column.name)
    unit = f", in {column.unit}" if column.unit else ""
    kind = {"number": f"a number{unit}", "date": "a date", "datetime": "a date with the time"}.get(
        column.kind, "a text or a code"
    )
    note = (
        f"The data carry no description of **{column.name}**. By its name I take it as *{name}*, {kind}; "
        "below is what it holds."
    )
    return Reading((Distribution(column=column.name),), (note,) if told else ())


def _is_column(text: str, catalog: Catalog) -> bool:
    """Tell whether a word of the notes is the whole name of a column here: a column called "median"."""
    names = {name.lower() for name in catalog.loaded}
    return bool(names & set(re.findall(r"\w+", text.lower())))


def _column(words: str, catalog: Catalog) -> Column | None:
    plain = re.sub(r"^(?:the|our|my|column|field|variable)\s+", "", words.strip("`\"' "), flags=re.IGNORECASE)
    exact = next((name for name in catalog.loaded if name.lower() == plain.lower()), None)
    links = catalog.link_column(key_of(plain)) if plain else ()
    name = exact or (links[0].column if links and links[0].score > _SURE else None)
    return catalog.columns.get(name) if name else None


@cache
def _ways(kind: str) -> tuple[re.Pattern[str], ...]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    names = {"TERM": sorted(document["term"], key=len, reverse=True)}
    lead, tail = (f"(?:{either(sorted(document[n], key=len, reverse=True))})*" for n in ("lead", "tail"))
    return tuple(re.compile(f"{lead}(?:{compiled(way, names)}){tail}") for way in document[kind])
