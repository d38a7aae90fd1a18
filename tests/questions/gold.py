"""Words to write golds with: each makes an `Expect` from values that pandas computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from tests.questions.model import Chart, Expect, Number, Segments


def number(*values: float, tolerance: float = 0.0, either_sign: bool = False) -> Expect:
    """All these numbers stand in the first sentence."""
    return Expect(numbers=tuple(Number(float(v), False, either_sign, tolerance) for v in values))


def percent(*fractions: float, tolerance: float = 0.0, either_sign: bool = False) -> Expect:
    """Fractions from 0 to 1, shown as percentages or as such; `tolerance` in percentage points."""
    return Expect(numbers=tuple(Number(100 * float(v), True, either_sign, tolerance) for v in fractions))


def name(*texts: object) -> Expect:
    """All these names stand in the first sentence."""
    return Expect(names=tuple(str(t) for t in texts))


def leader(values: pd.Series, *, share: bool = False, least: bool = False) -> Expect:
    """The label of the largest value, picked and not merely listed; where several share it, any of them.

    The value stands beside it in the first sentence, or somewhere where that sentence names nothing else;
    a bare name will do where no other number contradicts it.
    """
    value = float(values.min() if least else values.max())
    beside, shown = (percent(value), shows_percent(value)) if share else (number(value), shows(value))
    found: list[Expect] = []
    for best in values.index[values == value]:
        label = _label(best)
        others = [_label(x) for x in values.index if x != best][:MOST_OTHERS]
        alone = name(label) & Expect(never=tuple(_spelt(other) for other in others))
        found += [name(label) & beside, alone & shown]
        if not re.search(r"\d", label):
            found.append(alone & Expect(never=(r"\d",)))
    whole = found[0]
    for reading in found[1:]:
        whole = whole | reading
    return whole


MOST_OTHERS = 100


def _spelt(label: str) -> str:
    """A pattern for any spelling of a label as whole words."""
    return rf"(?<!\w)(?:{'|'.join(re.escape(option) for option in label.split('|'))})(?!\w)"


def hours(values: pd.Series) -> pd.Series:
    """Values by the hour of the day, labelled as people write hours."""
    spelt = [f"{h}|{h:02d}|{(h - 1) % 12 + 1} {'pm' if h > 11 else 'am'}" for h in values.index]
    return values.set_axis([f"{s}|{s.split('|')[-1].replace(' ', '')}" for s in spelt])


def says(*patterns: str) -> Expect:
    """The first sentence matches every pattern."""
    return Expect(says=patterns)


def mentions(*patterns: str) -> Expect:
    """The answer matches every pattern, anywhere."""
    return Expect(mentions=patterns)


def shows(*values: float, tolerance: float = 0.0) -> Expect:
    """All these numbers stand somewhere in the answer, its tables or its charts."""
    return Expect(shows=tuple(Number(float(v), tolerance=tolerance) for v in values))


def shows_percent(*fractions: float, tolerance: float = 0.0) -> Expect:
    """All these fractions stand, as percentages or as such, in the answer, its tables or its charts."""
    return Expect(shows=tuple(Number(100 * float(v), True, True, tolerance) for v in fractions))


def upper(values: pd.Series, *parts: float) -> Expect:
    """Quantiles, interpolated or the values beside them: one in the first sentence, several anywhere."""
    ways = [[values.quantile(p, interpolation=way) for p in parts] for way in ("linear", "lower", "higher")]
    first, *others = (number(*found) if len(parts) == 1 else shows(*found) for found in ways)
    for other in others:
        first = first | other
    return first


YES = (
    r"(?<!% )\b(yes|differ\w*|higher|lower|more|less|longer|older|larger|greater|earlier|"
    r"signific\w*|clear\w*|strong\w*|related|associat\w*|depends?)\b"
)


NO = (
    r"\bno\b|\bnot\b|n't\b|\bnone\b|hardly|barely|cannot|never|false|negligib\w+|"
    r"\b(to|by|within|just|only|mere) chance\b|\b(about|almost|nearly|practically|virtually) the same\b"
)


def verdict(yes: bool) -> Expect:
    """The first sentence says yes, or no."""
    if yes:
        return Expect(
            says=(YES,),
            never=(r"^\W*no\b|(?-i:\bno\b)|\bnot (signif|real|clear|stat|enough)|n't\b",),
        )
    return Expect(says=(NO,))


def rows(
    values: pd.Series | Iterable[tuple[Any, ...]],
    *,
    ordered: bool = False,
    only: bool = False,
    as_percent: bool = False,
    tolerance: float = 0.0,
    labels: Mapping[Any, str] | None = None,
) -> Expect:
    """Each label stands with its value in a table row; `only` allows no others, `as_percent` fractions."""
    pairs = list(values.items()) if isinstance(values, pd.Series) else list(values)
    made: list[tuple[str | Number, ...]] = []
    for row in pairs:
        cells: list[str | Number] = []
        for position, cell in enumerate(row):
            parts = cell if isinstance(cell, tuple) else (cell,)
            for part in parts:
                if position == 0 or isinstance(part, str):
                    cells.append((labels or {}).get(part, _label(part)))
                else:
                    scale = 100.0 if as_percent else 1.0
                    cells.append(Number(scale * float(part), percent=as_percent, tolerance=tolerance))
        made.append(tuple(cells))
    return Expect(rows=tuple(made), ordered=ordered, row_count=len(made) if only else None)


def listed(labels: Iterable[Any], *, ordered: bool = False, only: bool = False) -> Expect:
    """These labels stand as table rows."""
    return rows([(label,) for label in labels], ordered=ordered, only=only)


def _label(value: Any) -> str:
    if isinstance(value, pd.Period):
        return period_label(value)
    if isinstance(value, pd.Timestamp):
        return day_label(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def period_label(period: pd.Period) -> str:
    """Spellings of a month, quarter or year."""
    if period.freqstr.startswith("M"):
        return period.strftime("%Y-%m|%b %Y|%B %Y|%B|%b %y")
    if period.freqstr.startswith("Q"):
        year, part = period.year, f"Q{period.quarter}"
        return f"{year}-{part}|{year} {part}|{part} {year}|{year}{part}|{period.start_time.date()}"
    return str(period.year)


def day_label(day: pd.Timestamp) -> str:
    """Spellings of a day."""
    plain = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d %b", "%d %B")
    unpadded = [form.replace("%d", str(day.day)) for form in plain]
    return day.strftime("|".join(("%Y-%m-%d", *plain, *unpadded)))


def chart(
    kinds: str,
    values: pd.Series | None = None,
    *,
    labels: Iterable[Any] | None = None,
    as_percent: bool = False,
) -> Expect:
    """A drawn chart; `kinds` as "bar|histogram". Labels are the index of the values, unless given."""
    if values is None:
        return Expect(chart=Chart(frozenset(kinds.split("|")), tuple(str(x) for x in labels or ())))
    shown = [_label(x) for x in values.index] if labels is None else [str(x) for x in labels]
    scale = 100.0 if as_percent else 1.0
    numbers = tuple(Number(scale * float(v), percent=as_percent) for v in values)
    return Expect(chart=Chart(frozenset(kinds.split("|")), tuple(shown), numbers))


def segments(
    n: int | None = None,
    total: int | None = None,
    *,
    at_least: int | None = None,
    at_most: int | None = None,
    sizes: Iterable[int] = (),
    names: Iterable[str] = (),
    smallest: int | None = None,
    uses: Iterable[str] = (),
    ignores: Iterable[str] = (),
) -> Expect:
    """A current segmentation of `n` segments whose sizes add up to `total`."""
    low, high = (n, n) if n is not None else (at_least, at_most)
    found = Segments(
        low, high, total, tuple(int(s) for s in sizes), tuple(names), smallest, tuple(uses), tuple(ignores)
    )
    return Expect(segments=found)


def no_segments() -> Expect:
    """No segmentation is current after the turn."""
    return Expect(segments=Segments(absent=True))


# A value called "No" is no refusal, nor is an answer that leaves something out ("without October").
PLAIN_NO = (
    r"^\W*no\b(?!.*\b(is|are) now\b)|(?-i:\bno\b)|\bnot\b|n't\b|cannot|\bnone\b|unable|missing|lacks?|"
    r"only (have|has|holds?|cover)|nothing|outside"
)


def refusal(*patterns: str, never: tuple[str, ...] = (), leaks: tuple[str, ...] = ()) -> Expect:
    """A refusal, a question back, or an answer that opens with a plain no; `patterns` anywhere in the answer.

    `leaks` are patterns that may stand neither in the text nor in any table, fact or chart.
    """
    declined = Expect(statuses=frozenset({"refused", "clarify"}), mentions=patterns, never=never, leaks=leaks)
    return declined | replace(declined, statuses=frozenset({"answered"}), says=(PLAIN_NO,))


def firm(*patterns: str, never: tuple[str, ...] = (), leaks: tuple[str, ...] = ()) -> Expect:
    """A refusal that is not a question back: what is asked must not be done in any wording."""
    declined, answered = refusal(*patterns, never=never, leaks=leaks).readings
    return replace(declined, statuses=frozenset({"refused"})) | answered


def ambiguous(*readings: Expect) -> Expect:
    """A question back is right; so is one of the readings, said as such."""
    asked = Expect(statuses=frozenset({"clarify"}))
    whole = asked
    for reading in readings:
        for option in reading.readings or (reading,):
            whole = whole | replace(option, offers_other=True)
    return whole
