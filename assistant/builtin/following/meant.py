"""Knows what a phrase that is a change by itself means where it is said: one function a kind of phrase."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from assistant.builtin.annotate import annotate
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain as plain_number
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading_words import UNITS
from assistant.builtin.request.outcome import Reply
from assistant.builtin.sentence import Sentence
from assistant.builtin.speaking import spoken
from tools.core import Column
from tools.selecting import Condition, GroupBy, Measure

RANGED = ("above", "below", "at_least", "at_most")
_LONGEST_LIST = 1000


@dataclass(frozen=True)
class Scene:
    """What a phrase may point to.

    Attributes:
        text: The message.
        question: The question to change.
        catalog: The data set.
        shown: Groups of its answer with the value of each, in order.
        listed: Those groups, if they were the first of many.
        earlier: All questions before this one, oldest first.
    """

    text: str
    question: Question
    catalog: Catalog
    shown: tuple[tuple[str, float], ...] = ()
    listed: tuple[str, ...] = ()
    earlier: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Said:
    """What was said: the words, and of them what stands in the place X of the phrase."""

    whole: str
    about: str = ""


Builder = Callable[[Said, Scene], "Changes | Reply | None"]


def transposed(said: Said, scene: Scene) -> Changes | None:
    """Read "swap rows and columns": two groups change places."""
    return Changes(transposed=True) if len(scene.question.by) == 2 else None


def reversed_order(said: Said, scene: Scene) -> Changes | None:
    """Read "reverse the order": the other end of the ranking first."""
    return Changes(reverse=True) if scene.question.by and scene.question.shape == "numbers" else None


def absolute(said: Said, scene: Scene) -> Changes | None:
    """Read "in numbers, not percent"."""
    asked = scene.question
    relative = asked.share or asked.is_rate or asked.rest.get("normalise", "none") != "none"
    return Changes(absolute=True) if relative else None


def percent_of(said: Said, scene: Scene) -> Changes | None:
    """Read "row percentages", "percent of columns": of a cross table, or of two groups."""
    if len(scene.question.by) != 2:
        return None
    along = {"row": "rows", "column": "columns", "total": "all"}.get(said.about.rstrip("s"))
    return Changes(options={"normalise": along}) if along else None


def bound(said: Said, scene: Scene) -> Changes | None:
    """Read "raise it to 20": the number of groups, or the limit of a condition, whichever is nearer."""
    items = [item for item in annotate(said.about, scene.catalog).items if not item.filler]
    numbers = [item.number for item in items if item.number]
    if len(numbers) != 1 or len(items) != 1 or numbers[0] is None:
        return None
    value = plain_number(numbers[0].value)
    asked = scene.question
    rated = [c for m in asked.measures for c in m.where]
    nearest: list[tuple[float, Changes]] = [
        (_far(one.value, value), _limited(one.model_copy(update={"value": value}), of_groups=of_groups))
        for of_groups, conditions in ((True, asked.having), (False, [*asked.where, *rated]))
        for one in conditions
        if one.is_ in RANGED and isinstance(one.value, int | float)
    ]
    whole = float(value).is_integer() and 1 <= value <= _LONGEST_LIST
    if asked.limit and whole:
        nearest.append((_far(asked.limit, value), Changes(limit=int(value))))
    return min(nearest, key=lambda one: one[0])[1] if nearest else None


def _limited(one: Condition, *, of_groups: bool) -> Changes:
    return Changes(having=(one,)) if of_groups else Changes(filters=(one,))


def _far(old: float | str | bool | None, new: float) -> float:
    """Return how far two numbers are apart, as a ratio."""
    if not isinstance(old, int | float):
        return math.inf
    return abs(math.log((abs(float(old)) + 1) / (abs(new) + 1)))


def put_back(said: Said, scene: Scene) -> Changes | None:
    """Read "add it back": what was left out last is in again."""
    left = [c for c in scene.question.where if c.is_ in ("not_equal", "not_in")]
    return Changes(unfiltered=(left[-1].column,)) if left else None


def as_rate(said: Said, scene: Scene) -> Changes | None:
    """Read "as a rate": of a count of some rows, their share of all."""
    return Changes(share=True, rate=True) if scene.question.where and not scene.question.is_rate else None


def both_values(said: Said, scene: Scene) -> Changes | None:
    """Read "both" after one of two: the condition becomes the groups."""
    two = [
        c.column
        for c in scene.question.where
        if c.is_ in ("equal", "not_equal")
        and c.grain is None
        and (scene.catalog.columns.get(c.column) or _NO).n_distinct == 2
    ]
    if not two:
        return None
    return Changes(unfiltered=(two[-1],), groups=(GroupBy(column=two[-1]),), also=True)


_NO = Column("", "text", "category")


def separately(said: Said, scene: Scene) -> Changes | None:
    """Read "separately" after several values together: one group each."""
    asked = scene.question
    listed = [c.column for c in asked.where if c.is_ == "in" and c.grain is None]
    if not listed:
        return None
    if listed[-1] in asked.by_columns:
        return Changes(again=True)
    return Changes(groups=(GroupBy(column=listed[-1]),), also=True)


def denied(said: Said, scene: Scene) -> Changes | None:
    """Read "how many have not" after "how many have cancelled"."""
    return Changes(opposite=True) if scene.question.where else None


def affirmed(said: Said, scene: Scene) -> Changes | None:
    """Read "what about the ones who did?" after those who never have."""
    last = scene.question.where[-1] if scene.question.where else None
    if last is None or last.is_ not in OPPOSITE or not _denies(last):
        return None
    named = {link.column for item in annotate(said.about, scene.catalog).items for link in item.links}
    return Changes(opposite=True) if not named or last.column in named else None


def _denies(one: Condition) -> bool:
    no = one.is_ == "equal" and str(one.value).lower() in ("0", "0.0", "n", "no", "false")
    return no or one.is_ in ("not_equal", "not_in", "missing")


def overall(said: Said, scene: Scene) -> Changes | None:
    """Read "and overall?": without groups and without periods."""
    grouped = scene.question.by or scene.question.shape == "trend"
    return Changes(overall=True) if grouped and scene.question.shape in ("numbers", "trend") else None


def based_on(said: Said, scene: Scene) -> Changes | None:
    """Read "how many bookings is that based on?": the rows that a rate or an average is taken of."""
    asked = scene.question
    if asked.shape not in ("numbers", "trend") or not asked.measures:
        return None
    first = asked.measures[0]
    whole = first.per if first.per is not None and first.per.statistic.startswith("count") else None
    return Changes(measures=(whole or Measure(statistic="count"),), again=True)


def is_it_real(said: Said, scene: Scene) -> Changes | None:
    """Read "is that gap real or luck?": the test of the difference between the groups shown."""
    asked = scene.question
    one = len({m.column for m in asked.measures}) == 1
    fits = len(asked.by) == 1 and asked.shape in ("numbers", "difference") and one
    return Changes(shape="difference", again=asked.shape == "difference") if fits else None


def matters(said: Said, scene: Scene) -> Changes | None:
    """Read "does gender matter at all?": the test of the difference between its groups."""
    items = annotate(said.about, scene.catalog).items
    column = items[0].column if len(items) == 1 else None
    if column is None or len(scene.question.measures) != 1:
        return None
    if not Parts(Sentence("", [], [], [], {}), scene.catalog).is_group(column):
        return None
    return Changes(shape="difference", groups=(GroupBy(column=column),), afresh=True)


def as_bars(said: Said, scene: Scene) -> Changes:
    """Read "as columns"."""
    return Changes(chart="bar")


def as_lines(said: Said, scene: Scene) -> Changes:
    """Read "with lines"."""
    return Changes(chart="line")


def sorted_by(said: Said, scene: Scene) -> Changes | None:
    """Read "sort by that", "rank them by number of orders": another of the numbers shown comes first."""
    measures = scene.question.measures
    if len(measures) < 2 or not scene.question.by:
        return None
    items = annotate(said.about, scene.catalog).items
    named = {item.column for item in items if item.column}
    counted = any(item.has("count") for item in items)
    if said.about in ("that", "it", "this", "the new one", "the last one", "second"):
        first = measures[-1]
    else:
        fits = [m for m in measures if m.column in named or counted and m.statistic.startswith("count")]
        if not fits:
            return None
        named_so = {item.senses["statistic"] for item in items if item.has("statistic")}
        first = next((m for m in fits if m.statistic in named_so), fits[0])
    others = tuple(measure for measure in measures if measure != first)
    return Changes(measures=(first, *others), order="descending", again=True)


def percent(said: Said, scene: Scene) -> Changes:
    """Read "%" alone: shares."""
    return Changes(share=True)


def all_of_noun(said: Said, scene: Scene) -> Changes | None:
    """Read "all tiers again": what was cut down to a few is shown in full."""
    asked = scene.question
    columns = {link.column for item in annotate(said.about, scene.catalog).items for link in item.links}
    filtered = tuple(c.column for c in asked.where if c.column in columns)
    if filtered and asked.by:
        return Changes(unfiltered=filtered)
    if not columns & asked.by_columns:
        return None
    if not asked.limit and not asked.having:
        return Changes(again=True)
    return Changes(unlimited=True) if asked.limit else Changes(every_group=True)


def all_rows(said: Said, scene: Scene) -> Changes | None:
    """Read "back to everyone": all rows."""
    return Changes(everyone=True) if scene.question.where else all_again(said, scene)


def all_again(said: Said, scene: Scene) -> Changes | None:
    """Read "back to all of them": all groups where a few were shown, else all rows."""
    if scene.question.where and not scene.question.limit:
        return Changes(everyone=True)
    return Changes(unlimited=True) if scene.question.limit else None


def where_they_are(said: Said, scene: Scene) -> Changes | None:
    """Read "which city are they from": how many of those spoken of are in each group."""
    items = annotate(said.about, scene.catalog).items
    column = items[0].column if len(items) == 1 else None
    fits = column is not None and Parts(Sentence("", [], [], [], {}), scene.catalog).is_group(column)
    return _counted_by(column, scene) if column and fits else None


def where_they_live(said: Said, scene: Scene) -> Changes | Reply | None:
    """Read "where do they live": by the column of places, or the question which of several."""
    places = [column.name for column in scene.catalog.table.by_role("place")]
    if len(places) > 1:
        choices = tuple(f"Which {spoken(scene.catalog, name)} are they from?" for name in places)
        return Reply("clarify", "which_column", {"phrase": "where", "columns": places}, choices)
    return _counted_by(places[0], scene) if places else None


def _counted_by(column: str, scene: Scene) -> Changes:
    table = scene.catalog.table
    alone = table.customer is None or table.grain == "customers"
    count = (
        Measure(statistic="count") if alone else Measure(statistic="count_distinct", column=table.customer)
    )
    return Changes(measures=(count,), groups=(GroupBy(column=column),), afresh=True, of_them=True)


def shown_again(said: Said, scene: Scene) -> Changes:
    """Read "show it": the answer as it stands, with its chart."""
    return Changes(again=True)


def in_unit(said: Said, scene: Scene) -> Changes | Reply | None:
    """Read "in rupees instead": amounts in place of a count; other money cannot be converted."""
    unit = UNITS.get(said.about) or UNITS.get(said.about.removesuffix("s"))
    columns = scene.catalog.columns
    if unit is None:
        return None
    measured = columns.get(scene.question.column or "")
    if measured is not None and measured.unit == unit and not scene.question.is_rate:
        return Changes(again=True, notes=(f"The figures are in {unit} already.",))
    table = scene.catalog.table
    rest = [c.name for c in table.columns if c.unit == unit and c.role in ("amount", "balance")]
    names = [table.amount] if table.amount and columns[table.amount].unit == unit else rest
    if names:
        total = columns[names[0]].role == "amount" and table.grain != "customers"
        return Changes(measures=(Measure(statistic="sum" if total else "mean", column=names[0]),))
    held = sorted({c.unit for c in table.columns if c.unit and c.role in ("amount", "balance")})
    return Reply("refused", "no_conversion", {"unit": unit, "held": held}) if _is_money(unit) else None


def _is_money(unit: str) -> bool:
    return unit.isupper() and len(unit) == 3
