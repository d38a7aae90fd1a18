"""Builds requests about data from the parts of a sentence: aggregates, trends, distributions, relations."""

from __future__ import annotations

from collections.abc import Callable

from assistant.builtin.annotate import Sentence
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.conditions import take_conditions, take_flags
from assistant.builtin.parsing.groups import CYCLES, take_groups
from assistant.builtin.parsing.measures import count_of, default_statistic, take_measures
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.times import take_times
from assistant.builtin.request import (
    Aggregate, Chart, Correlation, CrossTable, Distribution, GroupDifference, Outliers, Reading, Request, Trend,
)  # fmt: skip
from tools.selecting import Condition, GroupBy, Measure

_CHARTS = {"pie", "bar", "line", "area", "histogram", "box", "scatter", "heatmap", "none", "auto"}


def gather(sentence: Sentence, catalog: Catalog) -> Parts:
    """Take a sentence apart; a copy of the sentence is marked, so that other readers may try their luck."""
    parts = Parts(sentence.fresh(), catalog)
    _chart(parts)
    parts.compares = parts.sentence.has("compare")
    if any(item.has("over_time", "growth") for item in parts.sentence.items):
        parts.growth = True
    _purpose(parts)
    _outlier_threshold(parts)
    take_top_share(parts)
    take_groups(parts)
    take_times(parts)
    take_conditions(parts)
    if parts.sentence.has("how_much") and parts.sentence.says(*_COMES_FROM):
        parts.share = True
    take_measures(parts)
    return parts


_COMES_FROM = ("comes from", "come from", "came from", "account for", "accounts for", "is due to", "do the top", "bring in", "bring")


def _chart(parts: Parts) -> None:
    kinds = [item.senses["chart_kind"] for item in parts.sentence.items if item.has("chart_kind") and not item.links]
    for item in parts.sentence.items:
        if item.has("chart_kind") and not item.links:
            item.used = True
    named = [kind for kind in kinds if kind != "auto"]
    chart: Chart = named[-1] if named else "auto"
    parts.chart = chart
    parts.wants_chart = bool(kinds)


def _outlier_threshold(parts: Parts) -> None:
    """Keep the number of an outlier rule from being taken for a filter: "z-score above 3", "1.5 times the IQR"."""
    if not parts.sentence.has("outliers"):
        return
    for index, item in enumerate(parts.sentence.items):
        around = [parts.sentence.at(index + step) for step in (-3, -2, -1, 1, 2)]
        rule = any(near and (near.has("outliers", "z_rule", "iqr_rule") or near.has("statistic", "std", "iqr")) for near in around)
        if item.number and item.number.unit in (None, "times") and item.number.value <= 10 and rule:
            item.used = True
            parts.outlier_threshold = item.number.value
            for near in (parts.sentence.at(index - 1), parts.sentence.at(index + 1)):
                if near and (near.has("comparator") or near.has("statistic", "std", "iqr")):
                    near.used = True


def _purpose(parts: Parts) -> None:
    """Leave out what the answer is for: "... for the loan offer", "for my board meeting"."""
    for index, item in parts.sentence.free():
        if not item.has("purpose"):
            continue
        before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 5) : item.start]]
        if "for" not in before:
            item.used = bool(not before)
            continue
        item.used = True
        first = item.start - len(before) + before.index("for")
        for other in parts.sentence.items[:index]:
            if other.start >= first:
                other.used = True
                parts.purpose = True


def take_top_share(parts: Parts) -> None:
    """Read "the top 20% of customers by spend" as a filter."""
    for index, item in parts.sentence.free():
        direction = item.senses.get("superlative")
        number = parts.sentence.at(index + 1)
        if not direction or not number or number.number is None or number.number.unit != "%":
            continue
        item.used = number.used = True
        parts.top_share = (direction, number.number.value)
        after = parts.sentence.at(index + 2)
        if after and after.has("entity", "customer"):
            after.used = True
            parts.entity = "customer"
        by = next((i for i, other in parts.sentence.free() if other.has("by") and i > index), None)
        target = parts.sentence.at(by + 1) if by is not None else None
        if by is not None and target and (target.has("feature") or (target.links and parts.is_measurable(target.links[0].column))):
            parts.sentence.items[by].used = target.used = True
            parts.top_share_column = target.senses.get("feature") or parts.pick(target, "number")
        return


def read_data_question(sentence: Sentence, catalog: Catalog) -> tuple[Reading, Parts] | None:
    """Read a question about data.

    Returns:
        The reading and what it was made from (for the check of what remains unexplained), or None if there
        is no question about data in the sentence.
    """
    parts = gather(sentence, catalog)
    for build in _BUILDERS:
        request = build(parts)
        if request is not None:
            return Reading((request,), tuple(parts.notes)), parts
    return None


# ---------------------------------------------------------------- tables


