"""Knows what a phrase that is a change by itself means where it is said: one function a kind of phrase."""

from __future__ import annotations

import math
import re
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
from tools.core import Column
from tools.selecting import Condition, GroupBy, Measure

RANGED = ("above", "below", "at_least", "at_most")
_LONGEST_LIST = 1000
PEOPLE = r"(?:customers?|clients?|people|persons?|members?|users?|subscribers?|buyers?|guests?|accounts?)"


@dataclass(frozen=True)
class Scene:
    """What a phrase may point to.

    Attributes:
        text: The message.
        question: The question to change.
        catalog: The data set.
        shown: Groups of its answer with the value of each, in order.
        listed: Those groups, if they were the first of many.
    """

    text: str
    question: Question
    catalog: Catalog
    shown: tuple[tuple[str, float], ...] = ()
    listed: tuple[str, ...] = ()


Found = re.Match[str]
Builder = Callable[[Found, Scene], "Changes | Reply | None"]


def transposed(found: Found, scene: Scene) -> Changes | None:
    """Read "swap rows and columns": two groups change places."""
    return Changes(transposed=True) if len(scene.question.by) == 2 else None


def reversed_order(found: Found, scene: Scene) -> Changes | None:
    """Read "reverse the order": the other end of the ranking first."""
    return Changes(reverse=True) if scene.question.by and scene.question.shape == "numbers" else None


def absolute(found: Found, scene: Scene) -> Changes | None:
    """Read "in numbers, not percent"."""
    asked = scene.question
    relative = asked.share or asked.is_rate or asked.rest.get("normalise", "none") != "none"
    return Changes(absolute=True) if relative else None


def percent_of(found: Found, scene: Scene) -> Changes | None:
    """Read "row percentages", "percent of columns": of a cross table, or of two groups."""
    if len(scene.question.by) != 2:
        return None
    along = (found["along"] or found["along2"]).rstrip("s")
    return Changes(options={"normalise": {"row": "rows", "column": "columns", "total": "all"}[along]})


def bound(found: Found, scene: Scene) -> Changes | None:
    """Read "raise it to 20": the number of groups, or the limit of a condition, whichever is nearer."""
    numbers = [i.number for i in annotate(scene.text, scene.catalog).items if i.number]
    if len(numbers) != 1 or numbers[0] is None:
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


def listing(found: Found, scene: Scene) -> Changes | None:
    """Read "who are they", "show me those customers": each customer behind the number."""
    asked, key = scene.question, scene.catalog.table.customer
    if key is None or any(group.column == key for group in asked.by):
        return Changes(afresh=True, again=True) if key and asked.by else None
    people = found["people"] or found["people2"] or found["n"]
    if asked.by and not people and not scene.listed:
        return None
    few = _SPOKEN.get(found["n"] or "") or (int(found["n"]) if (found["n"] or "").isdigit() else None)
    return Changes(listing=True, limit=few)


_SPOKEN = {"a few": 5, "some": 5, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}


def remaining(found: Found, scene: Scene) -> Changes | None:
    """Read "the other two", "and the rest" after the first groups of many."""
    asked = scene.question
    noun = found["noun"] or found["noun2"]
    if noun:
        columns = {link.column for item in annotate(noun, scene.catalog).items for link in item.links}
        known = columns & {c.column for c in asked.where} | columns & {g.column for g in asked.by}
        if not known:
            return None
        same = [c for c in asked.where if c.column in columns and c.is_ in ("equal", "in")]
        if same:
            turned = same[-1].model_copy(update={"is_": OPPOSITE[same[-1].is_]})
            return Changes(filters=(turned,), keeps_groups=True)
    one_of_two = found[0].endswith(("other one", "other")) and asked.where and not scene.listed
    if one_of_two and asked.where[-1].is_ in ("equal", "not_equal"):
        return Changes(opposite=True)
    if not scene.listed or len(asked.by) != 1:
        return None
    column = asked.by[0].column
    others = Condition.model_validate({"column": column, "is": "not_in", "values": list(scene.listed)})
    return Changes(filters=(others,), unlimited=True, keeps_groups=True)


def without_extreme(found: Found, scene: Scene) -> Changes | None:
    """Read "leave out the largest": the group that the answer showed to be so."""
    asked = scene.question
    plain_groups = len(asked.by) == 1 and asked.by[0].grain is None and asked.by[0].bins is None
    if not plain_groups or len(scene.shown) < 2:
        return None
    which = found["which"]
    by_value = sorted(scene.shown, key=lambda pair: pair[1])
    name = {
        "first": scene.shown[0], "last": scene.shown[-1], "smallest": by_value[0], "lowest": by_value[0],
        "bottom": by_value[0], "least": by_value[0], "worst": by_value[0],
    }.get(which, by_value[-1])[0]  # fmt: skip
    one = Condition.model_validate({"column": asked.by[0].column, "is": "not_equal", "value": name})
    return Changes(filters=(one,), keeps_groups=True)


