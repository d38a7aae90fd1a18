"""Reads what an answer shows: its first sentence, its numbers with their precision, what its charts draw."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.questions.model import Number

Response = Mapping[str, Any]


def plain(text: str) -> str:
    """Answer text without Markdown marks, with ordinary spaces and minus signs."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").replace("\\", "")
    return re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", text).strip()


NEXT = re.compile(r"(?:^|\n)\s*(?:you could|you can|or|next,?) ask(?: next)?:.*\Z", re.IGNORECASE | re.DOTALL)


def without_next(answer: str) -> str:
    """An answer without the questions that it proposes to go on with."""
    return NEXT.sub("", answer)


ABBREVIATION = re.compile(
    r"\b(vs|e\.g|i\.e|approx|no|incl|excl|st|dr|mr|mrs|ms|avg|max|min|std|dev|cf|ca|rs)\.$", re.I
)


BARE_VERDICT = re.compile(r"(?:yes|no)\b[^\d.!?:;]{0,40}[.!]", re.IGNORECASE)


def first_sentence(answer: str) -> str:
    """The first sentence of an answer; a list that it introduces with a colon belongs to it.

    So does the sentence after a bare yes or no, which says nothing yet.
    """
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", answer) if p.strip()]
    paragraphs = [p for p in paragraphs if not re.fullmatch(r"#+ .*", p)] or paragraphs
    if not paragraphs:
        return ""
    start = re.sub(r"^#+ .*\n", "", paragraphs[0])
    ends = [m.start() + 1 for m in re.finditer(r"[.!?](?=\s+[^\sa-z])", start)]
    end = next((e for e in ends if not ABBREVIATION.search(start[:e])), len(start))
    if BARE_VERDICT.fullmatch(start[:end]):
        end = next((e for e in ends if e > end and not ABBREVIATION.search(start[:e])), len(start))
    sentence = start[:end]
    if sentence.endswith(":") and len(paragraphs) > 1:
        sentence += "\n" + paragraphs[1]
    return sentence


def has_label(text: str, wanted: str) -> bool:
    """Whether one of the spellings stands in the text as whole words."""
    folded = fold(text)
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(fold(option))}(?![a-z0-9])", folded)
        for option in wanted.split("|")
    )


def fold(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


@dataclass(frozen=True)
class Seen:
    """A number as shown: its value, half a unit of its last place, and whether it was a percentage."""

    value: float
    half_unit: float
    percent: bool = False


NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+]|–(?=[₹$€£]))?\s?(?:(?:INR|Rs\.?|USD|EUR)\s?|[₹$€£]\s?)?(?P<sign2>-)?"
    r"(?P<digits>\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d{1,3}(?:[ \u2009]\d{3})+(?![\d,])|\d+)"
    r"(?P<decimals>\.\d+)?(?P<exp>e[+-]?\d+)?"
    r"\s?(?P<scale>%|percent\b|per cent\b|thousand\b|million\b|mn\b|billion\b|bn\b|lakhs?\b|crores?\b"
    r"|cr\b|pp\b|[kKMB](?![A-Za-z0-9]))?",
    re.IGNORECASE,
)
SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7,
}  # fmt: skip
WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def numbers_in(text: str) -> list[Seen]:
    """All numbers of a text, small number words included."""
    found = []
    for match in NUMBER.finditer(text):
        decimals = match["decimals"] or ""
        digits = re.sub(r"\D", "", match["digits"])
        scale = (match["scale"] or "").lower()
        factor = SCALES.get(scale, 1.0)
        exponent = 10.0 ** int(match["exp"][1:]) if match["exp"] else 1.0
        value = float(digits + decimals) * factor * exponent
        negative = "-" in (match["sign"] or "") + (match["sign2"] or "") or "–" in (match["sign"] or "")
        half = 0.5 * 10.0 ** -max(len(decimals) - 1, 0) * factor * exponent
        found.append(Seen(-value if negative else value, half, scale in ("%", "percent", "per cent", "pp")))
        if "," not in match["digits"] and re.search(r"\s", match["digits"]):
            found += [Seen(float(part), 0.5) for part in match["digits"].split()]
    folded = text.casefold()
    for value, word in enumerate(WORDS):
        if re.search(rf"\b{word}\b", folded):
            found.append(Seen(float(value), 0.0))
    if re.search(r"\b(none|nobody|no \w+)\b", folded):
        found.append(Seen(0.0, 0.0))
    return found


BASE = re.compile(
    r"\s*\(\s*[\d,. ]+ (?:rows?|transactions?|customers?|lines?|orders?|bookings?|calls?|members?|people"
    r"|accounts?|records?)\s*\)",
    re.IGNORECASE,
)


def stated_in(sentence: str) -> list[Seen]:
    """The numbers a sentence states: not the count of rows behind them, "(1,243 rows)", unless alone."""
    return numbers_in(BASE.sub("", sentence)) or numbers_in(sentence)


def seen_in(cell: object) -> list[Seen]:
    """Numbers of a table cell or a fact."""
    if isinstance(cell, bool) or cell is None:
        return []
    if isinstance(cell, int | float):
        text = repr(float(cell)) if isinstance(cell, float) else str(cell)
        decimals = (
            len(text.split(".")[1]) if "." in text and "e" not in text and not text.endswith(".0") else 0
        )
        return [Seen(float(cell), 0.5 * 10.0**-decimals)]
    return numbers_in(plain(str(cell)))


def matches(seen: Seen, wanted: Number) -> bool:
    """Whether a shown number is the wanted one at its precision, to 5 % or two decimals; counts are exact.

    Percentages may be rounded to one decimal however small they are.
    """
    pairs = [(seen.value, seen.half_unit, wanted.value)]
    if wanted.percent and not seen.percent:
        pairs.append((seen.value * 100, seen.half_unit * 100, wanted.value))
    for value, half, target in pairs:
        if wanted.either_sign:
            value, target = abs(value), abs(target)
        slack = 1e-9 + 1e-8 * abs(target) + wanted.tolerance
        coarse = max(0.05 * abs(target), 0.0501 if wanted.percent else 0.006)
        rounded = min(half * 1.001, coarse)
        if float(target).is_integer() and half == 0.5 and not wanted.percent:
            rounded = 0.0
        if abs(value - target) <= max(rounded, 0.0) + slack:
            return True
    return False


def array(values: Any) -> list[Any]:
    """The items of a plotly array, also where it is packed as base64."""
    if isinstance(values, Mapping) and "bdata" in values:
        flat = np.frombuffer(base64.b64decode(values["bdata"]), dtype=np.dtype(values["dtype"]))
        return list(flat.tolist())
    if isinstance(values, list | tuple):
        return [item for v in values for item in (array(v) if isinstance(v, list | tuple | Mapping) else [v])]
    return []


def trace_kind(trace: Mapping[str, Any]) -> str:
    """The kind of chart a trace draws: bar, line, scatter, pie, histogram, box, heatmap and so on."""
    kind = str(trace.get("type", "scatter"))
    if kind in ("scatter", "scattergl"):
        return "line" if "lines" in str(trace.get("mode", "lines")) else "scatter"
    return kind


KEYS = ("x", "y", "z", "labels", "values", "text", "theta", "r")


def traces(response: Response) -> list[Mapping[str, Any]]:
    return [trace for figure in response.get("figures") or [] for trace in figure.get("data", [])]