def settle_table(parts: Parts, columns: list[str]) -> str | None:
    """Return the table that a request needs: `customers` as soon as a customer feature is used."""
    features = [name for name in columns if name not in parts.catalog.loaded and parts.catalog.feature(name)]
    if parts.catalog.has_features and (parts.customers_table or features):
        return "customers"
    elsewhere = [
        name for name in columns if name in parts.catalog.loaded and parts.catalog.table.column(name) is None
    ]
    if elsewhere and not any(parts.catalog.table.column(name) for name in columns):
        return next(table.name for table in parts.catalog.tables.values() if table.column(elsewhere[0]))
    return None


def _for_customers(parts: Parts, where: list[Condition]) -> list[Condition]:
    """Write conditions on transactions as conditions on customers, where there is a counterpart."""
    moved = []
    for one in where:
        column = parts.as_feature(one.column) or one.column
        others = [o.model_copy(update={"column": parts.as_feature(o.column) or o.column}) for o in one.or_]
        if column != one.column:
            parts.note(f"For customers I take **{column}** for {one.column}.")
        moved.append(one.model_copy(update={"column": column, "or_": others}))
    return moved


def _located(parts: Parts, columns: list[str]) -> tuple[str | None, list[Condition], Callable[[str], str]]:
    """Return table, conditions and a translation of column names for a request."""
    named = columns + [c.column for c in parts.where] + [o.column for c in parts.where for o in c.or_]
    table = settle_table(parts, named)
    if table == "customers" and parts.catalog.has_features:
        return table, _for_customers(parts, parts.where), lambda name: parts.as_feature(name) or name
    return table, list(parts.where), lambda name: name


# ---------------------------------------------------------------- builders, first match wins


def _outliers(parts: Parts) -> Request | None:
    if not parts.sentence.has("outliers", "outliers", "iqr_rule", "z_rule"):
        return None
    item = parts.sentence.find("outliers")
    if item is None:
        return None
    for found in parts.sentence.take_all("outliers"):
        found.used = True
    text = " ".join(token.norm for token in parts.sentence.tokens)
    rule, threshold = "iqr", None
    spread = any(m.statistic == "std" for m in parts.measures) or "std" in parts.pending or "standard deviation" in text
    z_words = parts.sentence.has("outliers", "z_rule") or spread
    threshold = parts.outlier_threshold
    if z_words:
        rule = "z"
    elif parts.quantiles:
        rule, threshold = "percentile", 100 * max(parts.quantiles)
    column = next(iter(_numeric_columns(parts)), None) or parts.amount
    if column is None:
        return None
    table, where, name = _located(parts, [column])
    parts.sentence.take_all("statistic")
    parts.sentence.take_all("count")
    return Outliers.model_validate(
        {"column": name(column), "rule": rule, "threshold": threshold, "where": where, "table": table}
    )


def _numeric_columns(parts: Parts) -> list[str]:
    named = [m.column for m in parts.measures if m.column] + parts.bare
    return list(dict.fromkeys(named))


def _relation(parts: Parts) -> Request | None:
    """Correlation of numbers, drivers of an outcome, categories against each other."""
    scatter = parts.chart == "scatter" and len(_numeric_columns(parts)) == 2
    cued = parts.sentence.has("relation", "correlation", "spearman", "drivers") or scatter
    if not cued and not (parts.sentence.has("relation", "cross")):
        return None
    method = "spearman" if parts.sentence.has("relation", "spearman") else "pearson"
    drivers = parts.sentence.has("relation", "drivers")
    parts.sentence.take_all("relation")
    numbers = [name for name in _numeric_columns(parts) if parts.is_number(name)]
    flags, groups = [], [g.column for g in parts.groups if g.grain is None]
    order: dict[str, int] = {}
    for index, item in enumerate(parts.sentence.items):
        for link in item.links[:1]:
            order.setdefault(link.column, index)
        if not item.used and item.links:
            name = item.links[0].column
            item.used = True
            (flags if parts.catalog.is_flag(name) or parts.is_group(name) else numbers).append(name)
    categories = list(dict.fromkeys([*groups, *flags, *(c for c in parts.compared if "|" not in c)]))
    for name in [c.column for c in parts.where if c.column in parts.compared]:
        parts.where[:] = [c for c in parts.where if c.column != name]
    table, where, rename = _located(parts, [*numbers, *categories])
    numbers = [rename(name) for name in sorted(dict.fromkeys(numbers), key=lambda name: order.get(name, 99))]
    if len(numbers) >= 2 and not categories:
        return Correlation.model_validate({"columns": numbers, "method": method, "where": where, "table": table})
    if len(categories) >= 2 and not numbers and not drivers:
        return _crossed(parts, sorted(categories, key=lambda name: order.get(name, 99)), where, table)
    if len(numbers) == 1 and len(categories) == 1 and not drivers:
        if parts.catalog.is_flag(categories[0]) and parts.column(categories[0]).kind == "number":
            return Correlation.model_validate({"columns": [numbers[0], categories[0]], "method": method, "where": where, "table": table})
        return GroupDifference(column=numbers[0], by=categories[0], where=where, table=table)
    if len(numbers) + len(categories) == 1 or (drivers and numbers + categories):
        target = (flags or numbers or categories)[-1 if flags else 0]
        if drivers and len(numbers) == 1 and not flags and not categories:
            target = numbers[0]
        return Correlation.model_validate({"target": target, "method": method, "where": where, "table": table})
    return Correlation.model_validate({"columns": numbers, "method": method, "where": where, "table": table})


