"""Reads columns that are computed from others: "price times quantity", "days between A and B".

What is found takes the place of its words, as one column: everything that reads columns reads it too.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import ColumnLink
from assistant.builtin.numbers import converted, plain
from assistant.builtin.parsing.moments import moment_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import root
from tools.errors import ToolError
from tools.formulas import column_of, formula_of
from tools.formulas import factor as factor_words
from tools.selecting import Measure
from tools.sequences import FIRST
from tools.wording import plain_name

_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
_SIGNS = {"minus": "-", "times": "*", "over": "/", "plus": "+"}
_PASSED = frozenset(
    {"the", "their", "its", "his", "her", "our", "of", "a", "each", "by", "total", "average", "mean", "own"}
)


@dataclass(frozen=True)
class _Operand:
    """A column or a number within a formula: its items and how it is written."""

    first: int
    last: int
    name: str
    is_column: bool
    dated: bool = False


def _take_over(parts: Parts) -> None:
    """Read "claims paid over premium by product" as a ratio: no rows are asked for that could be compared."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        left, right = _operand(parts, index - 1), _operand(parts, index + 1)
        if item.text.lower() not in ("over", "divided by", "to") or not (left and right):
            continue
        asks = any(
            i.has("count") or i.has("entity") or i.has("condition_verb") or i.has("share", "share")
            or i.has("logic", "which", "with", "not")
            for i in items[: index - 1]
        )  # fmt: skip
        alone = item.has("comparator") and not asks and left.is_column and right.is_column
        named = item.text.lower() != "to" or parts.sentence.has("share", "ratio")
        if alone and named and not (left.dated or right.dated) and left.name != right.name:
            item.senses = {"share": "ratio"}
            return


def take_formulas(parts: Parts) -> None:
    """Replace the words of every formula in the sentence by one item that links to the computed column."""
    _weighted(parts)
    _within(parts)
    _periodic(parts)
    _take_over(parts)
    for _ in range(4):
        if not (_joined(parts) or _between(parts) or _until(parts) or _scaled(parts) or _in_unit(parts)):
            return


def _periodic(parts: Parts) -> None:
    """Read "monthly revenue" as the column with the month in its name, where the data have no dates."""
    items = parts.sentence.items
    if parts.sentence.says("periodic"):
        _periodic_revenue(parts)
    for index, item in enumerate(items[:-1]):
        grain, after = item.senses.get("grain"), items[index + 1]
        named = bool(item.links) and item.links[0].how == "name"
        if grain is None or named or not item.text.lower().endswith("ly"):
            continue
        wanting = after.has("role") and not after.links
        if parts.time is not None and not wanting:
            continue
        if not wanting and not any(link.how in ("role", "concept", "part") for link in after.links[:1]):
            continue
        said = {root(grain), root(f"{grain}ly")}
        held = [
            name
            for name in sorted(parts.catalog.loaded)
            if parts.is_measurable(name) and {root(word) for word in parts.catalog.words_of[name]} & said
        ]
        if len(held) == 1:
            text = f"{item.text} {after.text}"
            made = Item(item.start, after.end, text, {"column": (ColumnLink(held[0], 1.0, "role"),)})
            if wanting:
                parts.flows.add(held[0])
                parts.note(f'I read "{text.lower()}" as **{held[0]}**.')
            items[index : index + 2] = [made]
            return


def _periodic_revenue(parts: Parts) -> None:
    """Read the revenue per user as the column with the month in its name, if there is one."""
    held = [
        name
        for name in sorted(parts.catalog.loaded)
        if parts.is_measurable(name)
        and {root(w) for w in parts.catalog.words_of[name]} & {root("month"), root("monthly")}
    ]
    for at, item in enumerate(parts.sentence.items):
        if item.text.lower() == "revenue" and len(held) == 1:
            made = Item(item.start, item.end, item.text, {"column": (ColumnLink(held[0], 1.0, "role"),)})
            parts.sentence.items[at] = made
            parts.note(f"I took **{held[0]}** for the revenue.")


