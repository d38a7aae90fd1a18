"""Builds requests about relations: correlations, tables of two, differences, distributions, outliers."""

from __future__ import annotations

from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.tables import locate, numeric_columns
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import Request
from assistant.builtin.request.rows import (
    Correlation,
    CrossTable,
    Distribution,
    Drivers,
    GroupDifference,
    Outliers,
)
from assistant.builtin.sentence import Item
from tools.selecting import Condition


def read_outliers(parts: Parts) -> Request | None:
    """Read a request for outliers, with the rule and threshold if they are named."""
    if not parts.sentence.has("outliers", "outliers", "iqr_rule", "z_rule"):
        return None
    item = parts.sentence.find("outliers")
    if item is None:
        return None
    for found in parts.sentence.take_all("outliers"):
        found.used = True
    text = " ".join(token.norm for token in parts.sentence.tokens)
    rule, threshold = "iqr", None
    spread = (
        any(m.statistic == "std" for m in parts.measures)
        or "std" in parts.pending
        or "standard deviation" in text
    )
    z_words = parts.sentence.has("outliers", "z_rule") or spread
    threshold = parts.outlier_threshold
    if z_words:
        rule = "z"
    elif parts.quantiles:
        rule, threshold = "percentile", 100 * max(parts.quantiles)
    column = next(iter(numeric_columns(parts)), None) or parts.amount
    if column is None:
        return None
    table, where, name = locate(parts, [column])
    parts.sentence.take_all("statistic")
    parts.sentence.take_all("count")
    return Outliers.model_validate(
        {"column": name(column), "rule": rule, "threshold": threshold, "where": where, "table": table}
    )


def read_relation(parts: Parts) -> Request | None:
    """Correlation of numbers, drivers of an outcome, categories against each other."""
    scatter = parts.chart == "scatter" and len(numeric_columns(parts)) == 2
    cued = parts.sentence.has("relation", "correlation", "spearman", "drivers") or scatter
    if not cued and not (parts.sentence.has("relation", "cross")):
        return None
    method = "spearman" if parts.sentence.has("relation", "spearman") else "pearson"
    drivers = parts.sentence.has("relation", "drivers")
    influence = _influence(parts) if drivers else None
    parts.sentence.take_all("relation")
    if influence is not None:
        return influence
    numbers = [name for name in numeric_columns(parts) if parts.is_number(name)]
    flags: list[str] = []
    groups = [g.column for g in parts.groups if g.grain is None]
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
    table, where, rename = locate(parts, [*numbers, *categories])
    numbers = [rename(name) for name in sorted(dict.fromkeys(numbers), key=lambda name: order.get(name, 99))]
    if len(numbers) >= 2 and not categories:
        return Correlation.model_validate(
            {"columns": numbers, "method": method, "where": where, "table": table}
        )
    if len(categories) >= 2 and not numbers and not drivers:
        return crossed(parts, sorted(categories, key=lambda name: order.get(name, 99)), where, table)
    if len(numbers) == 1 and len(categories) == 1 and not drivers:
        if parts.catalog.is_flag(categories[0]) and parts.column(categories[0]).kind == "number":
            return Correlation.model_validate(
                {"columns": [numbers[0], categories[0]], "method": method, "where": where, "table": table}
            )
        return GroupDifference(column=numbers[0], by=categories[0], where=where, table=table)
    if len(numbers) + len(categories) == 1 or (drivers and numbers + categories):
        target = (flags or numbers or categories)[-1 if flags else 0]
        if drivers and len(numbers) == 1 and not flags and not categories:
            target = numbers[0]
        alone = len(numbers) + len(categories) == 1 and "correlat" not in parts.sentence.text.lower()
        if alone and method == "pearson" and _is_outcome(parts, target):
            return Drivers(column=target, where=where)
        return Correlation.model_validate(
            {"target": target, "method": method, "where": where, "table": table}
        )
    return Correlation.model_validate({"columns": numbers, "method": method, "where": where, "table": table})