def _crossed(parts: Parts, names: list[str], where: list[Condition], table: str | None) -> CrossTable:
    """Put an outcome into the columns, so that the rows show its rate."""
    rows, columns = names[0], names[1]
    outcomes = [name for name in (rows, columns) if parts.column(name).role == "outcome"] or [
        name for name in (rows, columns) if parts.catalog.is_flag(name)
    ]
    if len(outcomes) == 1 and outcomes[0] == rows:
        rows, columns = columns, rows
    normalise = "rows" if outcomes else "none"
    return CrossTable.model_validate({"rows": rows, "columns": columns, "normalise": normalise, "where": where, "table": table})


def _cross(parts: Parts) -> Request | None:
    """"Contract by churn", "gender against city": two categories and nothing to measure."""
    groups = [g for g in parts.groups if g.grain is None and g.bins is None]
    if parts.measures or parts.bare or parts.counts or parts.superlative or parts.entity:
        return None
    if parts.share and any(i.links and parts.catalog.is_flag(i.links[0].column) for _, i in parts.sentence.free()):
        return None
    others = [
        item for _, item in parts.sentence.free()
        if item.links and parts.is_group(item.links[0].column) and item.links[0].score > 0.6
    ]
    names = [item.links[0].column for item in others] + [g.column for g in groups]
    if len(set(names)) != 2 or (not groups and not parts.compares and not parts.sentence.has("distribution")):
        return None
    for item in others:
        item.used = True
    parts.sentence.take_all("compare")
    parts.sentence.take_all("distribution")
    parts.sentence.take_all("by")
    table, where, _ = _located(parts, names)
    normalise = "rows" if parts.share else "none"
    return CrossTable.model_validate({"rows": names[-1], "columns": names[0], "normalise": normalise, "where": where, "table": table})


def _difference(parts: Parts) -> Request | None:
    """"Do men spend more than women", "is there a difference in balance between ..."."""
    cued = parts.sentence.has("relation", "difference") or (parts.compares and False)
    comparing = any(
        item.has("comparator", "above", "below") and not item.used for item in parts.sentence.items
    ) or any(item.has("superlative") and item.text.lower() in ("most", "more") for item in parts.sentence.items)
    more = parts.sentence.says("more than", "less than", "higher than", "lower than", "older than", "younger than", "more or less")
    columns = [name for name in _numeric_columns(parts) if parts.is_number(name)]
    two_values = _two_value_conditions(parts)
    group = two_values or next((g.column for g in parts.groups if g.grain is None), None)
    age_words = parts.sentence.has("comparator_age") or parts.sentence.has("comparative", "age")
    if age_words and parts.age and (not columns or columns == [parts.age]):
        columns = [parts.age]
    if not group and cued:
        flag = next((i for _, i in parts.sentence.free() if i.links and (parts.catalog.is_flag(i.links[0].column) or parts.is_group(i.links[0].column))), None)
        if flag:
            group = flag.links[0].column
            for _, other in parts.sentence.free():
                other.used = other.used or other.column == group
    flags_named = [i.column for i in parts.sentence.items if i.links and i.column and (parts.catalog.is_flag(i.column) or parts.is_group(i.column)) and i.links[0].score > 0.7]
    if cued and not columns and len(set(flags_named)) == 2:
        for item in parts.sentence.items:
            item.used = item.used or item.column in flags_named or item.has("relation") or item.has("logic")
        names = list(dict.fromkeys(str(name) for name in flags_named))
        parts.where[:] = [c for c in parts.where if c.column not in names]
        table, where, _ = _located(parts, names)
        return _crossed(parts, names, where, table)
    starts = parts.sentence.tokens[0].norm in ("do", "does", "are", "is", "did", "were", "was", "don't")
    if starts and (comparing or parts.sentence.says("more", "less", "higher", "lower", "older", "younger", "longer")) and not group:
        group, rate = _one_sided(parts, columns)
        if rate is not None:
            return rate
        two_values = group
    if not columns or group is None or not (cued or ((comparing or more or starts) and two_values)):
        return None
    for kind in ("relation", "compare", "comparator", "comparator_age", "comparative", "logic", "distribution"):
        parts.sentence.take_all(kind)
    values = [str(v) for c in parts.where if c.column == group for v in (c.values or [c.value])]
    parts.where[:] = [c for c in parts.where if c.column != group]
    table, where, rename = _located(parts, [columns[0], group])
    return GroupDifference(
        column=rename(columns[0]), by=group, values=values if len(values) > 1 else [], where=where, table=table
    )