def _weighted(parts: Parts) -> None:
    """Read "interest rate weighted by balance" as the total of the products over the total weight."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        if item.text.lower() not in ("weighted", "weighting", "weight"):
            continue
        at = index + 1
        while (near := parts.sentence.at(at)) and (near.has("by") or near.has("logic")):
            at += 1
        weight = _operand(parts, at)
        before = [_operand(parts, place) for place in range(index - 1, -1, -1)]
        value = next((found for found in before if found and found.is_column and not found.dated), None)
        if at == index + 1 and (value is None or value.first == index - 1):
            value, weight = weight, value  # "population-weighted life expectancy"
        if weight is None or value is None or not weight.is_column or weight.name == value.name:
            continue
        made = computed_item(parts, item.start, items[at].end, f"{value.name} * {weight.name}")
        if made is None:
            return
        for used in (*items[index : at + 1], items[value.first], items[weight.first]):
            used.used = True
        for near in items[:index]:
            near.used = near.used or near.has("statistic", "mean")
        known = condition(value.name, "present")
        below = Measure(statistic="sum", column=weight.name, where=[known])
        parts.measures.append(Measure(statistic="sum", column=made.text, per=below))
        parts.note(f"It is the total of {plain_name(made.text)} divided by the total weight.")
        return


def _within(parts: Parts) -> None:
    """Read "cancelled within 90 days of joining": the days from one date to the other."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        if item.number is None or item.number.unit not in ("days", "weeks", "months", "years"):
            continue
        inside = before == "within" or (parts.sentence.at(index - 1) or item).text.lower() == "within"
        start = _moment(parts, index + 1)
        if not inside or start is None or not start.dated:
            continue
        ends = [_moment(parts, place) for place in range(index - 1, -1, -1)]
        end = next((found for found in ends if found and found.dated and found.name != start.name), None)
        name = end.name if end else parts.time
        if name is None or name == start.name:
            continue
        made = computed_item(parts, item.start, item.end, f"{name} - {start.name}")
        if made is None:
            continue
        days = plain(converted(item.number.value, item.number.unit, "days"))
        parts.where.append(condition(made.text, "between", None, values=[0, days]))
        for used in (item, items[start.first], *([items[end.first]] if end else [])):
            used.used = used.used or not used.has("entity")
        near = parts.sentence.at(index - 1)
        if near is not None and near.text.lower() == "within":
            near.used = True
        return


def _operand(parts: Parts, index: int) -> _Operand | None:
    """Return the column or plain number at an item, if it may be part of a formula."""
    item = parts.sentence.at(index)
    if item is None or item.used:
        return None
    if item.number is not None and item.number.unit in (None, "times", "money") and not item.links:
        return _Operand(index, index, f"{plain(item.number.value)}", is_column=False)
    for link in item.links:
        column = parts.column(link.column)
        dated = column.kind in ("date", "datetime")
        if link.score >= 0.6 and (dated or parts.is_measurable(link.column)):
            return _Operand(index, index, link.column, is_column=True, dated=dated)
        if item.links[0].score - link.score > 0.2:
            break
    return None


def _joined(parts: Parts) -> bool:
    """Read "A minus B", "price times quantity", "balance divided by limit", "charges * 12"."""
    items = parts.sentence.items
    for index in range(len(items)):
        left = _operand(parts, index)
        if left is None:
            continue
        at, sign = index + 1, _written_sign(parts, index)
        while (item := parts.sentence.at(at)) and item.text.lower() in _PASSED and not item.links:
            at += 1
        item = parts.sentence.at(at)
        less = item is not None and item.text.lower() == "less" and not parts.sentence.says("less than")
        if item is not None and item.has("comparator_after") and _is_and_more(parts, item):
            continue  # "aged 50+ watch"
        if sign is None and item is not None and (item.has("arithmetic") or less):
            sign = "-" if less else _SIGNS[item.senses["arithmetic"]]
            at += 1
            while (item := parts.sentence.at(at)) and _is_passed(item):
                at += 1
        right = _operand(parts, at)
        if sign is None or right is None or not (left.is_column or right.is_column):
            continue
        if sign == "/" and right.is_column and not _of_single_rows(parts, index):
            continue  # the total of one divided by the total of the other is a ratio
        if left.dated or right.dated:
            continue
        return _replace(parts, index, at, f"{left.name} {sign} {right.name}")
    return False


def _is_and_more(parts: Parts, item: Item) -> bool:
    """Tell whether a plus stands right behind a number and apart from what follows: "50+"."""
    tokens, text = parts.sentence.tokens, parts.sentence.text
    start, end = tokens[item.start].start, tokens[item.end - 1].end
    return text[start:end] == "+" and text[start - 1 : start].isdigit() and not text[end : end + 1].strip()


def _is_passed(item: Item) -> bool:
    return item.text.lower() in _PASSED and not item.links or item.has("statistic", "mean", "sum", "median")


def _written_sign(parts: Parts, index: int) -> str | None:
    """Return the sign that stands between two items in the text, with a space on both sides."""
    item, after = parts.sentence.items[index], parts.sentence.at(index + 1)
    if after is None:
        return None
    tokens = parts.sentence.tokens
    between = parts.sentence.text[tokens[item.end - 1].end : tokens[after.start].start]
    sign = between.strip()
    return sign if sign in ("-", "*", "/", "+") and between != sign else "*" if sign == "*" else None


