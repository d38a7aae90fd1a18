"""Knows how numbers are dressed in files: currency, percent, thousands marks, minus signs, K and M."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tools.files.conversions import DEBIT, MINUS, Reading
from tools.understanding.vocabulary import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ORNAMENTS = "".join(CURRENCY_SIGNS) + "% \u00a0\u202f"
FACTORS = {"k": 1e3, "m": 1e6, "b": 1e9}


def undressed(
    name: str, texts: Sequence[str], comma_decimals: bool
) -> tuple[Reading, tuple[str, ...]] | None:
    """Tell how numbers are dressed, or None if these are no numbers.

    Args:
        name: The column.
        texts: Its texts without missing ones and without blanks around them.
        comma_decimals: Whether other columns of the file write 3,14.

    Returns:
        The reading, and the currencies and units that the texts name.
    """
    letters = {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]+", text)}
    currencies = {word for word in letters if word.upper() in CURRENCY_CODES or word in CURRENCY_WORDS}
    debit = bool(letters & {"dr", "cr"})
    factors = bool(letters & FACTORS.keys())
    if letters - currencies - {"dr", "cr", "e"} - FACTORS.keys():
        return None
    words = [(rf"\b{word}\b\.?", "") for word in sorted(currencies)] + ([(DEBIT, "")] if debit else [])
    used = {char for text in texts for char in text}
    ornaments = "".join(sorted(used & set(ORNAMENTS + MINUS)))
    if "(" in used:
        ornaments += "("
    if any(re.search(r"\d\s*[-\u2212]\s*$", text) for text in texts):
        ornaments += "-"
    draft = Reading(name, "number", (), ".", "", ornaments, tuple(words), debit, factors)
    if currencies and not ornaments.strip(" "):
        draft = Reading(
            name, "number", (), ".", "", f"{ornaments} ".strip() or " ", tuple(words), debit, factors
        )
    stripped = [_bare(text, draft) for text in texts]
    marks = _marks(stripped, comma_decimals)
    if marks is None:
        return None
    decimal, thousands = marks
    fitting = [text.replace(thousands, "") if thousands else text for text in stripped]
    fitting = [text.replace(decimal, ".") for text in fitting]
    if sum(bool(NUMBER.fullmatch(text)) for text in fitting) < 0.95 * len(texts):
        return None
    units = [CURRENCY_SIGNS[char] for char in ornaments if char in CURRENCY_SIGNS]
    units += [CURRENCY_WORDS.get(word, word.upper()) for word in sorted(currencies)]
    units += ["%"] if "%" in ornaments else []
    reading = Reading(name, "number", (), decimal, thousands, draft.ornaments, draft.words, debit, factors)
    return reading, tuple(dict.fromkeys(units))


def _bare(text: str, reading: Reading) -> str:
    """Take off what the engine will take off, marks of thousands and decimals left."""
    for pattern, instead in reading.words:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    removed = "".join(set(reading.ornaments) - set("()-" + MINUS))
    text = text.translate(str.maketrans(MINUS, "--", removed))
    if "(" in reading.ornaments:
        text = re.sub(r"^\s*\((.*)\)\s*$", r"-\1", text)
    if "-" in reading.ornaments:
        text = re.sub(r"^\s*(.*[^\s-])\s*-\s*$", r"-\1", text)
    return re.sub(r"(?i)\s*[kmb]\s*$", "", text) if reading.factors else text


def grouped_with_dots(texts: Sequence[str]) -> bool:
    """Whether dots stand before every three digits, and nowhere else."""
    return all(re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+|[+-]?\d{1,3}", text) for text in texts) and any(
        "." in text for text in texts
    )


def _marks(texts: Sequence[str], comma_decimals: bool) -> tuple[str, str] | None:
    """Tell decimal and thousands mark, by what stands last and by groups of three."""
    both = [text for text in texts if "," in text and "." in text]
    if both:
        last = Counter("," if text.rfind(",") > text.rfind(".") else "." for text in both)
        return (",", ".") if last.most_common(1)[0][0] == "," else (".", ",")
    if any("'" in text or "\u2019" in text for text in texts):
        return ".", "'" if any("'" in text for text in texts) else "\u2019"
    commas = [text for text in texts if "," in text]
    if not commas:
        several = any(text.count(".") > 1 for text in texts)
        return (",", ".") if (comma_decimals or several) and grouped_with_dots(texts) else (".", "")
    grouped = all(re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d+)?", text) for text in commas)
    several = any(text.count(",") > 1 for text in commas)
    if grouped and (several or not comma_decimals):
        return ".", ","
    return (",", "") if all(text.count(",") == 1 for text in commas) else None
