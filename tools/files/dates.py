"""Knows how dates are written, and proves from the texts of a column in which order day and month stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.understanding.vocabulary import FOREIGN_MONTHS, MONTHS, WEEKDAYS

Order = Literal["day", "month", "year"]  # which field comes first

WRITTEN = re.compile(
    r"^\s*(?P<a>\d{1,4})(?P<s>[-/. ])(?P<b>\d{1,2})(?P=s)(?P<c>\d{1,4})(?P<time>[T ,]+\d{1,2}:\d{2}.*)?\s*$"
)
COMPACT = re.compile(r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")
NAMED = re.compile(  # SAS leaves the separators out: 03JAN2024
    r"^\s*(?P<a>\d{1,2}|[A-Za-z]{3,9})(?P<s>[-/. ]*)(?P<b>\d{1,2}|[A-Za-z]{3,9})(?P<t>,? ?[-/. ]?)"
    r"(?P<c>\d{2}|\d{4})(?P<time>[T ,]+\d{1,2}:\d{2}.*)?\s*$"
)
CLOCK = re.compile(
    r"^(?P<gap>[T ,]+)(?P<h>\d{1,2}):\d{2}(?P<sec>:\d{2})?(?P<frac>\.\d{1,9})?\s*(?P<half>[AaPp][Mm])?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)


@dataclass(frozen=True)
class DateShape:
    """How the dates of a column are written.

    Attributes:
        formats: strptime formats, most frequent first; empty for ISO 8601.
        datetime: Whether a time of day is part of it.
        order: Which field comes first.
        proven: "proven" by a field above 12, "written" where the form itself tells (year first, month names),
            "open" where every date could be read both ways, "mixed" where both orders are needed.
        witness: A date that proves it.
        two_digit_years: Whether years have two digits.
        words: Patterns, such as those of weekdays and of months in another language, with what stands
            for them before the formats apply.
        zones: Offsets from UTC that stand behind the times, which are read as the clocks showed them.
    """

    formats: tuple[str, ...]
    datetime: bool
    order: Order
    proven: Literal["proven", "written", "open", "mixed"]
    witness: str = ""
    two_digit_years: bool = False
    words: tuple[tuple[str, str], ...] = ()
    zones: tuple[str, ...] = ()


_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?"
ZONED = r"(?:(?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d\d)?|utc|gmt)"
OFFSET = re.compile(
    r":\d\d(?:\.\d+)?(?:\s?[ap]m)?\s*((?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d\d)?)\s*$", re.IGNORECASE
)
REWORDED = (  # other ways of writing, with what stands for them before the formats apply
    (r"^\s*'", ""),
    (r"^\s*(?:den|le|el|am|il|em|the|on)\s+(\d)", r"\1"),
    (r"([ap])\.\s?m\.?", r"\1m"),
    (
        rf"(:\d\d(?:\.\d+)?(?:\s?[ap]m)?)\s*{ZONED}(?:\s*\([^)]*\))?\s*$",
        r"\1",
    ),  # the clock of its place counts
    (r"(:\d\d(?:\.\d+)?(?:\s?[ap]m)?)\s+[a-z]{3,5}\s*$", r"\1"),
    (r"(:\d\d),(\d{1,9})\s*$", r"\1.\2"),
    (r"(:\d\d\.\d{6})\d{1,3}\s*$", r"\1"),
    (r"(\d)(?:st|nd|rd|th)\b(?: of)?", r"\1"),
    (r"(\d)\.? de ([^\W\d]+)(?: de(?:l)?)? (\d)", r"\1 \2 \3"),
    (r"\s*г(?:\.|ода)?\s*$", ""),
    (r"^\s*(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]", r"\1-\2-\3"),
    (r"(\s\d{1,2})\.([0-5]\d)\.([0-5]\d)\b", r"\1:\2:\3"),
    (r"(\s\d{1,2})\.([0-5]\d)(\s*[ap]m)?\s*$", r"\1:\2\3"),
    (r"^\s*(\d{4})(\d\d)(\d\d)T(\d\d):?(\d\d):?(\d\d)", r"\1-\2-\3T\4:\5:\6"),
    (rf"^\s*({_CLOCK})[ ,]+(\S.*)$", r"\2 \1"),
    (r"^\s*([a-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:[a-z]{3,4} )?(\d{4})\s*$", r"\1 \2 \4 \3"),
)


def _reworded(texts: list[str]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Take weekdays out of texts, write months in English and the parts in the usual order; say how."""
    known = {
        word.casefold().rstrip(".") for text in texts[:2000] for word in re.findall(r"[^\W\d_]+\.?", text)
    }
    if len(known) > 60 or not any(re.search(r"\d", text) for text in texts[:50]):
        return texts, ()
    words = [*_weekdays(texts[:200])]
    foreign = sorted(known & FOREIGN_MONTHS.keys() - MONTHS, key=lambda word: (-len(word), word))
    words += [(whole_word(word), FOREIGN_MONTHS[word]) for word in foreign]
    texts = _applied(texts, words)
    told = bool(known) or any(re.search(rf"\.|'|:\d\d,\d|:\d\d\s+{ZONED}", text) for text in texts[:50])
    for pattern, instead in REWORDED if told else ():
        compiled = re.compile(pattern, re.IGNORECASE)
        fitting = sum(bool(compiled.search(text)) for text in texts[:200])
        if fitting > 0.5 * len(texts[:200]):
            words.append((pattern, instead))
            texts = [compiled.sub(instead, text) for text in texts]
    return texts, tuple(words)


