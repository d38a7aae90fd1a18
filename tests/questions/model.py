"""What a question of the set is and what its answer is expected to hold.

Golds are callables on pandas frames, so nothing is computed before it is needed and nothing comes from the product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import pandas as pd

Kind = Literal[
    "aggregation", "filter", "group", "share", "top", "rank", "quantile", "correlation", "difference", "trend",
    "calendar", "quality", "outliers", "join", "chart", "segmentation", "edit", "profile", "meta", "dialogue",
    "ambiguous", "impossible", "hostile",
]  # fmt: skip
Difficulty = Literal["easy", "medium", "hard"]
Style = Literal["terse", "chatty", "misspelt", "business", "plain"]
Status = Literal["answered", "clarify", "refused", "error"]


@dataclass(frozen=True)
class Number:
    """A number the answer must show; `percent` also accepts the fraction, `either_sign` "fell by 3" for -3."""

    value: float
    percent: bool = False
    either_sign: bool = False
    tolerance: float = 0.0


@dataclass(frozen=True)
class Chart:
    """A chart of one of `kinds` whose traces hold all of `labels` and `values`."""

    kinds: frozenset[str]
    labels: tuple[str, ...] = ()
    values: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Segments:
    """The segmentation after the turn; None leaves a property open."""

    at_least: int | None = None
    at_most: int | None = None
    total: int | None = None
    sizes: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    absent: bool = False


@dataclass(frozen=True)
class Expect:
    """Everything a right answer holds. `&` joins two, `|` accepts either reading.

    `numbers`, `names` and `says` are looked for in the first sentence unless `anywhere`; `rows` in a table, a chart
    or the text. Texts may list spellings with `|` between them; `says` and `never` are regular expressions.
    """

    numbers: tuple[Number, ...] = ()
    names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    anywhere: bool = False
    rows: tuple[tuple[str | Number, ...], ...] = ()
    ordered: bool = False
    row_count: int | None = None
    chart: Chart | None = None
    segments: Segments | None = None
    statuses: frozenset[str] = frozenset({"answered"})
    offers_other: bool = False
    readings: tuple[Expect, ...] = ()

    def __and__(self, other: Expect) -> Expect:
        if self.readings:
            return replace(self, readings=tuple(r & other for r in self.readings))
        if other.readings:
            return replace(other, readings=tuple(self & r for r in other.readings))
        merged: dict[str, Any] = {}
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if isinstance(mine, tuple):
                merged[f.name] = mine + theirs
            elif isinstance(mine, frozenset):
                merged[f.name] = mine & theirs
            elif isinstance(mine, bool):
                merged[f.name] = mine or theirs
            else:
                merged[f.name] = mine if mine is not None else theirs
        return Expect(**merged)

    def __or__(self, other: Expect) -> Expect:
        options = (self.readings or (self,)) + (other.readings or (other,))
        return Expect(readings=options, statuses=self.statuses | other.statuses)


Gold = Callable[..., Expect]


@dataclass(frozen=True)
class Turn:
    """One thing a person types, and the gold: called with the frames of the data set, in order."""

    text: str
    gold: Gold = field(compare=False)


@dataclass(frozen=True)
class Question:
    """A question, or a dialogue of several turns, about one data set."""

    id: str
    data: str
    turns: tuple[Turn, ...]
    kind: Kind
    difficulty: Difficulty
    style: Style

    @property
    def text(self) -> str:
        return " / ".join(turn.text for turn in self.turns)


def kept_apart(question: Question) -> bool:
    """One third of the questions, by a hash of the id: nobody chooses."""
    return int(hashlib.sha256(question.id.encode()).hexdigest()[:8], 16) % 3 == 0


@dataclass(frozen=True)
class Asker:
    """Writes questions about one data set; ids get its name in front."""

    data: str

    def __call__(
        self, name: str, text: str, kind: Kind, difficulty: Difficulty, style: Style, gold: Gold
    ) -> Question:
        return Question(f"{self.data}-{name}", self.data, (Turn(text, gold),), kind, difficulty, style)

    def dialogue(
        self, name: str, difficulty: Difficulty, style: Style, *turns: tuple[str, Gold], kind: Kind = "dialogue"
    ) -> Question:
        return Question(
            f"{self.data}-{name}", self.data, tuple(Turn(t, g) for t, g in turns), kind, difficulty, style
        )


def number(*values: float, tolerance: float = 0.0, either_sign: bool = False) -> Expect:
    """All these numbers stand in the first sentence."""
    return Expect(numbers=tuple(Number(float(v), False, either_sign, tolerance) for v in values))


def percent(*fractions: float, tolerance: float = 0.0, either_sign: bool = False) -> Expect:
    """Fractions from 0 to 1, shown as percentages or as such; `tolerance` in percentage points."""
    return Expect(numbers=tuple(Number(100 * float(v), True, either_sign, tolerance) for v in fractions))


def name(*texts: str) -> Expect:
    """All these names stand in the first sentence."""
    return Expect(names=tuple(str(t) for t in texts))


def says(*patterns: str) -> Expect:
    """The first sentence matches every pattern."""
    return Expect(says=patterns)


def mentions(*patterns: str) -> Expect:
    """The answer matches every pattern, anywhere."""
    return Expect(says=patterns, anywhere=True)


def verdict(yes: bool) -> Expect:
    """The first sentence says yes, or no."""
    if yes:
        return Expect(
            says=(r"\b(yes|differ\w*|higher|lower|more|less|signific\w*|clear\w*|strong\w*|really?|associat\w*)\b",),
            never=(r"\bno\b|\bnot (signif|real|clear|stat|enough)|n't\b",),
        )
    return Expect(says=(r"\bno\b|\bnot\b|n't\b|\bnone\b|hardly|barely|cannot|never|false",))


def rows(
    values: pd.Series | Iterable[tuple[Any, ...]],
    *,
    ordered: bool = False,
    only: bool = False,
    as_percent: bool = False,
    tolerance: float = 0.0,
    labels: Mapping[Any, str] | None = None,
) -> Expect:
    """Each label with its value stands in a table row; `only` allows no further rows, fractions if `as_percent`."""
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
        return f"{period.year}-Q{period.quarter}|Q{period.quarter} {period.year}|{period.year}Q{period.quarter}|" + str(
            period.start_time.date()
        )
    return str(period.year)


def day_label(day: pd.Timestamp) -> str:
    """Spellings of a day."""
    return day.strftime(f"%Y-%m-%d|%d %b %Y|%d %B %Y|{day.day} %b %Y|{day.day} %B %Y|%b {day.day}, %Y|{day.day} %b|{day.day} %B")


def chart(
    kinds: str, values: pd.Series | None = None, *, labels: Iterable[Any] | None = None, as_percent: bool = False
) -> Expect:
    """A drawn chart; `kinds` as "bar|histogram". Labels are the index of the values, unless given."""
    if values is None:
        return Expect(chart=Chart(frozenset(kinds.split("|")), tuple(str(x) for x in labels or ())))
    shown = [_label(x) for x in values.index] if labels is None else [str(x) for x in labels]
    scale = 100.0 if as_percent else 1.0
    numbers = tuple(Number(scale * float(v), percent=as_percent) for v in values)
    return Expect(chart=Chart(frozenset(kinds.split("|")), tuple(shown), numbers))


def segments(
    n: int | None = None, total: int | None = None, *, at_least: int | None = None, at_most: int | None = None,
    sizes: Iterable[int] = (), names: Iterable[str] = (),
) -> Expect:  # fmt: skip
    """A current segmentation of `n` segments whose sizes add up to `total`."""
    low, high = (n, n) if n is not None else (at_least, at_most)
    return Expect(segments=Segments(low, high, total, tuple(int(s) for s in sizes), tuple(names)))


def no_segments() -> Expect:
    """No segmentation is current after the turn."""
    return Expect(segments=Segments(absent=True))


PLAIN_NO = (
    r"\bno\b|\bnot\b|n't\b|cannot|\bnone\b|without|unable|missing|lacks?|only (have|has|holds?|cover)|nothing|outside"
)


def refusal(*patterns: str, never: tuple[str, ...] = (), leaks: tuple[str, ...] = ()) -> Expect:
    """A refusal, a question back, or an answer that opens with a plain no; `patterns` anywhere in the answer.

    `leaks` are patterns that may stand neither in the text nor in any table, fact or chart.
    """
    open_no = Expect(says=(PLAIN_NO,), never=never, leaks=leaks, statuses=frozenset({"answered"}))
    declined = Expect(never=never, leaks=leaks, statuses=frozenset({"refused", "clarify"}))
    either = open_no | declined
    return replace(
        either, readings=tuple(r if not patterns else _with_mentions(r, patterns) for r in either.readings)
    )


def _with_mentions(expect: Expect, patterns: tuple[str, ...]) -> Expect:
    return replace(expect, readings=(), leaks=expect.leaks, numbers=expect.numbers) & Expect(
        rows=(), statuses=expect.statuses, says=tuple(f"(?s).*({p})" for p in patterns), anywhere=bool(patterns)
    )


def ambiguous(*readings: Expect) -> Expect:
    """A question back is right; so is one of the readings, said as such."""
    asked = Expect(statuses=frozenset({"clarify"}))
    whole = asked
    for reading in readings:
        for option in reading.readings or (reading,):
            whole = whole | replace(option, offers_other=True)
    return whole