def _of_single_rows(parts: Parts, index: int) -> bool:
    """Tell whether a statistic of the quotient itself is asked for: "average of A divided by B"."""
    items = parts.sentence.items
    named = any(item.has("statistic", "mean", "median", "max", "min", "std") for item in items[:index])
    return named or any(item.text.lower() == "on average" for item in items)


def _moment(parts: Parts, index: int) -> _Operand | None:
    """Return a date column, or that of the transactions for "order" and "purchase" beside another date."""
    found = _operand(parts, index)
    item, before = parts.sentence.at(index), parts.sentence.at(index - 1)
    if found is not None or item is None or item.used or not parts.time:
        return found
    named = moment_of(parts, item)
    if named is not None:
        return _Operand(index, index, named, True, True)
    acts = item.has("entity", "transaction") or item.has("condition_verb", "bought")
    chosen = before is not None and (before.has("superlative_time") or before.has("ordinal"))
    return _Operand(index, index, parts.time, True, True) if acts and not chosen else None


def _between(parts: Parts) -> bool:
    """Read "difference between A and B", "days between signup and order", "time from A to B"."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        if item.used or item.has("relation", "correlation"):
            continue
        words = [token.norm for token in parts.sentence.tokens[item.start : item.end]]
        gap = item.has("relation", "difference") or bool(set(words) & cue("gap_word"))
        days = item.has("grain", "day") or set(words) & {"time", "long"}
        product = "product" in words
        if not (gap or days or product):
            continue
        at = index + 1
        while (near := parts.sentence.at(at)) and (
            near.has("comparator", "between") or near.has("logic", "from") or _is_passed(near)
        ):
            at += 1
        left = _moment(parts, at)
        joint = parts.sentence.at(at + 1)
        right_at = at + 2
        while (near := parts.sentence.at(right_at)) and _is_passed(near):
            right_at += 1
        right = _moment(parts, right_at)
        if not (left and right and left.is_column and right.is_column and joint):
            continue
        if not joint.has("logic", "and", "to") or left.dated != right.dated or left.name == right.name:
            continue
        if product and not left.dated:
            return _replace(parts, index, right_at, f"{left.name} * {right.name}")
        if left.dated and (gap or days):
            said = [one for one in items[index : at + 1] if one.has("statistic") and not one.links]
            done = _replace(parts, index, right_at, f"{right.name} - {left.name}")
            parts.sentence.items[index:index] = said if done else []  # "how long is it typically between"
            return done
        if gap and not left.dated:
            return _replace(parts, index, right_at, f"{left.name} - {right.name}")
    return False


def _until(parts: Parts) -> bool:
    """Read "how many days does a subscriber stay before cancelling": from joining to what ends it."""
    tokens = [token.norm for token in parts.sentence.tokens]
    whole = [
        column.name
        for column in parts.catalog.table.columns
        if column.kind in ("date", "datetime") and column.role != "birth_date" and column.n_missing == 0
    ]
    start = whole[0] if whole else None
    asked = tokens[:2] == ["how", "long"] or tokens[:3] == ["how", "many", "days"]
    if not asked or start is None or parts.catalog.table.grain != "customers":
        return False
    items = parts.sentence.items
    for index, item in enumerate(items[1:], start=1):
        before = tokens[item.start - 1] if item.start else ""
        end = moment_of(parts, item) if before in ("before", "until", "till", "to") else None
        if end is None or end == start:
            continue
        made = computed_item(parts, item.start, item.end, f"{end} - {start}")
        if made is None:
            return False
        for near in items[:index]:  # "a subscriber stays": whoever is counted
            loose = (
                near.has("entity")
                or near.has("grain", "day")
                or near.has("count")
                or near.has("time_preposition")
            )
            near.used = near.used or loose or not near.senses
        items[index] = made
        parts.note(f"I counted the days from **{start}** to **{end}**, where both are known.")
        return True
    return False


def _scaled(parts: Parts) -> bool:
    """Read "twice their limit", "half the income" and "80 % of the limit" behind a comparison."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        before = parts.sentence.at(index - 1)
        factor = _factor(item)
        if factor is None or item.used or before is None or not before.has("comparator"):
            continue
        at = index + 1
        while (near := parts.sentence.at(at)) and (
            near.text.lower() in _PASSED and not near.links or near.has("entity") and not near.used
        ):
            at += 1
        column = _operand(parts, at)
        part = item.number is not None and item.number.unit == "%"
        if part and column is not None:  # "more than 14 % alcohol" is no part of the alcohol
            between = parts.sentence.tokens[item.end : parts.sentence.items[at].start]
            column = column if any(token.norm == "of" for token in between) else None
        if column and column.is_column and not column.dated:
            return _replace(parts, index, at, f"{column.name} * {factor_words(factor)}")
    return False