def _one_sided(parts: Parts, columns: list[str]) -> tuple[str | None, Aggregate | None]:
    """Read "do churned customers pay more?" and "do customers with fiber churn more?": a group against the rest."""
    flags = [i for _, i in parts.sentence.free() if i.links and parts.catalog.is_flag(i.links[0].column)]
    sides = [c for c in parts.where if c.is_ == "equal" and c.column in parts.catalog.columns and parts.is_group(c.column)]
    if columns and flags:
        flags[0].used = True
        return flags[0].links[0].column, None
    if columns and sides:
        return sides[0].column, None
    if flags and (sides or len(flags) > 1):
        outcome = flags[-1].links[0].column
        answers = parts.catalog.yes_no(outcome)
        group = sides[0].column if sides else flags[0].links[0].column
        for item in flags:
            item.used = True
        parts.where[:] = [c for c in parts.where if c.column != group]
        for kind in ("comparator", "logic", "relation", "superlative"):
            parts.sentence.take_all(kind)
        rate = Measure(where=[condition(outcome, "equal", answers[0] if answers else True)], per=Measure())
        return None, Aggregate(measures=[rate], by=[GroupBy(column=group)], where=list(parts.where))
    return None, None


def _two_value_conditions(parts: Parts) -> str | None:
    """Return a column of which two values are named: side by side, or as "women ... more than men"."""
    if parts.compared:
        return next((column for column in parts.compared if "|" not in column), None)
    return next((c.column for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)


def _distribution(parts: Parts) -> Request | None:
    cue = parts.sentence.find("distribution") is not None or parts.chart in ("histogram", "box")
    lone = parts.wants_chart and not (parts.groups or parts.superlative or parts.share or parts.entity or parts.grain)
    cue = cue or (lone and (parts.chart != "scatter"))
    if lone and len(_numeric_columns(parts)) == 2 and not parts.groups:
        parts.sentence.take_all("compare")
        table, where, rename = _located(parts, _numeric_columns(parts))
        return Correlation.model_validate({"columns": [rename(c) for c in _numeric_columns(parts)], "where": where, "table": table})
    if not cue or parts.counts or (parts.measures and parts.chart not in ("histogram", "box")):
        return None
    split = [item.text.lower() for item in parts.sentence.items if item.has("distribution")]
    column = next(iter(_numeric_columns(parts)), None)
    groups = [g for g in parts.groups if g.grain is None]
    if column is None:
        free = next(
            (item for _, item in parts.sentence.free() if item.links and item.links[0].score > 0.6), None
        )
        if free is not None:
            free.used = True
            column = parts.pick(free)
        elif len(groups) == 1 and not parts.entity:
            column = groups.pop().column
        elif parts.compared and "|" not in parts.compared[0]:
            column = parts.compared[0]
            parts.where[:] = [c for c in parts.where if c.column != column]
    if column is None or any(g.grain for g in parts.groups):
        return None
    if parts.entity == "customer" and parts.per_entity is None and groups and not parts.bare:
        return None
    parts.sentence.take_all("distribution")
    parts.sentence.take_all("by")
    table, where, rename = _located(parts, [column, *(g.column for g in groups)])
    if parts.per_entity == "customer":
        table, column = "customers", parts.as_feature(column) or column
    del split
    return Distribution(
        column=rename(column), by=groups[0].column if groups else None, where=where, chart=parts.chart, table=table
    )


def _trend(parts: Parts) -> Request | None:
    """A measure over time, growth, and periods side by side."""
    linear = next((g for g in parts.groups if g.grain and g.grain not in CYCLES and g.column == parts.time), None)
    if parts.time is None or not (parts.grain or parts.growth or parts.periods or linear):
        return None
    if linear and (parts.superlative or parts.limit or parts.having or (parts.share and not parts.growth)):
        return None
    if parts.grain and parts.grain != "auto" and (parts.superlative and not parts.growth):
        return None
    measure = main_measures(parts)[0]
    if any(".." in period for period in parts.periods):
        return _two_spans(parts, measure)
    _widen(parts)
    groups = [g.column for g in parts.groups if g.grain is None]
    grain = linear.grain if linear else parts.grain if parts.grain not in (None, "auto") else None
    if len(groups) > 1 or any(g.grain in CYCLES for g in parts.groups):
        return None
    parts.sentence.take_all("over_time")
    parts.sentence.take_all("compare")
    by = groups[0] if groups else next((c for c in parts.compared if "|" not in c), None)
    return Trend.model_validate(
        {
            "measure": measure, "grain": grain, "by": by, "where": parts.where, "chart": parts.chart,
            "compare_periods": parts.periods,
        }
    )  # fmt: skip


def _two_spans(parts: Parts, measure: Measure) -> Aggregate:
    """Compare spans that are no calendar period, such as half years, as two filtered measures and their ratio."""
    halves = []
    for period in parts.periods:
        ends = period.split("..") if ".." in period else [period, period]
        within = condition(parts.time or "", "between", None, values=ends)
        halves.append(measure.model_copy(update={"where": [*measure.where, within]}))
    parts.sentence.take_all("compare")
    parts.sentence.take_all("over_time")
    parts.sentence.take_all("share")
    ratio = halves[0].model_copy(update={"per": halves[1]})
    return Aggregate(measures=[*halves, ratio], where=parts.where)


def _widen(parts: Parts) -> None:
    """A change in one month is seen only beside the other months: "spending fell in September, right?"."""
    if not parts.growth or parts.periods:
        return
    single = [c for c in parts.where if c.column == parts.time and c.is_ == "equal" and c.grain is None]
    if single:
        parts.where[:] = [c for c in parts.where if c not in single]
        value = str(single[0].value)
        parts.grain = parts.grain or ("month" if len(value) == 7 else "year" if len(value) == 4 else "day")
        parts.note("To see the change I show the periods around it.")


def _ratio(parts: Parts) -> Measure | None:
    """Read "ratio of payments to balance" and "ratio of men to women"."""
    item = parts.sentence.find("share", "ratio")
    places = {link.column: each.start for each in parts.sentence.items for link in each.links[:1]}
    columns = sorted(_numeric_columns(parts), key=lambda name: places.get(name, 99))
    if item is None and parts.share and len(columns) == 2 and not parts.groups:
        first = min((i for i in parts.sentence.items if i.column in columns), key=lambda i: i.start, default=None)
        words = [t.norm for t in parts.sentence.tokens[first.end :]] if first else []
        backwards = not (set(words[:3]) & {"in", "of", "to", "out"})
        item = parts.sentence.items[0]
        columns = columns[::-1] if backwards else columns
    if item is None:
        return None
    if len(columns) == 2:
        item.used = True
        parts.share = False
        parts.note("The ratio is the total of one divided by the total of the other.")
        return Measure(statistic="sum", column=columns[0], per=Measure(statistic="sum", column=columns[1]))
    pair = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
    if pair and not columns:
        item.used = True
        parts.where.remove(pair)
        parts.compared.clear()
        first, second = (count_of(parts).model_copy(update={"where": [condition(pair.column, "equal", v)]}) for v in pair.values)
        return first.model_copy(update={"per": second})
    return None


def main_measures(parts: Parts) -> list[Measure]:
    """Return what to compute, with defaults where the person only named a column or nothing at all."""
    ratio = _ratio(parts)
    if ratio is not None:
        return [ratio]
    measures = list(parts.measures)
    if parts.pending and not parts.bare and not parts.measures:
        named = next((c.column for c in parts.where if c.column in parts.catalog.columns and parts.is_measurable(c.column)), None)
        column = named or parts.amount
        measures += [Measure.model_validate({"statistic": s, "column": column}) for s in parts.pending if column]
    how_many_of = parts.counts and parts.bare and not parts.entity and not parts.superlative and not parts.measures
    if how_many_of:
        parts.counts = False
        return [Measure(statistic="sum", column=column) for column in parts.bare]
    for column in parts.bare:
        statistic = default_statistic(parts, column)
        both = (
            statistic == "sum" and not parts.groups and not parts.superlative and not parts.share
            and parts.sentence.has("how_much") and parts.grain is None and not parts.growth and not parts.periods
        )  # fmt: skip
        measures.append(Measure.model_validate({"statistic": statistic, "column": column}))
        if both:
            measures.append(Measure(statistic="mean", column=column))
        elif _both_readings(parts, column):
            other = "mean" if statistic == "sum" else "sum"
            measures.append(Measure.model_validate({"statistic": other, "column": column}))
    if parts.quantiles and not any(m.statistic == "quantile" for m in measures) and parts.amount:
        measures += [Measure(statistic="quantile", column=parts.amount, q=q) for q in parts.quantiles]
    if parts.counts and not any(m.statistic.startswith("count") for m in measures):
        count = count_of(parts)
        ordering = parts.bare or parts.measures
        measures = [*measures, count] if ordering and parts.superlative else [count, *measures]
    return measures or [count_of(parts)]


def _both_readings(parts: Parts, column: str) -> bool:
    """Tell whether "balance by loan type" may mean the total as well as the average: then both are given."""
    plain = len(parts.bare) == 1 and not parts.measures and not parts.counts and len(parts.groups) == 1
    ranked = parts.superlative or parts.limit or parts.share or parts.order != "auto" or parts.growth or parts.having
    timed = any(group.grain for group in parts.groups) or parts.grain
    role = parts.column(column).role
    money = role == "amount" or (role == "balance" and parts.catalog.table.grain == "customers")
    return plain and not ranked and not timed and money and not parts.per_entity and not parts.wants_chart


def _per_entity(parts: Parts, measures: list[Measure]) -> tuple[list[Measure], str | None, Request | None]:
    """Read "purchases per customer", "revenue per order", "median spend per customer"."""
    if parts.per_entity == "customer" and parts.customer_key:
        first = measures[0]
        if first.statistic in ("median", "max", "min", "std", "quantile") and first.column:
            feature = parts.as_feature(first.column)
            if feature and parts.catalog.has_features:
                feature = parts.feature("total_amount") if first.column == parts.amount else feature
                return [first.model_copy(update={"column": feature})], "customers", None
        divisor = Measure(statistic="count_distinct", column=parts.customer_key)
        table = parts.catalog.table
        if table.grain == "customers":
            return measures, None, None
        if first.statistic in ("sum", "mean") and first.column:
            total = Measure(statistic="sum", column=first.column, per=divisor)
            if parts.column(first.column).role == "balance":
                return measures, None, None
            return [total], None, None
        counted = Measure(statistic="count", per=divisor)
        if first.statistic in ("count", "count_distinct"):
            of = first if first.statistic == "count_distinct" and first.column != parts.customer_key else counted
            return [of.model_copy(update={"per": divisor})], None, None
    if parts.per_entity in ("transaction", "row"):
        first = measures[0]
        key = next((k for k in [parts.entity_key] if k), None)
        if first.statistic in ("sum", "mean") and first.column and key is None:
            return [Measure(statistic="mean", column=first.column)], None, None
    return measures, None, None


def aggregate(parts: Parts) -> Aggregate | None:
    """Put measures, groups and filters together."""
    anything = (
        parts.measures or parts.bare or parts.counts or parts.groups or parts.where or parts.having or parts.share
        or parts.superlative or parts.compared or parts.top_share or parts.quantiles
        or (parts.per_entity and parts.entity)
        or any(item.links and parts.catalog.is_flag(item.links[0].column) for _, item in parts.sentence.free())
    )  # fmt: skip
    if not anything:
        return None
    parts.sentence.take_all("how_much")
    parts.sentence.take_all("compare")
    _outcome_rate(parts)
    _group_left_over(parts)
    take_flags(parts)
    _against_the_rest(parts)
    _more_of_two(parts)
    _groups_from_values(parts)
    if parts.best_of_customers and not parts.measures and not parts.bare:
        _best_customers(parts)
    measures = _side_by_side(parts, main_measures(parts))
    measures, table_needed, _ = _per_entity(parts, measures)
    if parts.superlative == "asc":
        order = "ascending" if parts.groups else parts.order
    elif parts.superlative == "desc":
        order = "descending" if parts.groups else parts.order
    else:
        order = parts.order
    _top_share(parts)
    if parts.customers_table and parts.catalog.has_features:
        measures = [_customer_measure(parts, m, lambda name: parts.as_feature(name) or name) for m in measures]
    if parts.share and parts.growth and parts.compared:
        parts.share = False  # "by how many percent did it grow": the two values side by side say it
    if parts.share and not parts.rate:
        measures = _as_share(parts, measures)
    share_of_total = parts.share and not parts.rate and all(m.per is None for m in measures)
    if share_of_total and not parts.groups and not parts.where:
        return None
    columns = [m.column for m in measures if m.column] + [g.column for g in parts.groups]
    table, where, rename = _located(parts, columns)
    if table_needed:
        table = table_needed
    groups = list(parts.groups)
    if parts.rank_within and len(groups) > 1 and parts.within:
        groups = [groups[parts.within], *(g for i, g in enumerate(groups) if i != parts.within)]
    if parts.having and parts.having[0].column == "value" and not parts.measures and not parts.bare:
        measures = [count_of(parts)]
    if table == "customers" and parts.catalog.has_features:
        if not parts.customers_table:
            measures = [_customer_measure(parts, m, rename) for m in measures]
        groups = [g.model_copy(update={"column": rename(g.column)}) for g in groups]
    for kind in ("logic", "by", "count", "how_much", "comparative", "entity"):
        if kind != "entity" or parts.entity or parts.mentions_customers:
            parts.sentence.take_all(kind)
    return Aggregate.model_validate(
        {
            "measures": measures, "by": groups, "where": where, "having": parts.having, "order": order,
            "limit": parts.limit if groups else None, "share_of_total": share_of_total,
            "rank_within": parts.rank_within and len(groups) > 1, "chart": parts.chart, "table": table,
        }
    )  # fmt: skip


def _customer_measure(parts: Parts, measure: Measure, rename: Callable[[str], str]) -> Measure:
    if measure.statistic == "count_distinct" and measure.column == parts.customer_key:
        measure = measure.model_copy(update={"statistic": "count", "column": None})
    changes: dict[str, object] = {"where": _for_customers(parts, measure.where)}
    if measure.column:
        changes["column"] = rename(measure.column)
    if measure.per:
        changes["per"] = _customer_measure(parts, measure.per, rename)
    return measure.model_copy(update=changes)


def _side_by_side(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Turn filters that exclude each other ("below 600 and for 700 or above") into measures of their own."""
    lows = [c for c in parts.where if c.is_ in ("above", "at_least") and isinstance(c.value, int | float) and not c.or_]
    for low in lows:
        high = next((c for c in parts.where if c.column == low.column and c.is_ in ("below", "at_most") and isinstance(c.value, int | float) and isinstance(low.value, int | float) and c.value <= low.value), None)
        if high is not None and not parts.groups:
            parts.where[:] = [c for c in parts.where if c not in (low, high)]
            made = []
            for one in (high, low):
                for m in measures:
                    per = m.per.model_copy(update={"where": [*m.per.where, one]}) if m.per else None
                    made.append(m.model_copy(update={"where": [*m.where, one], "per": per}))
            return made
    return measures


def _blamed(parts: Parts) -> None:
    """Read "why do two-year customers churn the most" as the rate of all contracts, so that a false premise shows."""
    one = next((c for c in parts.where if c.is_ == "equal" and c.column in parts.catalog.columns and parts.is_group(c.column)), None)
    why = parts.sentence.tokens[0].norm == "why"
    if why and parts.superlative and one is not None and not parts.groups and not parts.measures:
        parts.where.remove(one)
        parts.groups.append(GroupBy(column=one.column))


def _outcome_rate(parts: Parts) -> None:
    """Read "which contract has the highest churn" and "churn by contract" as the rate of yes."""
    _blamed(parts)
    if parts.measures or parts.bare or parts.counts or parts.share or not parts.groups:
        return
    if not (parts.superlative or parts.sentence.says("compare")) and len(parts.groups) < 2 and parts.entity:
        return
    flags = [item for _, item in parts.sentence.free() if item.links and parts.catalog.is_flag(item.links[0].column)]
    if len(flags) != 1:
        return
    name = flags[0].links[0].column
    answers = parts.catalog.yes_no(name)
    if answers and name not in {g.column for g in parts.groups}:
        flags[0].used = True
        parts.rate = True
        parts.measures.append(Measure(where=[condition(name, "equal", answers[0])], per=Measure()))
        parts.note(f"I read \"{flags[0].text}\" as the share with {name} = {answers[0]}.")


def _group_left_over(parts: Parts) -> None:
    """Read "for each contract the payment method with most customers": the best within each group."""
    if not parts.groups or parts.superlative is None or len(parts.groups) > 1:
        return
    for _, item in parts.sentence.free():
        if item.links and parts.is_group(item.links[0].column) and not parts.catalog.is_flag(item.links[0].column) and item.links[0].score > 0.7:
            name = parts.pick(item, "group")
            if name and name != parts.groups[0].column:
                item.used = True
                parts.groups.append(GroupBy(column=name))
                ranking = parts.sentence.says("rank", "ranking")
                parts.rank_within, parts.within, parts.limit = True, 0, parts.limit or (10 if ranking else 1)
                return


_OTHERS = (
    "the others", "others", "the rest", "everyone else", "everybody else", "those who didn't", "those who did not",
    "those who don't", "the other customers", "those who haven't", "those without", "the remaining", "non ones",
)  # fmt: skip


def _against_the_rest(parts: Parts) -> None:
    """Read "defaulters versus the others" as groups of the same column."""
    if not parts.sentence.says(*_OTHERS) or parts.groups or not parts.where:
        return
    one = next((c for c in reversed(parts.where) if c.is_ == "equal" and c.column in parts.catalog.columns and parts.is_group(c.column)), None)
    if one is not None:
        parts.where.remove(one)
        parts.groups.append(GroupBy(column=one.column))
        for kind in ("compare", "logic"):
            parts.sentence.take_all(kind)


def _more_of_two(parts: Parts) -> None:
    """Read "who spends more, men or women?" as a comparison of the two."""
    more = parts.sentence.says("more", "higher", "larger", "bigger", "greater", "less", "lower", "fewer", "older", "younger", "most", "highest", "better")
    asks = parts.sentence.says("who", "which")
    pair = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
    if not (more and asks and pair) or parts.compared or parts.groups:
        return
    parts.compared.append(pair.column if pair.grain is None else f"{pair.column}|{pair.grain}")
    parts.sentence.take_all("comparator")
    if parts.bare and not parts.measures:
        column = parts.bare[0]
        parts.measures = [Measure(statistic="mean", column=column)]
        if default_statistic(parts, column) == "sum":
            parts.measures.append(Measure(statistic="sum", column=column))
        parts.bare.clear()
    parts.superlative = None


def _groups_from_values(parts: Parts) -> None:
    """Turn values named side by side into groups: "average balance of men and women"."""
    together = parts.sentence.says("together", "combined", "altogether", "either", "in total", "taken together")
    if together and not parts.compares:
        parts.compared.clear()
    if parts.share and not parts.groups and not parts.compares and not parts.sentence.says("each", "respectively"):
        parts.compared[:] = [name for name in parts.compared if not _only_some(parts, name)]
    for name in parts.compared:
        column, _, grain = name.partition("|")
        group = GroupBy.model_validate({"column": column, "grain": {"period": "month"}.get(grain, grain) or None})
        counted_together = parts.counts and not parts.measures and not parts.compares and parts.sentence.says("either")
        if group not in parts.groups and not counted_together:
            parts.groups.insert(0, group)


def _only_some(parts: Parts, name: str) -> bool:
    """Tell whether the values named side by side leave out a good part of the rows: a share of them is one number."""
    column, _, grain = name.partition("|")
    if grain:
        return True
    counted = dict(parts.column(column).values)
    chosen = next((c for c in parts.where if c.column == column and c.is_ == "in"), None)
    if chosen is None or not counted:
        return False
    return sum(counted.get(str(value), 0) for value in chosen.values) < 0.9 * sum(counted.values())


def _best_customers(parts: Parts) -> None:
    if parts.amount:
        parts.bare.append(parts.amount)
        parts.note(f"I read \"best\" as those who spent most: by total **{parts.amount}**.")
    else:
        holding = parts.catalog.table.by_role("balance")
        if holding:
            parts.bare.append(holding[0].name)
            parts.note(f"I read \"best\" as the highest **{holding[0].name}**.")


def _as_share(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Read "share of customers who churned" as a ratio; "share of revenue by city" stays a share of the total."""
    base = measures[0]
    if base.statistic == "mean" and base.column and base.column in parts.bare:
        base = base.model_copy(update={"statistic": "sum"})
    if parts.groups and not parts.rate:
        compared = {name.partition("|")[0] for name in parts.compared}
        free = [c for c in parts.where if c.column not in {g.column for g in parts.groups}]
        if not free or base.column and base.statistic == "sum" or compared:
            return [base]
        inner, parts.where[:] = _split_share(parts, free)
        return [base.model_copy(update={"where": inner, "per": base})]
    if not parts.where:
        return [base]
    inner, outer = _split_share(parts, parts.where)
    if not outer and base.statistic == "count_distinct":
        return [base]  # the tool compares with everything before the filter
    parts.where[:] = outer
    if base.statistic == "count_distinct" and base.column == parts.customer_key and parts.catalog.has_features:
        parts.customers_table = True
        base = Measure(statistic="count")
        inner = _for_customers(parts, inner)
    return [base.model_copy(update={"where": inner, "per": base.model_copy(update={"where": []})})]


def _split_share(parts: Parts, conditions: list[Condition]) -> tuple[list[Condition], list[Condition]]:
    """Split "what share OF women ARE churned" into what is counted and what is counted among."""
    if len(conditions) < 2:
        return list(conditions), [c for c in parts.where if c not in conditions]
    text = " ".join(token.norm for token in parts.sentence.tokens)
    parted = next((text.index(verb) for verb in (" are ", " is ", " have ", " has ", " come ", " comes ", " churned", " bought ", " were ", " was ", " did ", " hold ", " use ", " left") if verb in text), None)
    if parted is None:
        return conditions[-1:], conditions[:-1] + [c for c in parts.where if c not in conditions]
    n_before = len(text[:parted].split())
    first = [c for c in conditions if _position(parts, c) < n_before]
    rest = [c for c in conditions if c not in first]
    if not first or not rest:
        return list(conditions), [c for c in parts.where if c not in conditions]
    return rest, first + [c for c in parts.where if c not in conditions]


def _position(parts: Parts, one: Condition) -> int:
    for item in parts.sentence.items:
        if any(link.column == one.column for link in (*item.links, *item.values)):
            return item.start
    return 0


def _top_share(parts: Parts) -> None:
    if parts.top_share is None:
        return
    direction, percent = parts.top_share
    column = parts.top_share_column or next((c for c in parts.bare), None) or parts.amount
    if column is None:
        return
    if parts.entity == "customer" and parts.catalog.has_features:
        feature = parts.as_feature(column) or column
        parts.customers_table = True
        column = feature
    parts.where.append(condition(column, "top_share" if direction == "desc" else "bottom_share", plain(percent)))


_BUILDERS: tuple[Callable[[Parts], Request | None], ...] = (
    _outliers, _relation, _difference, _distribution, _trend, _cross, aggregate,
)  # fmt: skip
