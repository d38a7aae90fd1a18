"""Reads statistics over units ("median revenue per day") and over the first of a ranking.

A unit is a period, a customer or an order: something is computed in each, then the statistic over all.
"""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.counting import count_of
from assistant.builtin.parsing.grouping import group_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, root
from tools.selecting import GroupBy, Measure

_OVER_UNITS = ("median", "max", "min", "std", "variance", "quantile")
_PERIODIC = frozenset({"daily", "weekly", "monthly", "quarterly", "yearly", "annual"})


def per_period(parts: Parts, grain: str | None, cycles: tuple[str, ...]) -> Aggregate | None:
    """Read "average number of orders per day", "mean monthly revenue" and "median daily revenue".

    An average is the total divided by the periods with rows; any other statistic is taken over the periods.
    """
    statistic = _statistic(parts)
    if grain in (None, "auto", *cycles) or statistic is None or parts.superlative:
        return None
    if parts.periods or parts.growth or parts.per_entity or (statistic == "mean" and _split(parts, grain)):
        return None
    columns = [m.column for m in parts.measures if m.column] + parts.bare
    flows = [name for name in columns if parts.column(name).role in ("amount", "quantity")]
    columns = list(dict.fromkeys(columns))
    words = {token.norm for token in parts.sentence.tokens}
    said = words & cue("flow") or words & _PERIODIC or parts.sentence.has("how_much", "how_much")
    if columns and not (flows and said) or len(columns) > 1 or (not columns and not _counted(parts)):
        return None
    whole = count_of(parts) if not columns else Measure(statistic="sum", column=columns[0])
    by = [g for g in parts.groups if g.column != parts.time or g.grain != grain]
    parts.sentence.take_all("count")
    parts.sentence.take_all("over_time")
    parts.note(f"Only {grain}s with rows count, partly covered ones too.")
    if statistic == "mean":
        periods = Measure.model_validate(
            {"statistic": "count_distinct", "column": parts.time, "grain": grain}
        )
        return Aggregate(measures=[whole.model_copy(update={"per": periods})], by=by, where=parts.where)
    each = [GroupBy.model_validate({"column": parts.time, "grain": grain})]
    measures = over_units(parts, statistic, whole, each)
    return Aggregate(measures=measures, by=by, where=parts.where)


def _split(parts: Parts, grain: str | None) -> bool:
    """Tell whether the periods are what is compared: "average order value by year", not "per year"."""
    for item, after in zip(parts.sentence.items, parts.sentence.items[1:], strict=False):
        if after.has("grain", str(grain)) and item.text.lower() in ("by", "for each", "for every", "in each"):
            return not parts.counts
    return False


def read_nested(parts: Parts) -> Aggregate | None:
    """Read "average of the daily totals" and "median of the city averages": one statistic over another."""
    outer, inner, between = _two_statistics(parts)
    if outer is None or inner is None or parts.superlative or parts.limit or parts.share:
        return None
    columns = list(dict.fromkeys([m.column for m in parts.measures if m.column] + parts.bare))
    each = [group for group in parts.groups if group.bins is None and group.width is None]
    named = [i for i in between if not i.used and i.links and parts.is_group(i.links[0].column)]
    if not each and len(named) == 1 and not parts.is_measurable_only(named[0].links[0].column):
        name = parts.pick(named[0], "group")
        each = [group_of(parts, name)] if name else []
        named[0].used = bool(name)
    if parts.grain not in (None, "auto") and not any(group.grain for group in each):
        each.append(GroupBy.model_validate({"column": parts.time, "grain": parts.grain}))
    if parts.per_entity == "customer" and parts.customer_key:
        each.append(GroupBy(column=parts.customer_key))
    if len(each) != 1 or len(columns) > 1 or len(parts.groups) > 1 or parts.periods:
        return None
    if inner == "count":
        whole = count_of(parts) if not parts.entity_key else Measure()
    elif columns and parts.is_number(columns[0]):
        whole = Measure.model_validate({"statistic": inner, "column": columns[0]})
    else:
        return None
    parts.sentence.take_all("count")
    parts.sentence.take_all("over_time")
    if each[0].grain:
        parts.note(f"Only {each[0].grain}s with rows count, partly covered ones too.")
    return Aggregate(measures=over_units(parts, outer, whole, each), where=parts.where)


def _two_statistics(parts: Parts) -> tuple[str | None, str | None, list[Item]]:
    """Return the statistic that is taken of another one, the other, and what stands between them."""
    items = [item for item in parts.sentence.items if item.has("statistic") or item.has("count", "how_many")]
    places = [at for at, item in enumerate(items) if item.senses.get("statistic") in ("mean", *_OVER_UNITS)]
    if not places or places[0] + 1 >= len(items):
        return None, None, []
    first, second = items[places[0]], items[places[0] + 1]
    between = [token.norm for token in parts.sentence.tokens[first.end : second.start]]
    inner = "count" if second.has("count") else second.senses["statistic"]
    joined = "and" in between or "," in between or inner not in ("mean", "sum", "median", "count")
    said = first.text.lower().endswith(" of") or "of" in between
    if joined or not said:
        return None, None, []
    inside = [item for item in parts.sentence.items if first.end <= item.start < second.start]
    return first.senses["statistic"], inner, inside


