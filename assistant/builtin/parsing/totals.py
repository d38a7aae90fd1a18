"""Builds aggregates: what is computed where it is said, and where only a column or nothing is named."""

from __future__ import annotations

from collections.abc import Callable

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.counted_rows import take_counted_rows
from assistant.builtin.parsing.counting import count_of
from assistant.builtin.parsing.customer_rows import with_customer_rows
from assistant.builtin.parsing.histories import take_history
from assistant.builtin.parsing.implied import take_implied_measure
from assistant.builtin.parsing.measures import default_statistic
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.per_entity import for_each_entity
from assistant.builtin.parsing.several_tables import across_tables
from assistant.builtin.parsing.shares import add_top_share, as_share, read_ratio
from assistant.builtin.parsing.sides import (
    group_compared,
    split_excluding,
    take_best_of_named,
    take_left_over_group,
    take_more_of_two,
    take_outcome_rate,
    take_rest,
)
from assistant.builtin.parsing.tables import for_customers, locate
from assistant.builtin.parsing.units import per_own_unit, take_population
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.rows import Aggregate
from tools.selecting import Condition, GroupBy, Measure


def main_measures(parts: Parts) -> list[Measure]:
    """Return what to compute, with defaults where the person only named a column or nothing at all."""
    ratio = read_ratio(parts)
    if ratio is not None:
        return [ratio]
    measures = list(parts.measures)
    if parts.pending and not parts.bare and not parts.measures:
        named = next(
            (
                c.column
                for c in parts.where
                if c.column in parts.catalog.columns and parts.is_measurable(c.column)
            ),
            None,
        )
        column = named or parts.amount
        in_total = (
            parts.counts and parts.pending == ["sum"] and not parts.sentence.has("logic", "and")
        )  # "how many in total"
        measures += [
            Measure.model_validate({"statistic": s, "column": column})
            for s in parts.pending
            if column and not in_total
        ]
    counted = parts.measures or parts.counts or parts.entity in ("transaction", "row")
    described = {c.column for c in parts.where} if counted else set()
    described |= {m.column for m in measures if m.column} | {g.column for g in parts.groups}
    described -= {parts.share_of}
    parts.bare[:] = [column for column in parts.bare if column not in described]
    ranked = parts.superlative and not parts.groups  # "the highest number of claims" of one row
    how_many_of = parts.counts and parts.bare and not parts.entity and not ranked and not parts.measures
    if how_many_of:
        parts.counts = False
        return [Measure(statistic="sum", column=column) for column in parts.bare]
    for column in parts.bare:
        statistic = default_statistic(parts, column)
        paid = parts.column(column).role == "amount" and parts.sentence.has("how_much", "how_much")
        owed = parts.column(column).role == "balance" and parts.sentence.says(*phrases("owed_in_all"))
        paid = paid or (owed and parts.sentence.has("how_much", "how_much"))
        paid = paid or _in_all(parts, column)
        if paid and not parts.per_entity:
            statistic = "sum"
        both = (
            statistic == "sum"
            and not parts.groups
            and not parts.superlative
            and not parts.share
            and parts.sentence.has("how_much")
            and parts.grain is None
            and not parts.growth
            and not parts.periods
        )
        measures.append(Measure.model_validate({"statistic": statistic, "column": column}))
        if both:
            measures.append(Measure(statistic="mean", column=column))
        elif _both_readings(parts, column):
            other = "mean" if statistic == "sum" else "sum"
            measures.append(Measure.model_validate({"statistic": other, "column": column}))
    if parts.quantiles and not any(m.statistic == "quantile" for m in measures) and parts.amount:
        measures += [Measure(statistic="quantile", column=parts.amount, q=q) for q in parts.quantiles]
    distinct = bool(measures) and all(m.statistic == "count_distinct" for m in measures)
    if parts.counts and parts.entity == "row" and distinct:
        measures.insert(0, Measure(statistic="count"))
    if parts.counts and not any(m.statistic.startswith("count") for m in measures):
        count = count_of(parts)
        ordering = parts.bare or parts.measures
        measures = [*measures, count] if ordering and parts.superlative else [count, *measures]
    return _ranking_first(parts, measures) or _money(parts) or [count_of(parts)]