def _factor(item: Item) -> float | None:
    words = {"half": 0.5, "twice": 2.0, "double": 2.0, "triple": 3.0}
    if item.text.lower() in words:
        return words[item.text.lower()]
    if item.number is not None and item.number.unit == "times":
        return item.number.value
    if item.number is not None and item.number.unit == "%":
        return round(item.number.value / 100, 10)
    return None


def _in_unit(parts: Parts) -> bool:
    """Read "average tenure in years" where the tenure is held in months."""
    for index, item in enumerate(parts.sentence.items):
        before, after = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
        unit = {"year": "years", "month": "months", "week": "weeks", "day": "days", "hour": "hours",
                "minute": "minutes", "second": "seconds"}.get(item.text.lower().rstrip("s"))  # fmt: skip
        said = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        if unit is None or said != "in" or before is None or item.used or item.end - item.start != 1:
            continue
        if not item.text.lower().endswith("s") or (after and after.number):
            continue
        column = _operand(parts, index - 1)
        apart = False
        if column is None or not column.is_column:
            named = [_operand(parts, place) for place in range(len(parts.sentence.items))]
            timed = [n for n in named if n and n.is_column and not n.dated and parts.unit_of(n.name)]
            column, apart = (timed[0], True) if len({n.name for n in timed}) == 1 else (None, False)
        held = parts.unit_of(column.name) if column and column.is_column and not column.dated else None
        if column is None or held is None or held not in _UNITS:
            continue
        if held == unit:
            item.used = True
            continue
        if apart:
            item.used = True
            return _replace(parts, column.first, column.last, _in(column.name, held, unit))
        first = index - 1
        while (near := parts.sentence.at(first - 1)) and near.column == column.name:
            first -= 1
        return _replace(parts, first, index, _in(column.name, held, unit))
    return False


def _in(name: str, held: str, unit: str) -> str:
    """Write a column in another unit of time."""
    many = converted(1.0, unit, held)
    if many < 1:
        return f"{name} * {factor_words(round(1 / many, 6))}"
    return (
        f"{name} / {factor_words(round(many, 6))}"
        if many.is_integer()
        else f"{name} * {factor_words(1 / many)}"
    )


def computed_item(parts: Parts, start: int, end: int, name: str) -> Item | None:
    """Make the computed column known to this sentence and return an item that links to it.

    Args:
        parts: The sentence and its catalog.
        start: First token.
        end: Behind the last token.
        name: The formula.
    """
    formula = formula_of(name, parts.catalog.columns)
    if formula is None:
        return None
    try:
        column = column_of(formula, [parts.column(each) for each in formula.columns])
    except ToolError:
        return None
    parts.catalog = parts.catalog.with_computed(column)
    return Item(start, end, name, {"column": (ColumnLink(name, 1.0, "name"),)})


def _defined(parts: Parts, index: int) -> None:
    """Use the words that a formula explains: "revenue, that is price times quantity"."""
    items = parts.sentence.items
    words = [token.norm for token in parts.sentence.tokens[: items[index].start]]
    explained = " ".join(words).endswith(phrases("that_is")) or (
        items[index - 1 : index] and not items[index - 1].senses
    )
    start = parts.sentence.tokens[items[index].start].start
    bracket = parts.sentence.text[:start].rstrip().endswith("(")
    if bracket:  # "price per piece (A / B)": the formula says what the words before it mean
        for item in items[:index]:
            measured = any(parts.is_measurable(link.column) for link in item.links)
            unlinked = (
                not item.links
                and not item.values
                and (not item.senses or item.has("role") or item.has("times"))
            )
            item.used = item.used or measured or unlinked or (item.text.lower() == "per")
        return
    if not explained:
        return
    named = [
        at
        for at in range(index - 1, -1, -1)
        if not items[at].senses or (items[at].has("role") and not items[at].links)
    ]
    if not named:
        return
    text = items[named[0]].text.lower()
    beside = [at for at in named[1:2] if at == named[0] - 1]  # "party size"
    for at, item in enumerate(items):
        joint = named[0] < at < index and (item.has("logic") or item.has("comparator", "equal"))
        item.used = item.used or joint or item.text.lower() == text or at in beside


def _replace(parts: Parts, first: int, last: int, name: str) -> bool:
    items = parts.sentence.items
    made = computed_item(parts, items[first].start, items[last].end, name)
    if made is None:
        return False
    items[first : last + 1] = [made]
    _defined(parts, first)
    if not name.startswith(FIRST):
        parts.note(f"I computed {plain_name(name)} for each row.")
    return True
