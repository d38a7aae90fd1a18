"""What a question of the set is and what its answer is expected to hold.

Golds are callables on pandas frames: computed when needed, and by nothing of the product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

Kind = Literal[
    "aggregation", "filter", "group", "share", "top", "rank", "quantile", "correlation", "difference",
    "trend", "calendar", "quality", "outliers", "join", "chart", "segmentation", "edit", "profile",
    "meta", "dialogue", "ambiguous", "impossible", "hostile",
]  # fmt: skip
Difficulty = Literal["easy", "medium", "hard"]
Style = Literal["terse", "chatty", "misspelt", "business", "plain"]
Status = Literal["answered", "clarify", "refused", "error"]
Part = Literal["open", "apart", "drawn"]


@dataclass(frozen=True)
class Number:
    """A number to be shown; `percent` also accepts the fraction, `either_sign` "fell by 3" for -3."""

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
    """The segmentation after the turn; None leaves open, `uses` and `ignores` are regular expressions."""

    at_least: int | None = None
    at_most: int | None = None
    total: int | None = None
    sizes: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    smallest: int | None = None
    uses: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    absent: bool = False


ANSWERED = frozenset({"answered"})


@dataclass(frozen=True)
class Expect:
    """Everything a right answer holds. `&` joins two, `|` accepts either reading.

    A part that names no status takes that of the other.

    `numbers`, `names`, `says` and `never` are looked for in the first sentence; `mentions` and `shows`
    anywhere in the answer, `shows` also in tables and charts; `rows` in a table, a chart or the text; `leaks`
    nowhere at all.
    Names and row labels may list spellings with `|` between them; the other texts are regular expressions.
    """

    numbers: tuple[Number, ...] = ()
    names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    shows: tuple[Number, ...] = ()
    mentions: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    rows: tuple[tuple[str | Number, ...], ...] = ()
    ordered: bool = False
    row_count: int | None = None
    chart: Chart | None = None
    segments: Segments | None = None
    statuses: frozenset[str] = ANSWERED
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
                merged[f.name] = theirs if mine == ANSWERED else mine if theirs == ANSWERED else mine & theirs
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
    """A question, or a dialogue of several turns, about one data set.

    `part` says whether it is for building on, kept apart, or drawn to one of the two by its id.
    """

    id: str
    data: str
    turns: tuple[Turn, ...]
    kind: Kind
    difficulty: Difficulty
    style: Style
    part: Part = "drawn"

    @property
    def text(self) -> str:
        return " / ".join(turn.text for turn in self.turns)


def kept_apart(question: Question) -> bool:
    """As written, or one third of the others, by a hash of the id: nobody chooses."""
    if question.part != "drawn":
        return question.part == "apart"
    return int(hashlib.sha256(question.id.encode()).hexdigest()[:8], 16) % 3 == 0


@dataclass(frozen=True)
class Asker:
    """Writes questions about one data set; ids get its name in front."""

    data: str
    part: Part = "drawn"

    def __call__(
        self, name: str, text: str, kind: Kind, difficulty: Difficulty, style: Style, gold: Gold
    ) -> Question:
        return self.dialogue(name, difficulty, style, (text, gold), kind=kind)

    def dialogue(
        self,
        name: str,
        difficulty: Difficulty,
        style: Style,
        *turns: tuple[str, Gold],
        kind: Kind = "dialogue",
    ) -> Question:
        asked = tuple(Turn(text, gold) for text, gold in turns)
        return Question(f"{self.data}-{name}", self.data, asked, kind, difficulty, style, self.part)
