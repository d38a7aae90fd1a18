"""Reads what is asked for each customer or order: "revenue per customer", "median spend per customer"."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.request import Request
from tools.selecting import GroupBy, Measure


def for_each_entity(
    parts: Parts, measures: list[Measure]
) -> tuple[list[Measure], str | None, Request | None]:
    """Read "purchases per customer", "revenue per order", "median spend per customer"."""
    if parts.per_entity == "customer" and parts.customer_key:
        first = measures[0]
        everybody = _with_zeroes(parts, first)
        if everybody is not None:
            return [everybody], "customers", None
        if first.statistic in ("median", "max", "min", "std", "quantile") and first.column:
            feature = parts.as_feature(first.column)
            if feature and parts.catalog.has_features:
                feature = parts.feature("total_amount") if first.column == parts.amount else feature
                if parts.sentence.says(*phrases("who_bought")) and parts.feature("n_transactions"):
                    parts.where.append(condition("n_transactions", "above", 0))
                return [first.model_copy(update={"column": feature})], "customers", None
        divisor = Measure(statistic="count_distinct", column=parts.customer_key)
        table = parts.catalog.table
        if table.grain == "customers":
            return measures, None, None
        if first.statistic in ("sum", "mean") and first.column:
            if parts.column(first.column).role == "balance":
                return measures, None, None
            own = [m for m in measures if m.column == first.column and m.statistic == first.statistic]
            whole = [
                m.model_copy(
                    update={"statistic": "sum", "per": divisor.model_copy(update={"where": m.where})}
                )
                for m in own
            ]
            return whole, None, None
        counted = Measure(statistic="count", per=divisor)
        if first.statistic in ("count", "count_distinct"):
            if _shared_by_many(parts, first):  # the same category counts for every customer who has it
                each = [GroupBy(column=parts.customer_key or "")]
                return [Measure(statistic="mean", of=first, each=each)], None, None
            of = (
                first
                if first.statistic == "count_distinct" and first.column != parts.customer_key
                else counted
            )
            return [of.model_copy(update={"per": divisor})], None, None
    if parts.per_entity == "customer" and measures[0].column:
        first = measures[0]
        heads = [
            c.name
            for c in parts.catalog.table.columns
            if set(parts.catalog.words_of[c.name]) & cue("counts_people") and parts.is_number(c.name)
        ]
        if len(heads) == 1 and first.statistic in ("sum", "mean") and first.column != heads[0]:
            parts.note(f"People are counted by **{heads[0]}**.")
            below = Measure(statistic="sum", column=heads[0], where=first.where)
            return [Measure(statistic="sum", column=first.column, where=first.where, per=below)], None, None
        parts.note("Nothing in these data names a person, so each row counts as one.")
    if parts.per_entity in ("transaction", "row"):
        first, order = measures[0], parts.catalog.table.order
        if order and parts.per_entity == "transaction":
            lines = first.statistic == "count" or first.column == order
            of = Measure(statistic="count") if lines else first
            if lines or first.statistic in ("sum", "mean"):
                statistic = "sum" if of.statistic == "mean" else of.statistic
                per = Measure(statistic="count_distinct", column=order)
                return [of.model_copy(update={"statistic": statistic, "per": per})], None, None
        key = next((k for k in [parts.entity_key] if k), None)
        if first.statistic in ("sum", "mean") and first.column and key is None:
            own = [m for m in measures if m.column == first.column and m.statistic == first.statistic]
            return [m.model_copy(update={"statistic": "mean"}) for m in own], None, None
    return measures, None, None


def _shared_by_many(parts: Parts, measure: Measure) -> bool:
    """Tell whether different values are counted that several customers can have: a category, no order."""
    name = measure.column
    if measure.statistic != "count_distinct" or name is None or measure.grain or measure.per:
        return False
    keys = (parts.customer_key, parts.entity_key, parts.catalog.table.order)
    return name not in keys and parts.column(name).role not in ("row_key", "customer_key")


def _with_zeroes(parts: Parts, first: Measure) -> Measure | None:
    """Read "per customer, those without orders included": what each customer has, 0 for who has none."""
    if not parts.sentence.says(*phrases("zeroes_included")):
        return None
    counted = first.column is None or first.statistic.startswith("count")
    feature = parts.feature("n_transactions") if counted else parts.as_feature(first.column or "", "sum")
    people = parts.catalog.customers
    others = [t for t in parts.catalog.tables.values() if t.grain == "customers" and t.customer]
    if feature is None or people is None or any(t.n_rows > people.n_rows for t in others):
        return None
    for item in parts.sentence.items:
        item.used = item.used or item.text.lower() in ("zeroes", "included", "zeroes included")
    statistic = first.statistic if first.statistic in ("median", "max", "min", "std") else "mean"
    parts.customers_table = True
    return Measure.model_validate({"statistic": statistic, "column": feature})
