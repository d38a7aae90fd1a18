"""Knows how text becomes words: tokens with their lemmas, and messages with several requests."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

TokenKind = Literal["word", "number", "quoted", "symbol"]

_IDIOMS = Path(__file__).with_name("idioms.toml")
_SCANNER = re.compile(
    r"""
    (?P<quoted>"[^"\n]{1,200}"|“[^”\n]{1,200}”|‘[^’\n]{1,200}’|(?<![\w])'[^'\n]{1,200}'(?!\w)|`[^`\n]{1,200}`)
  | (?P<clock>\d{1,2}:\d{2}(?!\d))
  | (?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})
  | (?P<continental>\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)|(?<![\d,])\d+,\d\d(?![\d,])|
        (?<=(?:over|than|bove|nder|elow)[ ])\d+,\d(?![\d,]))
  | (?P<number>(?:\d{1,3}(?:,\d{2,3})+|\d+)(?:\.\d+)?)(?=(?:st|nd|rd|th)?\b|[^\W\d]|\W|_|$)
  | (?P<short>\bw/o\b|\bw/)
  | (?P<symbol>>=|<=|!=|<>|==|[%<>=+&,;:?!()$€£₹\n–-]|\.(?=\s|$))
  | (?P<company>\b[A-Z]{1,4}&[A-Z]{1,4}\b)
  | (?P<word>[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*)
  | (?P<other>_|\S)
    """,
    re.VERBOSE,
)
_IRREGULAR = {
    "ins": "in",
    "ups": "up",
    "men": "man",
    "women": "woman",
    "people": "people",
    "children": "child",
    "cities": "city",
    "ladies": "lady",
    "genders": "gender",
    "this": "this",
    "is": "is",
    "was": "was",
    "has": "has",
    "does": "does",
    "less": "less",
    "miles": "mile",
    "analyses": "analysis",
    "bus": "bus",
    "series": "series",
    "always": "always",
    "sales": "sale",
    "status": "status",
    "gross": "gross",
    "plus": "plus",
    "yes": "yes",
    "its": "its",
    "us": "us",
    "as": "as",
    "vs": "vs",
    "class": "class",
    "business": "business",
    "address": "address",
    "basis": "basis",
    "access": "access",
    "process": "process",
    "loss": "loss",
    "analysis": "analysis",
    "previous": "previous",
    "various": "various",
    "ages": "age",
    "movies": "movie",
    "statuses": "status",
    "bonus": "bonus",
    "news": "news",
    "dates": "date",
    "purchases": "purchase",
    "averages": "average",
    "states": "state",
    "types": "type",
    "rates": "rate",
    "wives": "wife",
    "ids": "id",
    "values": "value",
    "times": "time",
    "lines": "line",
    "places": "place",
    "prices": "price",
    "charges": "charge",
    "balances": "balance",
    "services": "service",
    "devices": "device",
    "sexes": "sex",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign of a message.

    Attributes:
        text: As written.
        norm: Lower case, without possessive.
        lemma: Singular form of `norm`.
        start: Offset of the first character.
        end: Offset behind the last character.
        kind: What it looks like.
    """

    text: str
    norm: str
    lemma: str
    start: int
    end: int
    kind: TokenKind


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """Return the singular of a lower-case word; anything else stays as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and word.endswith("s"):
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("ches", "shes", "xes", "sses", "zes")):
            return word[:-2]
        if not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """Return a crude root, so that churned, churning and churn meet; for matching names only."""
    base = lemma(word)
    for ending in ("ement", "ment", "ation", "ition", "ing", "ed", "er", "ion", "al"):
        if (
            base.endswith(ending)
            and len(base) - len(ending) >= 4
            and (ending != "al" or base[-4] == base[-3])
        ):
            base = base[: -len(ending)]
            break
    if len(base) > 5 and base.endswith("at"):
        base = base[:-2]  # escalated, escalation
    if len(base) > 4 and base[-1] == base[-2]:
        base = base[:-1]
    if len(base) > 4 and base.endswith("e"):
        base = base[:-1]
    return base[:-1] + "i" if len(base) > 4 and base.endswith("y") else base


def tokenise(text: str) -> list[Token]:
    """Split a message into tokens; quotes keep what they hold in one token."""
    tokens: list[Token] = []
    for match in _SCANNER.finditer(text):
        shape = match.lastgroup
        body = match.group()
        if shape == "other":
            continue
        if shape == "quoted":
            inner = body[1:-1].strip()
            tokens.append(Token(inner, inner.lower(), inner.lower(), match.start(), match.end(), "quoted"))
        elif shape == "continental":  # 1.000,50 and 20,50; but 1,00,000 and 1,500
            norm = body.replace(".", "").replace(",", ".")
            tokens.append(Token(body, norm, norm, *match.span(), "number"))
        elif shape in ("number", "date", "clock"):
            tokens.append(
                Token(
                    body, body.replace(",", "") if shape == "number" else body, body, *match.span(), "number"
                )
            )
        elif shape == "short":
            word = "without" if body.lower() == "w/o" else "with"
            tokens.append(Token(body, word, word, *match.span(), "word"))
        elif shape == "symbol":
            tokens.append(Token(body, body, body, *match.span(), "symbol"))
        else:
            norm = body.lower().replace("’", "'")
            for ending in ("'s", "s'"):
                if norm.endswith(ending) and norm not in (
                    "it's",
                    "what's",
                    "that's",
                    "let's",
                    "who's",
                    "how's",
                ):
                    norm = norm[: -len(ending)] + ("s" if ending == "s'" else "")
            tokens.append(Token(body, norm, lemma(norm), *match.span(), "word"))
    return [token for index, token in enumerate(tokens) if not _is_glue(tokens, index)]


def _is_glue(tokens: list[Token], index: int) -> bool:
    """Tell whether a sign only joins words: brackets, colons, hyphens that are not a range of numbers."""
    text = tokens[index].text
    if text in ("(", ")", ":"):
        return True
    if text not in ("-", "–") or tokens[index].kind != "symbol":
        return False
    around = tokens[index - 1 : index] + tokens[index + 1 : index + 2]
    if len(around) < 2 or around[1].kind != "number":
        return True
    return around[0].kind != "number" and around[0].norm not in ("st", "nd", "rd", "th")  # 3rd-9th March


@lru_cache(maxsize=100_000)
def key_of(text: str) -> tuple[str, ...]:
    """Return the lemmas of a phrase, as dictionaries are keyed; only comparing signs are kept."""
    return tuple(
        token.lemma
        for token in tokenise(text)
        if token.kind != "symbol"
        or token.text in (">", "<", ">=", "<=", "=", "==", "!=", "<>", "%", "&", ",", "+")
    )


def name_words(name: str) -> list[str]:
    """Split a column name into lower-case words: camelCase, snake_case, digits and brackets."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    spaced = re.sub(r"(\d)([a-zA-Z]{2,})", r"\1 \2", spaced)
    spaced = re.sub(r"([a-zA-Z]{3,})(\d)", r"\1 \2", spaced)
    return [word.lower() for word in re.findall(r"[^\W_]+", spaced)]


_BREAK = re.compile(r"(?<=[?!;\n])\s*|(?<=[^\d\s.]\.)\s+(?=\S)|(?<=\d\.)\s+(?=[A-Za-z])")


@lru_cache(maxsize=1)
def _idioms() -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = tomllib.loads(_IDIOMS.read_text(encoding="utf-8"))["pairs"]
    return tuple(
        (
            re.compile(
                rf"(?<![\w-])(?:{pattern}){'' if ' (?=' in pattern else '(?![' + chr(92) + 'w-])'}",
                re.IGNORECASE,
            ),
            plain,
        )
        for pattern, plain in pairs
    )


@lru_cache(maxsize=10_000)
def plain_english(text: str, names: tuple[str, ...] = ()) -> str:
    """Write turns of phrase in plain words, unless something stands in quotes or a segment is named."""
    if any(sign in text for sign in '"“‘`'):
        return text
    if any(name.lower() in text.lower() for name in names):
        return text
    for pattern, plain in _idioms():
        text = pattern.sub(plain, text)
    return text


def split_sentences(text: str) -> list[str]:
    """Split a message at the ends of sentences; quoted text is not split."""
    pieces: list[str] = []
    for piece in _BREAK.split(text):
        stripped = piece.strip()
        if not stripped or not any(character.isalnum() for character in stripped):
            continue
        bracket = stripped.startswith(
            "("
        )  # "How many live alone? (no partner)": it says more of the question
        if pieces and (bracket or _inside_quotes(pieces[-1]) or _SHORTENED.search(pieces[-1].lower())):
            pieces[-1] = f"{pieces[-1]} {stripped}"
        else:
            pieces.append(stripped)
    return pieces


_SHORTENED = re.compile(r"\b(vs|approx|no|nr|rs|st|mr|mrs|e\.g|i\.e)\.$")


def _inside_quotes(text: str) -> bool:
    """Tell whether a quotation was opened and not closed."""
    opened = len(re.findall(r"(?<!\w)'(?=\w)", text))
    closed = len(re.findall(r"(?<=[\w.!?])'(?!\w)", text))
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”") or opened > closed