def _in_all(parts: Parts, column: str) -> bool:
    """Tell whether "how much time did we spend talking" asks for a total, not for that of one row."""
    if not parts.sentence.has("how_much", "how_much") or parts.superlative:
        return False
    words = [token.norm for token in parts.sentence.tokens]
    at = next((at for at in range(len(words) - 1) if words[at : at + 2] == ["how", "much"]), None)
    mass = at is not None and words[at + 2 : at + 3] and words[at + 2] in cue("mass_noun")
    single = {"a", "an", "each", "every", "per", "one"} & set(words) or parts.sentence.has("statistic")
    never = cue("never_added_up") & set(parts.catalog.words_of.get(column, ()))
    return bool(mass and not single and not never)


def _money(parts: Parts) -> list[Measure]:
    """Read "how much on Fridays" and "how much money moves" as the amount: what is counted is no "much"."""
    counted = parts.counts or parts.entity is not None or parts.per_entity or parts.share or parts.having
    if counted or not parts.amount or not parts.sentence.has("how_much", "how_much"):
        return []
    parts.note(f'I read "how much" as the total **{parts.amount}**.')
    return [Measure(statistic="sum", column=parts.amount)]


def _ranking_first(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Put first what a ranking goes by: "top 3 by revenue, with their average rating"."""
    if parts.ranked_by is None or not parts.groups:
        return measures
    if parts.ranked_by == "count":
        leading = [m for m in measures if m.statistic.startswith("count") and not m.per]
    else:
        leading = [m for m in measures if m.column == parts.ranked_by]
    return [*leading[:1], *(m for m in measures if m not in leading[:1])]


def _list_rows(parts: Parts) -> None:
    """Read "list the bookings with a price above 1000" as the single rows."""
    table = parts.catalog.table
    named = parts.sentence.tokens[0].norm in ("list", "name") and parts.entity in ("transaction", "row")
    keys = [c.name for c in table.by_role("row_key") if c.n_distinct == table.n_rows]
    if not named or not keys or parts.groups or parts.measures or parts.bare or parts.counts:
        return
    number = next((c.column for c in parts.where if parts.is_measurable(c.column)), parts.amount)
    if number:
        parts.groups.append(GroupBy(column=keys[0]))
        parts.measures.append(Measure(statistic="max", column=number))


def _rank_rows(parts: Parts) -> None:
    """Read "the five largest balances" as single rows or customers with these values."""
    several = (parts.limit or 0) > 1 or parts.place
    if not (several and parts.superlative and parts.bare) or parts.measures:
        return
    if parts.groups and not (parts.rank_within and len(parts.groups) == 1 and (parts.limit or 0) > 1):
        return  # "the three largest balances in each branch" are rows within each
    table = parts.catalog.table
    keys = [c.name for c in table.by_role("row_key") if c.n_distinct == table.n_rows]
    keys += [table.customer] if table.customer and table.grain == "customers" else []
    if keys:
        parts.groups.append(GroupBy(column=keys[0]))


def _asked_together(parts: Parts) -> bool:
    """Tell whether the first groups of a ranking are asked for as one number."""
    if not (parts.superlative and (parts.limit or 0) > 1) or parts.rank_within or len(parts.groups) != 1:
        return False
    if parts.share and not parts.sentence.says("each", "respectively"):
        return True
    if parts.sentence.says(*phrases("together")):
        return True
    items = parts.sentence.items
    rank = next((at for at, item in enumerate(items) if item.has("superlative")), 0)
    return any(item.has("statistic", "sum") for item in items[:rank])


def _rank_of_one(parts: Parts) -> None:
    """Read "where does Germany rank by ..." as the ranking of all, in which it can be found."""
    one = next((c for c in parts.where if c.is_ == "equal" and parts.column(c.column).kind == "text"), None)
    asks = parts.sentence.says("where does", "what rank", "which rank", "rank of", "where do")
    if not (asks and one and parts.superlative) or parts.groups:
        return
    parts.where.remove(one)
    parts.groups.append(GroupBy(column=one.column))
    parts.limit = None
    parts.rank_of = str(one.value)
    if not parts.bare and parts.measures:
        parts.measures = [
            m.model_copy(update={"statistic": default_statistic(parts, m.column or "")})
            for m in parts.measures
        ]


def _both_readings(parts: Parts, column: str) -> bool:
    """Tell whether "balance by loan type" may mean the total as well as the average: then both are given."""
    plain = len(parts.bare) == 1 and not parts.measures and not parts.counts and len(parts.groups) == 1
    ranked = (
        parts.superlative
        or parts.limit
        or parts.share
        or parts.order != "auto"
        or parts.growth
        or parts.having
    )
    timed = any(group.grain for group in parts.groups) or parts.grain
    role = parts.column(column).role
    money = role == "amount" or (role == "balance" and parts.catalog.table.grain == "customers")
    return plain and not ranked and not timed and money and not parts.per_entity and not parts.wants_chart


def aggregate(parts: Parts) -> Aggregate | None:
    """Put measures, groups and filters together."""
    anything = (
        parts.measures
        or parts.key_rows
        or parts.other_rows
        or parts.bare
        or parts.counts
        or parts.groups
        or parts.where
        or parts.having
        or parts.share
        or parts.superlative
        or parts.compared
        or parts.top_share
        or parts.quantiles
        or (parts.per_entity and parts.entity)
        or (parts.amount and parts.sentence.says("how much money"))
        or any(
            item.links and parts.catalog.is_flag(item.links[0].column) for _, item in parts.sentence.free()
        )
    )
    if not anything:
        return None
    parts.sentence.take_all("how_much")
    parts.sentence.take_all("compare")
    take_outcome_rate(parts)
    take_left_over_group(parts)
    take_flags(parts)
    take_history(parts)
    take_counted_rows(parts)
    take_rest(parts)
    if parts.share and parts.growth and parts.compared:
        parts.share = False  # "by how many percent did it grow": the two values side by side say it
    take_best_of_named(parts)
    take_more_of_two(parts)
    ratio = read_ratio(parts)
    group_compared(parts)
    bare_best = any(i.text.lower() in ("best", "top") for i in parts.sentence.items if i.has("superlative"))
    own = [g.column for g in parts.groups] == [parts.customer_key]
    if bare_best and own and not parts.counts:
        parts.best_of_customers = True
    if parts.counts and parts.entity is None and any(c.column == "segment" for c in parts.where):
        parts.entity = "customer"  # "how many Savers are there": segments hold customers
    _list_rows(parts)
    take_implied_measure(parts)
    if parts.best_of_customers and not parts.measures and not parts.bare:
        _best_customers(parts)
    _rank_of_one(parts)
    measures = split_excluding(parts, [ratio] if ratio else main_measures(parts))
    measures = take_population(parts, measures)
    over = per_own_unit(parts, measures)
    measures, table_needed, _ = (over, None, None) if over else for_each_entity(parts, measures)
    _rank_rows(parts)
    told = [each for one in parts.measures[:1] for each in one.where]
    bad = any(parts.catalog.is_bad_news(each.column, each.value) for each in told)
    judged = any(i.text.lower() in ("worst", "best") for i in parts.sentence.items if i.has("superlative"))
    bad |= parts.share and any(parts.catalog.is_bad_news(one.column) for one in parts.where)
    if bad and parts.sentence.says("worst first", "worst ones first", "best first"):
        parts.order = "ascending" if parts.order == "descending" else "descending"
        parts.note("A high rate is the bad one here.")
    if parts.rate and judged and bad:
        parts.superlative = "desc" if parts.superlative == "asc" else "asc"
        parts.note("A high rate is the bad one here.")
    if parts.superlative == "asc":
        order = "ascending" if parts.groups else parts.order
    elif parts.superlative == "desc":
        order = "descending" if parts.groups else parts.order
    else:
        order = parts.order
    add_top_share(parts)
    if parts.customers_table and parts.catalog.has_features:
        measures = [
            _customer_measure(parts, m, lambda name: parts.as_feature(name) or name) for m in measures
        ]
    if parts.share and not parts.rate:
        whole = measures
        measures = as_share(parts, measures)
        asked_both = parts.sentence.has("how_much", "how_much")
        asked_both = asked_both or parts.sentence.says(*phrases("also_in_percent"))
        if measures[0].per is not None and asked_both and not parts.groups and not parts.wholes:
            measures = [whole[0].model_copy(update={"where": measures[0].where}), *measures]
    share_of_total = parts.share and not parts.rate and all(m.per is None for m in measures)
    if share_of_total and not (parts.groups or parts.where or parts.other_rows or parts.key_rows):
        return None
    if parts.kept_by is not None:
        measures = [*measures[:1], parts.kept_by, *measures[1:]]
    columns = [m.column for m in measures if m.column] + [g.column for g in parts.groups]
    columns += [c.column for m in measures for c in m.where]
    columns += [g.column for m in measures for g in m.each]
    columns += [m.of.column for m in measures if m.of and m.of.column]
    table, where, rename = locate(parts, columns)
    if table_needed:
        table = table_needed
    groups = list(parts.groups)
    if parts.rank_within and len(groups) > 1 and parts.within:
        groups = [groups[parts.within], *(g for i, g in enumerate(groups) if i != parts.within)]
    if parts.having and parts.having[0].column == "value" and not parts.measures and not parts.bare:
        measures = measures if parts.share else [count_of(parts)]
    if table == "customers" and parts.catalog.has_features:
        if not parts.customers_table:
            measures = [_customer_measure(parts, m, rename) for m in measures]
        groups = [g.model_copy(update={"column": rename(g.column)}) for g in groups]
    counted = measures == [Measure()] and not groups and not parts.share
    if counted and table == "customers" and (listed := _listed_by(parts, where)):
        groups, measures, order = [GroupBy(column=parts.customer_key or "")], [listed], "descending"
    for kind in ("by", "count", "how_much", "entity"):
        if kind != "entity" or parts.entity or parts.mentions_customers:
            parts.sentence.take_all(kind)
    asked = Aggregate.model_validate(
        {
            "measures": measures,
            "by": groups,
            "where": where,
            "having": parts.having,
            "order": order,
            "limit": parts.limit if groups and not parts.place else None,
            "share_of_total": share_of_total,
            "rank_within": parts.rank_within and len(groups) > 1,
            "place": parts.place if groups else None,
            "rank_of": parts.rank_of,
            "together": _asked_together(parts) and bool(groups),
            "chart": parts.chart,
            "table": table,
        }
    )
    return across_tables(parts, with_customer_rows(parts, asked))


def _listed_by(parts: Parts, where: list[Condition]) -> Measure | None:
    """Return what customers are listed with for "which customers have more than 10 orders", else None."""
    asked = parts.sentence.tokens[0].norm in ("which", "list", "name", "who") and not parts.counts
    table = parts.catalog.customers
    if not asked or table is None or parts.customer_key is None:
        return None
    columns = [table.column(c.column) for c in where]
    named = next((c.name for c in columns if c is not None and c.kind == "number"), None)
    return Measure(statistic="max", column=named) if named else None


def _customer_measure(parts: Parts, measure: Measure, rename: Callable[[str], str]) -> Measure:
    if measure.statistic == "count_distinct" and measure.column == parts.customer_key:
        measure = measure.model_copy(update={"statistic": "count", "column": None})
    changes: dict[str, object] = {"where": for_customers(parts, measure.where)}
    if measure.column:
        changes["column"] = rename(measure.column)
    if measure.per:
        changes["per"] = _customer_measure(parts, measure.per, rename)
    return measure.model_copy(update=changes)


def _best_customers(parts: Parts) -> None:
    if parts.amount:
        parts.bare.append(parts.amount)
        parts.note(f'I read "best" as those who spent most: by total **{parts.amount}**.')
    else:
        holding = parts.catalog.table.by_role("balance")
        if holding:
            parts.bare.append(holding[0].name)
            parts.note(f'I read "best" as the highest **{holding[0].name}**.')
        elif parts.catalog.table.grain == "transactions":
            order = parts.catalog.table.order
            parts.measures.append(
                Measure(statistic="count_distinct", column=order) if order else Measure(statistic="count")
            )
            most = "most orders" if order else "most rows"
            parts.note(f'No column says what was paid, so I read "best" as those with the **{most}**.')