def put_back(found: Found, scene: Scene) -> Changes | None:
    """Read "add it back": what was left out last is in again."""
    left = [c for c in scene.question.where if c.is_ in ("not_equal", "not_in")]
    return Changes(unfiltered=(left[-1].column,)) if left else None


def as_rate(found: Found, scene: Scene) -> Changes | None:
    """Read "as a rate": of a count of some rows, their share of all."""
    return Changes(share=True, rate=True) if scene.question.where and not scene.question.is_rate else None


def both_values(found: Found, scene: Scene) -> Changes | None:
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


def denied(found: Found, scene: Scene) -> Changes | None:
    """Read "how many have not" after "how many have cancelled"."""
    return Changes(opposite=True) if scene.question.where else None


def overall(found: Found, scene: Scene) -> Changes | None:
    """Read "and overall?": without groups and without periods."""
    grouped = scene.question.by or scene.question.shape == "trend"
    return Changes(overall=True) if grouped and scene.question.shape in ("numbers", "trend") else None


def is_it_real(found: Found, scene: Scene) -> Changes | None:
    """Read "is that gap real or luck?": the test of the difference between the groups shown."""
    asked = scene.question
    one = len({m.column for m in asked.measures}) == 1
    fits = len(asked.by) == 1 and asked.shape in ("numbers", "difference") and one
    return Changes(shape="difference", again=asked.shape == "difference") if fits else None


def matters(found: Found, scene: Scene) -> Changes | None:
    """Read "does gender matter at all?": the test of the difference between its groups."""
    items = annotate(found["what"] or found["what2"], scene.catalog).items
    column = items[0].column if len(items) == 1 else None
    if column is None or len(scene.question.measures) != 1:
        return None
    if not Parts(Sentence("", [], [], [], {}), scene.catalog).is_group(column):
        return None
    return Changes(shape="difference", groups=(GroupBy(column=column),), afresh=True)


def drawn_as(found: Found, scene: Scene) -> Changes:
    """Read "as columns": bars or lines."""
    return Changes(chart="bar" if found["kind"].startswith(("col", "bar")) else "line")


def sorted_by(found: Found, scene: Scene) -> Changes | None:
    """Read "sort by that", "rank them by number of orders": another of the numbers shown comes first."""
    measures = scene.question.measures
    if len(measures) < 2 or not scene.question.by:
        return None
    items = annotate(found["what"], scene.catalog).items
    named = {item.column for item in items if item.column}
    counted = any(item.has("count") for item in items)
    if found["what"] in ("that", "it", "this", "the new one", "the last one", "second"):
        first = measures[-1]
    else:
        fits = [m for m in measures if m.column in named or counted and m.statistic.startswith("count")]
        if not fits:
            return None
        said = {item.senses["statistic"] for item in items if item.has("statistic")}
        first = next((m for m in fits if m.statistic in said), fits[0])
    others = tuple(measure for measure in measures if measure != first)
    return Changes(measures=(first, *others), order="descending", again=True)


def percent(found: Found, scene: Scene) -> Changes:
    """Read "%" alone: shares."""
    return Changes(share=True)


def all_of_noun(found: Found, scene: Scene) -> Changes | None:
    """Read "all tiers again": what was cut down to a few is shown in full."""
    asked = scene.question
    columns = {link.column for item in annotate(found["noun"], scene.catalog).items for link in item.links}
    filtered = tuple(c.column for c in asked.where if c.column in columns)
    if filtered and asked.by:
        return Changes(unfiltered=filtered)
    if not columns & asked.by_columns or not (asked.limit or asked.having):
        return None
    return Changes(unlimited=True) if asked.limit else Changes(every_group=True)


def all_again(found: Found, scene: Scene) -> Changes | None:
    """Read "back to all of them": all groups where a few were shown, else all rows."""
    people = re.search(rf"every|base|file|data\b|population|{PEOPLE}", found[0])
    if scene.question.where and (people or not scene.question.limit):
        return Changes(everyone=True)
    return Changes(unlimited=True) if scene.question.limit else None


def where_they_are(found: Found, scene: Scene) -> Changes | None:
    """Read "which city are they from": how many of those spoken of are in each group."""
    catalog = scene.catalog
    items = annotate(found["what"], catalog).items
    column = items[0].column if len(items) == 1 else None
    if column is None or not Parts(Sentence("", [], [], [], {}), catalog).is_group(column):
        return None
    key = catalog.table.customer
    alone = key is None or catalog.table.grain == "customers"
    count = Measure(statistic="count") if alone else Measure(statistic="count_distinct", column=key)
    return Changes(measures=(count,), groups=(GroupBy(column=column),), afresh=True, of_them=True)


def shown_again(found: Found, scene: Scene) -> Changes:
    """Read "show it": the answer as it stands, with its chart."""
    return Changes(again=True)


def in_unit(found: Found, scene: Scene) -> Changes | Reply | None:
    """Read "in rupees instead": amounts in place of a count; other money cannot be converted."""
    said = found["unit"] or found["unit2"]
    unit = UNITS.get(said) or UNITS.get(said.removesuffix("s"))
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