def _influence(parts: Parts) -> Request | None:
    """Read "does having kids matter for churn": whether one column differs with another, both named."""
    cue = next(index for index, item in enumerate(parts.sentence.items) if item.has("relation", "drivers"))
    named: dict[str, tuple[int, Item]] = {}
    for index, item in enumerate(parts.sentence.items):
        names = [link.column for link in item.links[:1]] or list({value.column for value in item.values})
        if len(names) == 1 and not item.has("relation") and not item.has("entity"):
            named.setdefault(names[0], (index, item))
    behind = [name for name, (index, _) in named.items() if index > cue]
    if len(named) != 2 or len(behind) != 1:
        return None
    affected, cause = behind[0], next(name for name in named if name != behind[0])
    if parts.sentence.items[cue].text.lower().endswith(" by"):
        affected, cause = cause, affected  # "is churn influenced by the contract"
    if any(one.column not in named or not parts.catalog.is_flag(one.column) for one in parts.where):
        return None
    parts.where.clear()
    for _, item in named.values():
        item.used = True
    parts.groups[:] = [group for group in parts.groups if group.column not in named]
    table, where, rename = locate(parts, [affected, cause])
    told = {"where": where, "table": table}
    if parts.is_measurable(affected) and parts.is_measurable(cause):
        return Correlation.model_validate({"columns": [rename(cause), rename(affected)], **told})
    flag, number = parts.catalog.is_flag(affected), parts.is_measurable(cause)
    if parts.is_measurable(affected) or (flag and not number):
        return GroupDifference.model_validate({"column": rename(affected), "by": rename(cause), **told})
    if number:
        return GroupDifference.model_validate({"column": rename(cause), "by": rename(affected), **told})
    return crossed(parts, [rename(cause), rename(affected)], where, table)


def _is_outcome(parts: Parts, name: str) -> bool:
    """Tell whether a column says yes or no of each customer."""
    one_row_each = parts.catalog.table.grain == "customers" and name in parts.catalog.loaded
    return one_row_each and parts.catalog.yes_no(name) is not None


def crossed(parts: Parts, names: list[str], where: list[Condition], table: str | None) -> CrossTable:
    """Put an outcome into the columns, so that the rows show its rate."""
    rows, columns = names[0], names[1]
    outcomes = [name for name in (rows, columns) if parts.column(name).role == "outcome"] or [
        name for name in (rows, columns) if parts.catalog.is_flag(name)
    ]
    if len(outcomes) == 1 and outcomes[0] == rows:
        rows, columns = columns, rows
    normalise = "rows" if outcomes else "none"
    return CrossTable.model_validate(
        {"rows": rows, "columns": columns, "normalise": normalise, "where": where, "table": table}
    )


def read_cross_table(parts: Parts) -> Request | None:
    """Read "Contract by churn", "gender against city": two categories and nothing to measure."""
    groups = [g for g in parts.groups if g.grain is None and g.bins is None]
    if parts.measures or parts.bare or parts.counts or parts.superlative or parts.entity:
        return None
    if parts.share and any(
        i.links and parts.catalog.is_flag(i.links[0].column) for _, i in parts.sentence.free()
    ):
        return None
    others = [
        item
        for _, item in parts.sentence.free()
        if item.links
        and parts.is_group(item.links[0].column)
        and item.links[0].score > 0.6
        and not _behind_value(parts, item)
    ]
    names = [item.links[0].column for item in others] + [g.column for g in groups]
    if len(set(names)) != 2 or (not groups and not parts.compares and not parts.sentence.has("distribution")):
        return None
    for item in others:
        item.used = True
    parts.sentence.take_all("compare")
    parts.sentence.take_all("distribution")
    parts.sentence.take_all("by")
    table, where, _ = locate(parts, names)
    found = crossed(parts, names[::-1], where, table)
    return found.model_copy(update={"normalise": "rows"}) if parts.share else found


def _behind_value(parts: Parts, item: Item) -> bool:
    """Tell whether a category is only the noun of a value in front of it: "annual plans"."""
    before = parts.sentence.at(parts.sentence.items.index(item) - 1)
    return before is not None and before.used and bool(before.values) and before.end == item.start


def read_distribution(parts: Parts) -> Request | None:
    """Read "distribution of age", "histogram", "pie chart of gender"."""
    if parts.wholes or parts.share_of:
        return None  # "what share of orders and of revenue do they make up"
    asked = parts.sentence.find("distribution") is not None or parts.chart in ("histogram", "box")
    lone = parts.wants_chart and not (
        parts.groups or parts.superlative or parts.share or parts.entity or parts.grain
    )
    asked = asked or (lone and (parts.chart != "scatter"))
    if lone and len(numeric_columns(parts)) == 2 and not parts.groups:
        parts.sentence.take_all("compare")
        table, where, rename = locate(parts, numeric_columns(parts))
        return Correlation.model_validate(
            {"columns": [rename(c) for c in numeric_columns(parts)], "where": where, "table": table}
        )
    if not asked or parts.counts or (parts.measures and parts.chart not in ("histogram", "box")):
        return None
    split = [item.text.lower() for item in parts.sentence.items if item.has("distribution")]
    column = next(iter(numeric_columns(parts)), None)
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
    take_flags(parts)
    table, where, rename = locate(parts, [column, *(g.column for g in groups)])
    if parts.per_entity == "customer":
        table, column = "customers", parts.as_feature(column) or column
    del split
    return Distribution(
        column=rename(column),
        by=groups[0].column if groups else None,
        where=where,
        chart=parts.chart,
        table=table,
    )