def whole_word(word: str) -> str:
    """Return the pattern of a word; the database knows the ends of words only where its letters are ASCII."""
    ends = [r"\b" if char.isascii() else "" for char in (word[0], word[-1])]
    return rf"{ends[0]}{word}{ends[1]}\.?"


def _applied(texts: list[str], words: Sequence[tuple[str, str]]) -> list[str]:
    for pattern, instead in words:
        compiled = re.compile(pattern, re.IGNORECASE)
        texts = [compiled.sub(instead, text) for text in texts]
    return texts


def _weekdays(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pattern of the weekdays that stand before dates, if most of them have one."""
    found = [re.match(r"\s*([^\W\d_]+)[.,]?\s+(\S)", text) for text in texts]
    first = {each[1].casefold() for each in found if each}
    if not first or sum(map(bool, found)) < 0.9 * len(texts):
        return []
    if first <= MONTHS | FOREIGN_MONTHS.keys() and any(each[2].isdigit() for each in found if each):
        return []  # "mar 3" is a day of March, not a Tuesday
    held = next((each for each in WEEKDAYS if first <= each), None)
    return [(rf"^\s*(?:{'|'.join(sorted(held, key=lambda w: (-len(w), w)))})[.,]?\s+", "")] if held else []


def date_shape(texts: Iterable[str], assume: Order | None = None) -> DateShape | None:
    """Tell how dates are written, or None if these are not dates.

    Args:
        texts: Distinct texts without missing ones; all of the column for a proof, a sample for a guess.
        assume: Which field comes first where the texts leave it open; by default the reading
            that makes the dates span fewer days, then day first.
    """
    texts = list(texts)
    zones = sorted({found[1] for text in texts[:2000] if (found := OFFSET.search(text))})
    texts, words = _reworded(texts)
    forms: Counter[tuple[str, ...]] = Counter()
    high: dict[str, str] = {}
    other = total = 0
    open_dates: list[tuple[int, int, int]] = []
    for text in texts:
        total += 1
        form = _form(text)
        if form is None:
            other += 1
            continue
        kind, first, second, year, parts = form
        forms[parts] += 1
        if kind == "numeric":
            if first > 12:
                high.setdefault("first", text.strip())
            if second > 12:
                high.setdefault("second", text.strip())
            if len(open_dates) < 5000:
                open_dates.append((first, second, year))
    if not forms or other > 0.1 * total:
        return None
    ordered = [parts for parts, _ in forms.most_common()]
    ambiguous = any(parts[0] == "numeric" for parts in ordered)
    order, proven, witness = (
        _order(high, open_dates, assume) if ambiguous else (_first_of(ordered[0]), "written", "")
    )
    formats: list[str] = []
    for parts in ordered:
        formats += [form for form in _formats(parts, order) if form not in formats]
    years = {parts[2] for parts in ordered}
    if "2" in years and ambiguous:  # a four-digit placeholder may hide deep in the column
        formats += [form.replace("%y", "%Y") for form in formats if form.replace("%y", "%Y") not in formats]
    timed = any(parts[3] for parts in ordered)
    if all(parts[0] == "year" and parts[1] == "-" and parts[4] == "iso" for parts in ordered):
        formats = []
    return DateShape(tuple(formats), timed, order, proven, witness, "2" in years, words, tuple(zones))  # type: ignore[arg-type]


def _form(text: str) -> tuple[str, int, int, int, tuple[str, ...]] | None:
    """Return the kind of form, its first two fields, the year, and what decides its strptime format."""
    if COMPACT.match(text.strip()):
        return "year", 0, 0, int(text.strip()[:4]), ("year", "", "4", "", "")
    if found := WRITTEN.match(text):
        clock = _clock_format(found["time"])
        if clock is None:
            return None
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if len(found["a"]) == 4:
            if not (1 <= b <= 12 and 1 <= c <= 31):
                return None
            iso = "iso" if found["s"] == "-" and "%p" not in clock else ""
            return "year", 0, 0, a, ("year", found["s"], "4", clock, iso)
        if len(found["c"]) not in (2, 4) or len(found["a"]) > 2 or not (1 <= a <= 31 and 1 <= b <= 31):
            return None
        if a > 12 and b > 12:
            return None
        return "numeric", a, b, c, ("numeric", found["s"], str(len(found["c"])), clock, "")
    if found := NAMED.match(text):
        clock = _clock_format(found["time"])
        words = [found["a"].casefold() in MONTHS, found["b"].casefold() in MONTHS]
        if clock is None or sum(words) != 1:
            return None
        if not found["s"] and (words[0] or len(found["c"]) != 4):  # "Mar2024" is a month, not a day
            return None
        month = found["a"] if words[0] else found["b"]
        name = "%B" if len(month) > 3 and month.casefold() != "may" else "%b"
        parts = ("named", found["s"], str(len(found["c"])), clock, found["t"], "a" if words[0] else "b", name)
        return "named", 0, 0, int(found["c"]), parts
    return None


def _clock_format(text: str | None) -> str | None:
    """Return the strptime format of a time behind a date; "" if there is none, None if it is no time."""
    if text is None:
        return ""
    found = CLOCK.match(text.rstrip())
    if not found:
        return None
    hour = "%I" if found["half"] else "%H"
    seconds = ":%S" if found["sec"] else ""
    fraction = ".%f" if found["frac"] else ""
    gap = " " if text.rstrip()[len(found["gap"]) :].find(" ") >= 0 else ""
    half = f"{gap}%p" if found["half"] else ""
    zone = "%z" if found["zone"] else ""
    return f"{found['gap']}{hour}:%M{seconds}{fraction}{half}{zone}"


def _order(
    high: dict[str, str], dates: list[tuple[int, int, int]], assume: Order | None
) -> tuple[Order, Literal["proven", "open", "mixed"], str]:
    if "first" in high and "second" in high:
        return "day", "mixed", f"{high['first']} and {high['second']}"
    if "first" in high:
        return "day", "proven", high["first"]
    if "second" in high:
        return "month", "proven", high["second"]
    if assume in ("day", "month"):
        return assume, "open", ""
    if not dates:
        return "day", "open", ""
    months = {
        "day": [year * 12 + b for _, b, year in dates],
        "month": [year * 12 + a for a, _, year in dates],
    }
    spans = {order: max(found) - min(found) for order, found in months.items()}
    return ("month" if spans["month"] < spans["day"] else "day"), "open", ""


def _first_of(parts: tuple[str, ...]) -> Order:
    if parts[0] == "year":
        return "year"
    return "month" if parts[5] == "a" else "day"


def _formats(parts: tuple[str, ...], order: Order) -> list[str]:
    kind, mark, digits, clock = parts[:4]
    year = "%y" if digits == "2" else "%Y"
    if kind == "year":
        return [f"%Y{mark}%m{mark}%d{clock}"]
    if kind == "named":
        day_month = (parts[6], "%d") if parts[5] == "a" else ("%d", parts[6])
        return [f"{day_month[0]}{mark}{day_month[1]}{parts[4]}{year}{clock}"]
    first, second = ("%m", "%d") if order == "month" else ("%d", "%m")
    return [f"{first}{mark}{second}{mark}{year}{clock}"]


SPOKEN = (  # times of day as people write them, with what stands for them
    (r"^\s*(\d{1,2})\s?h\s?(\d\d)\s*$", r"\1:\2"),
    (r"^\s*(\d{1,2})\.([0-5]\d)\s*(?:uhr|h|hrs)\s*$", r"\1:\2"),
    (r"\s*uhr\s*$", ""),
    (r"([ap])\.\s?m\.?\s*$", r"\1m"),
    (r"^\s*(\d{1,2}:\d\d(?::\d\d)?)\s?([ap])\s*$", r"\1\2m"),
)


MILITARY = ((r"^\s*([01]\d|2[0-3])([0-5]\d)\s*$", r"\1:\2"),)


def reworded_clock(texts: list[str], named: bool) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Write 9h05, 9:05 Uhr, 9:05 a.m. and, in a column that is named like a time, 0905 in the usual way."""
    words = []
    bare = named and any(text.strip().startswith("0") for text in texts)
    for pattern, instead in (*SPOKEN, *(MILITARY if bare else ())):
        compiled = re.compile(pattern, re.IGNORECASE)
        if sum(bool(compiled.search(text)) for text in texts[:200]) > 0.9 * len(texts[:200]):
            words.append((pattern, instead))
            texts = [compiled.sub(instead, text) for text in texts]
    return texts, tuple(words)


HALF_DAYS = re.compile(r"\s*(0?[1-9]|1[0-2]):[0-5]\d(?P<sec>:[0-5]\d)?(?P<gap> ?)[AaPp][Mm]\s*")


def half_day_format(texts: list[str]) -> str | None:
    """Return the format of times such as 06:32:10 PM, if all texts are written so."""
    found = [HALF_DAYS.fullmatch(text) for text in texts]
    forms = {f"%I:%M{':%S' if each['sec'] else ''}{each['gap']}%p" for each in found if each}
    return forms.pop() if found and all(found) and len(forms) == 1 else None


def is_clock(texts: list[str]) -> Literal["clock", "clock_digits"] | None:
    """Tell whether the texts of a column that is named like a time are times of day.

    Args:
        texts: Texts without missing ones: "18:32:10", or HHMMSS without leading zeros.
    """
    if texts and all(
        re.fullmatch(r"\s*([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?\s*", text) for text in texts
    ):
        return "clock"
    if not texts or not all(re.fullmatch(r"\d{1,6}", text) for text in texts):
        return None
    fields = [(int(t) // 10000, int(t) // 100 % 100, int(t) % 100) for t in texts]
    fits = sum(h < 24 and m < 60 and s < 60 for h, m, s in fields)
    hours = {h for h, _, _ in fields}
    return "clock_digits" if fits >= 0.995 * len(fields) and len(hours) > 1 else None
