"""Reads groups that stand side by side without being called groups: "men and women", "against the rest"."""

from __future__ import annotations

import re
from calendar import month_name

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.measures import default_statistic
from assistant.builtin.parsing.negation import affirmed, denied
from assistant.builtin.parsing.one_side import parted_by
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.shares import names_only_some
from assistant.builtin.sentence import Item
from tools.selecting import Condition, GroupBy, Measure


def split_excluding(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Turn filters that exclude each other ("below 600 and for 700 or above") into measures of their own."""
    if parts.two_sides is not None:
        return _each_with(measures, list(parts.two_sides))
    lows = [
        c
        for c in parts.where
        if c.is_ in ("above", "at_least") and isinstance(c.value, int | float) and not c.or_
    ]
    kinds = [c for c in parts.where if c.is_ in ("present", "missing")]
    if len(kinds) == 2 and kinds[0].column == kinds[1].column and kinds[0].is_ != kinds[1].is_:
        parts.where[:] = [c for c in parts.where if c not in kinds]
        return _each_with(measures, kinds)
    for low in lows:
        high = next(
            (
                c
                for c in parts.where
                if c.column == low.column
                and c.is_ in ("below", "at_most", "equal")
                and isinstance(c.value, int | float)
                and isinstance(low.value, int | float)
                and (
                    c.value < low.value or (c.value == low.value and (c.is_ == "below" or low.is_ == "above"))
                )
            ),
            None,
        )
        if high is not None and not parts.groups:
            parts.where[:] = [c for c in parts.where if c not in (low, high)]
            return _each_with(measures, [high, low])
    return measures


def _each_with(measures: list[Measure], conditions: list[Condition]) -> list[Measure]:
    """Return every measure once for each condition; ratios are among the rows that fulfil it."""
    made = []
    for one in conditions:
        for m in measures:
            per = m.per.model_copy(update={"where": [*m.per.where, one]}) if m.per else None
            made.append(m.model_copy(update={"where": [*m.where, one], "per": per}))
    return made


def _blamed(parts: Parts) -> None:
    """Read "why do two-year customers churn the most" as the rate of all, so that a false premise shows."""
    one = next(
        (
            c
            for c in parts.where
            if c.is_ == "equal" and c.column in parts.catalog.columns and parts.is_group(c.column)
        ),
        None,
    )
    why = parts.sentence.tokens[0].norm == "why"
    if why and parts.superlative and one is not None and not parts.groups and not parts.measures:
        parts.where.remove(one)
        parts.groups.append(GroupBy(column=one.column))


def take_outcome_rate(parts: Parts) -> None:
    """Read "which contract has the highest churn" and "churn by contract" as the rate of yes."""
    _blamed(parts)
    as_rate = parts.share and bool(parts.superlative) and parts.sentence.says(*phrases("as_a_rate"))
    if parts.measures or parts.bare or parts.counts or (parts.share and not as_rate) or not parts.groups:
        return
    if not (parts.superlative or parts.sentence.says("compare")) and len(parts.groups) < 2 and parts.entity:
        return
    flags = [
        item
        for _, item in parts.sentence.free()
        if item.links and parts.catalog.is_flag(item.links[0].column)
    ]
    flags = flags if len(flags) == 1 else _ranked_by(parts, flags)
    if len(flags) != 1:
        return
    counting = ("most", "the most", "fewest", "the fewest")
    most = parts.superlative and any(i.text.lower() in counting for i in parts.sentence.items)
    if most and flags[0].has("entity", "customer") and flags[0].text.lower().endswith("s"):
        return  # "the most churners" are counted, "the most churn" is a rate
    name = flags[0].links[0].column
    yes = affirmed(parts, name)
    if name not in {g.column for g in parts.groups}:
        flags[0].used = True
        parts.rate, parts.share = True, False
        parts.measures.append(Measure(where=[yes], per=Measure()))
        said = "given" if yes.value is None else f"= {yes.value}"
        parts.note(f'I read "{flags[0].text}" as the share with {name} {said}.')


def _ranked_by(parts: Parts, flags: list[Item]) -> list[Item]:
    """Return the one of several outcomes that groups are ranked by: "the highest churn among seniors"."""
    items = parts.sentence.items
    ranks = [at for at, item in enumerate(items) if item.has("superlative")]
    behind = [flag for flag in flags if any(items[at + 1 : at + 2] == [flag] for at in ranks)]
    before = [flag for flag in flags if any(items[at - 1] is flag for at in ranks if at)]
    behind = [flag for flag in behind if not flag.has("entity") and not _describes_noun(parts, flag)]
    outcomes = [flag for flag in (*behind, *before) if _is_outcome(parts, flag.links[0].column)]
    if len(outcomes) == 1:
        return outcomes
    return (behind or before)[:1] if len(behind or before) == 1 else []


def _is_outcome(parts: Parts, name: str) -> bool:
    return parts.column(name).role == "outcome" or parts.catalog.is_bad_news(name)


def _describes_noun(parts: Parts, flag: Item) -> bool:
    """Tell whether an outcome says which of a noun are counted: "the most churned seniors"."""
    after = parts.sentence.at(parts.sentence.items.index(flag) + 1)
    return after is not None and after.start == flag.end and (after.has("entity") or bool(after.links))


def take_left_over_group(parts: Parts) -> None:
    """Read "for each contract the payment method with most customers": the best within each group."""
    if not parts.groups or parts.superlative is None or len(parts.groups) > 1:
        return
    rank = next((i.start for i in parts.sentence.items if i.used and i.has("superlative")), 0)
    asked = next((i.start for i in parts.sentence.items if i.used and i.has("logic", "which")), rank)
    for _, item in parts.sentence.free():
        if asked < item.start < rank:
            continue  # "which depot ships the heaviest parcels": a verb is no shipper
        if (
            item.links
            and parts.is_group(item.links[0].column)
            and not parts.catalog.is_flag(item.links[0].column)
            and item.links[0].score > 0.7
        ):
            name = parts.pick(item, "group")
            if name and name != parts.groups[0].column:
                item.used = True
                parts.groups.append(GroupBy(column=name))
                ranking = parts.sentence.says("rank", "ranking")
                parts.rank_within, parts.within, parts.limit = True, 0, parts.limit or (10 if ranking else 1)
                return


_OTHERS = phrases("the_others")  # fmt: skip


def take_rest(parts: Parts) -> None:
    """Read "defaulters versus the others", "december vs the rest of the year" as one side and all others."""
    others = [item for _, item in parts.sentence.free() if _is_other_side(parts, item)]
    said = bool(others) or parts.sentence.says(*_OTHERS)
    if not said or not (parts.compares or parts.sentence.says("than", "and", "or")):
        return  # "those who haven't churned" alone is a filter
    one = _named_side(parts, bool(others))
    if one is None:
        return
    parts.groups.clear()
    column = one.column if one.grain is None and one.is_ == "equal" else None
    if column is not None:
        parts.groups.append(GroupBy(column=parted_by(parts, one) or column))
    else:
        parts.two_sides = (one, denied(one))
    for kind in ("compare", "logic", "others"):
        parts.sentence.take_all(kind)
    for item in others:
        _take_named_rest(parts, item)
    if parts.bare and not parts.measures and not parts.sentence.has("how_much"):
        parts.measures += [Measure(statistic="mean", column=name) for name in parts.bare]
        parts.bare.clear()


def _named_side(parts: Parts, beside: bool) -> Condition | None:
    """Take the condition whose denial is the other side: a content, a weekday, a month of any year."""
    held = [c for c in parts.where if c.is_ in ("equal", "in") and c.column in parts.catalog.columns]
    grains = {(group.column, group.grain) for group in parts.groups if group.grain}
    for one in reversed(held):
        month = _as_month(parts, [str(one.value)]) if beside and one.grain is None and one.value else None
        own = not parts.groups or (beside and grains == {(one.column, one.grain)})
        if own and (one.grain or month or parts.is_group(one.column)):
            parts.where.remove(one)
            return month or one
    months = _as_month(parts, parts.periods) if beside and not held and not parts.groups else None
    if months is not None:
        parts.periods.clear()
    return months


_MONTH = re.compile(r"(?:19|20)\d\d-(\d\d)$")


def _as_month(parts: Parts, days: list[str]) -> Condition | None:
    """Return months without a year as months of any year: "december vs the rest of the year"."""
    found = [_MONTH.match(day) for day in days]
    if not found or re.search(r"\b(?:19|20)\d\d\b", parts.sentence.text) or parts.time is None:
        return None
    names = [month_name[int(each[1])] for each in found if each]
    if len(names) < len(found):
        return None
    if len(names) == 1:
        return condition(parts.time, "equal", names[0], grain="month_of_year")
    return condition(parts.time, "in", None, values=names, grain="month_of_year")


def _is_other_side(parts: Parts, item: Item) -> bool:
    """Tell whether a word stands for all that was not named before it: "vs the rest", "vs other days"."""
    before = parts.sentence.tokens[max(0, item.start - 2) : item.start]
    word = item.text.lower().removeprefix("the ")
    beside = any(token.norm in _BESIDE for token in before)
    return beside and (item.has("others") or word in ("other", "rest", "remaining", "remainder"))


_BESIDE = frozenset({"vs", "versus", "against", "than", "to", "with", "and"})


def _take_named_rest(parts: Parts, item: Item) -> None:
    """Mark the noun of the other side: "the rest of the year", "the other weekdays"."""
    item.used = True
    after = parts.sentence.at(parts.sentence.items.index(item) + 1)
    if after is not None and (after.has("grain") or after.has("entity") or after.links):
        after.used = True


_BY_DEGREE = (cue("claims_higher") | cue("claims_lower")) - {"above", "over", "below", "under"}
_MORE = ("most", "highest", "lowest", "least", "fewest", "longest", "shortest")


def take_more_of_two(parts: Parts) -> None:
    """Read "who spends more, men or women?" as a comparison of the two."""
    more = parts.sentence.says(*_MORE) or bool(parts.sentence.words() & _BY_DEGREE)
    asks = parts.sentence.says("who", "which", "where", "what")
    pair = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
    if not (more and asks and pair) or parts.compared or parts.groups:
        return
    parts.compared.append(pair.column if pair.grain is None else f"{pair.column}|{pair.grain}")
    for kind in ("comparator", "comparative", "superlative"):
        parts.sentence.take_all(kind)
    if parts.bare and not parts.measures:
        column = parts.bare[0]
        parts.measures = [Measure(statistic="mean", column=column)]
        if default_statistic(parts, column) == "sum":
            parts.measures.append(Measure(statistic="sum", column=column))
        parts.bare.clear()
    parts.superlative = None


def take_best_of_named(parts: Parts) -> None:
    """Read "which of Chennai, Kolkata or Jaipur brings in most" as the first of these groups."""
    named = next((c for c in parts.where if c.is_ == "in" and len(c.values) > 1), None)
    own = all(group.column == parts.customer_key for group in parts.groups)
    if (
        named is None
        or parts.superlative is None
        or not own
        or not parts.sentence.says("which of", "who", "which")
    ):
        return
    parts.groups[:] = [GroupBy.model_validate({"column": named.column, "grain": named.grain})]
    parts.limit = 1
    parts.compared.clear()
    parts.entity = None if parts.entity == "customer" and parts.measures else parts.entity
    for index, measure in enumerate(parts.measures):
        if measure.statistic in ("max", "min") and measure.column:
            statistic = default_statistic(parts, measure.column)
            parts.measures[index] = Measure.model_validate({"statistic": statistic, "column": measure.column})


def group_compared(parts: Parts) -> None:
    """Turn values named side by side into groups: "average balance of men and women"."""
    together = parts.sentence.says(
        "together", "combined", "altogether", "either", "in total", "taken together"
    )
    if together and not parts.compares:
        parts.compared.clear()
    if (
        parts.share
        and not parts.groups
        and not parts.compares
        and not parts.sentence.says("each", "respectively")
    ):
        parts.compared[:] = [name for name in parts.compared if not names_only_some(parts, name)]
    for name in parts.compared:
        column, _, grain = name.partition("|")
        group = GroupBy.model_validate({"column": column, "grain": grain or None})
        counted_together = (
            parts.counts and not parts.measures and not parts.compares and parts.sentence.says("either")
        )
        if group not in parts.groups and not counted_together:
            parts.groups.insert(0, group)