def _counted(parts: Parts) -> bool:
    return parts.counts or parts.entity is not None


def _statistic(parts: Parts) -> str | None:
    """Return the statistic that the sentence asks for, of a column or of what is counted."""
    if parts.quantiles:
        return "quantile"
    named = [m.statistic for m in parts.measures] + parts.pending
    return next((name for name in named if name in ("mean", *_OVER_UNITS)), None)


def over_units(parts: Parts, statistic: str, whole: Measure, each: list[GroupBy]) -> list[Measure]:
    """Return the statistic over units, one measure for each percentile asked for."""
    levels = parts.quantiles if statistic == "quantile" else [None]
    return [
        Measure.model_validate({"statistic": statistic, "q": level, "of": whole, "each": each})
        for level in levels
    ]


def per_own_unit(parts: Parts, measures: list[Measure]) -> list[Measure] | None:
    """Read "median number of orders per customer" and "average items per order" over customers or orders.

    Returns None where no unit is named, or where a customer feature or a plain average says the same.
    """
    if parts.per_entity is None or not measures:
        return None
    table, first, statistic = parts.catalog.table, measures[0], _statistic(parts)
    if parts.per_entity == "customer":
        key = parts.customer_key if table.grain == "transactions" else None
        counted = first.column is None or first.statistic.startswith("count")
        if key is None or statistic in (None, "mean") or not counted:
            return None
        whole = Measure() if first.statistic != "count_distinct" or first.column == key else first
        return over_units(parts, statistic, whole, [GroupBy(column=key)])
    key = parts.entity_key or table.order
    repeated = parts.column(key).n_distinct if key else None
    if key is None or repeated is None or repeated >= table.n_rows:
        return None
    whole = first
    if first.column and first.statistic in ("mean", *_OVER_UNITS):
        whole = Measure(statistic="sum", column=first.column)
    if whole.statistic == "count_distinct" and whole.column == key:
        whole = Measure()
    return over_units(parts, statistic or "mean", whole, [GroupBy(column=key)])


def take_population(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Read "average age of the top 10 customers by spend": a statistic over the first of a ranking.

    Returns:
        The measures over the chosen few; the same ones where a ranking itself is asked for.
    """
    key = parts.customer_key
    rows = [c.name for c in parts.catalog.table.by_role("row_key")]
    if parts.superlative is None or (parts.limit or 0) < 2 or parts.place:
        return measures
    grouped = [group.column for group in parts.groups]
    if grouped not in ([[key]] if key else []) + [[row] for row in rows] or not _asks_over_all(parts):
        return measures
    asked = [m for m in measures if m.column not in parts.bare or m in parts.measures]
    ranked = next(iter(parts.bare), None) or _named_by_noun(parts)
    if ranked is None:
        held = [m.column for m in measures if m.column and m.statistic in ("mean", "sum", "median")]
        money = [name for name in held if parts.column(name).role in ("amount", "balance")]
        ranked = money[0] if money else parts.amount
        if grouped != [key]:
            ranked = next(iter(held), ranked)
    if ranked is None:
        for item in parts.sentence.items:
            item.used = item.used and not item.has("superlative")  # by what it ranks is not said
        return measures
    if parts.catalog.has_features and grouped == [key]:
        parts.customers_table = True
        ranked = parts.as_feature(ranked) or ranked
    if any(m.statistic in ("mean", "median") for m in asked):
        parts.share = False
    side = "top_n" if parts.superlative == "desc" else "bottom_n"
    parts.where.append(condition(ranked, side, parts.limit))
    parts.groups.clear()
    parts.bare.clear()
    parts.superlative, parts.limit = None, None
    kept = [m for m in asked if m.column or m.where or m.per] or asked
    return kept or measures


def _named_by_noun(parts: Parts) -> str | None:
    """Return the number column that the noun behind the ranking speaks of: watchers and hours watched."""
    for item in parts.sentence.items:
        if item.has("entity", "customer") and item.used:
            said = {root(word) for word in key_of(item.text)}
            for name in sorted(parts.catalog.loaded):
                own = {root(word) for word in parts.catalog.words_of[name]}
                if parts.is_measurable(name) and said & own:
                    return name
    return None


def _asks_over_all(parts: Parts) -> bool:
    """Tell whether a statistic, a share or a count stands before the ranking that it is about."""
    items = parts.sentence.items
    ranks = [at for at, i in enumerate(items) if i.has("superlative") or i.has("superlative_spend")]
    rank = ranks[0] if ranks else 0
    asked = items[:rank]
    if any(item.has("statistic", "mean", "median", "std", "min", "max") for item in asked):
        return True
    if any(item.has("statistic", "mean") and item.text.lower() == "on average" for item in items):
        return True
    filtered = bool(parts.where) and not parts.sentence.has("how_much")
    return filtered and any(item.has("share", "share") or item.has("count", "how_many") for item in asked)
