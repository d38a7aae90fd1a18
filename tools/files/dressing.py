"""Knows how numbers are dressed in files: currency, percent, thousands marks, minus signs, K and M."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from tools.files.conversions import DEBIT, MINUS, Mark, Reading
from tools.files.dates import whole_word
from tools.understanding.vocabulary import (
    BEHIND,
    CURRENCY_CODES,
    CURRENCY_MARKS,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    POWERS,
)

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ORNAMENTS = "".join(CURRENCY_SIGNS) + "%~≈ \u00a0\u202f\u2009\u2007"
WHOLE_SUM = "[.,]\\s*[–—-]+\\s*([^\\d]*)$"  # "12.-" as sums without cents are written in Switzerland
FLAG = re.compile(  # behind a number: of a footnote, or p for provisional as statistics offices write it
    r"([\d%])(\s*(\*{1,3}|[†‡#¹²³⁴⁵]|\((p|r|e|s|b|c|u|prov|est|rev|prel)\.?\)|\[[a-z0-9]\])|\s+[bcdefnprsuz])\s*$",
    re.IGNORECASE,
)
MOST_FLAGGED = 0.6  # part of the numbers that may have a mark: more of them have a unit
MOST_FLAGS = 4
BILLIONS = re.compile(r"\d[.,]\d|\d\s?B\b|[$€£₹]|\b[A-Z]{3}\b")  # what stands in sums that are billions
FRACTIONS = 0.8  # part of the numbers that have decimals where letters alone may be marks
YEAR = re.compile(r"\D{0,12}(19|20)\d\d\D{0,6}")
OTHER_MARKS = (("\u066c", ""), ("\u066b", "."))  # thousands and decimals among Arabic digits
UNMARKED = 0.3  # part of the amounts that have to be without a mark where CR alone is one


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
    marks_around = {
        mark: f"(?:{re.escape(mark)})" for mark in CURRENCY_MARKS if any(mark in t.casefold() for t in texts)
    }
    joint = re.compile("|".join(sorted(marks_around.values(), key=lambda p: (-len(p), p))), re.IGNORECASE)
    freed = [joint.sub("", text) for text in texts] if marks_around else texts
    letters = {word.casefold() for text in freed for word in re.findall(r"[^\W\d_]+", text)}
    currencies = {word for word in letters if word.upper() in CURRENCY_CODES or word in CURRENCY_WORDS}
    powers = _powers(letters - currencies)
    if "b" in powers and not any(BILLIONS.search(text) for text in texts):
        del powers["b"]  # 12 b is the number of a house
    debit: Mark = _negative(letters, texts) if letters & {"dr", "cr"} and "cr" not in powers else ""
    behind = {word for word in letters - currencies if word in BEHIND}
    if letters - currencies - powers.keys() - behind - ({"dr", "cr", "e"} if debit else {"e"}):
        return None
    if len({BEHIND[word] for word in behind}) > 1 or (behind and currencies):
        return None
    words = [(joint.pattern, "")] if marks_around else []
    words += [(whole_word(word), "") for word in sorted(currencies)] + ([(DEBIT, "")] if debit else [])
    words += [(mark, instead) for mark, instead in OTHER_MARKS if any(mark in text for text in texts)]
    words += [(rf"\s*{word}\.?\s*$", "") for word in sorted(behind, key=lambda word: (-len(word), word))]
    words += [(rf"\s*{word}\.?\s*$", f"e{powers[word]}") for word in sorted(powers, key=len, reverse=True)]
    words += [(WHOLE_SUM, r"\1")] if any(re.search(WHOLE_SUM, text) for text in texts) else []
    words += [(sign, str(int(sign))) for sign in sorted({c for t in texts for c in t if _is_other_digit(c)})]
    used = {char for text in freed for char in text}
    ornaments = "".join(sorted(used & set(ORNAMENTS + MINUS)))
    if "(" in used:
        ornaments += "("
    if any(re.search(r"\d\s*[-\u2212]\s*$", text) for text in texts):
        ornaments += "-"
    draft = Reading(name, "number", (), ".", "", ornaments, tuple(words), debit)
    if currencies and not ornaments.strip(" "):
        draft = Reading(name, "number", (), ".", "", f"{ornaments} ".strip() or " ", tuple(words), debit)
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
    units += sorted({CURRENCY_MARKS[mark] for mark in marks_around if CURRENCY_MARKS[mark]})
    units += ["%"] if "%" in ornaments else []
    units += sorted({BEHIND[word] for word in behind})
    reading = Reading(name, "number", (), decimal, thousands, draft.ornaments, draft.words, debit)
    return reading, tuple(dict.fromkeys(units))


def marks_behind(name: str, texts: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern of footnote marks behind some numbers of a column, or None if there are none.

    In a column of a year they may stand behind all, as where the whole year is provisional.
    """
    found = [match for text in texts if (match := FLAG.search(text))]
    flags = {match[2].strip().casefold() for match in found}
    most = 1.0 if YEAR.fullmatch(name) else MOST_FLAGGED
    if any(flag.isalpha() for flag in flags) and not YEAR.fullmatch(name):
        fractions = sum(bool(re.search(r"\d[.,]\d", text)) for text in texts)
        if fractions < FRACTIONS * len(texts):
            return None  # 12 c is the number of a house
    few = 0 < len(found) <= most * len(texts) and len(flags) <= MOST_FLAGS
    return FLAG if few and not flags & POWERS.keys() else None


def _negative(letters: Collection[str], texts: Sequence[str]) -> Mark:
    """Tell which mark makes an amount negative: DR, or CR where what is owed has no mark, as on cards."""
    unmarked = sum(not re.search(DEBIT, text, re.IGNORECASE) for text in texts)
    return "cr" if "dr" not in letters and unmarked > UNMARKED * len(texts) else "dr"


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
    return text


def _powers(letters: Collection[str]) -> dict[str, int]:
    """Return the words for thousands, millions, lakhs and crores among letters, with their power of ten."""
    powers = {word: POWERS[word] for word in letters if word in POWERS}
    if "cr" in powers and not any(word.startswith(("lakh", "lac", "crore")) for word in letters):
        del powers["cr"]  # credit, not crore
    return powers


def _is_other_digit(char: str) -> bool:
    """Whether a character is a digit of another script, or one of double width."""
    return char.isdecimal() and not char.isascii()


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
