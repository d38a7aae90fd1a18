"""Reads rates and percentiles: "churn rate", "p90 of amount", "upper quartile"."""

from __future__ import annotations

from assistant.builtin.parsing.negation import affirmed, known_of
from assistant.builtin.parsing.parts import Parts, condition
from tools.selecting import Condition, Measure

_PARTS = {"deciles": 10, "quintiles": 5, "terciles": 3, "tertiles": 3, "thirds": 3}


def take_percentiles(parts: Parts) -> None:
    """Read "90th percentile of amount", "p95", "upper quartile", "top decile threshold"."""
    levels: list[float] = list(parts.edges)
    for index, item in parts.sentence.free():
        before = parts.sentence.at(index - 1)
        if item.has("statistic", "quartiles") and not (
            before and not before.used and (before.number or before.has("ordinal"))
        ):
            item.used = True
            levels += [0.25, 0.5, 0.75]
        elif (
            item.has("part_word", "decile", "quintile", "third")
            and not (before and (before.number or before.has("superlative", "ordinal")))
            and item.text.lower() in _PARTS
        ):
            item.used = True
            many = _PARTS[item.text.lower()]
            levels += [step / many for step in range(1, many)]
        elif item.has("part_word", "decile", "quartile") and before and before.has("superlative"):
            item.used = before.used = True
            edge = 0.1 if item.has("part_word", "decile") else 0.25
            levels.append(1 - edge if before.has("superlative", "desc") else edge)
        elif (
            item.number
            and item.number.unit == "ordinal"
            and (after := parts.sentence.at(index + 1))
            and after.text.lower() in ("pct", "percent", "perc", "%ile")
        ):
            item.used = after.used = True
            levels.append(item.number.value / 100)
        elif item.has("percentile_number"):
            item.used = True
            levels.append(item.senses["percentile_number"] / 100)
        elif item.has("part_word", "upper_quartile", "lower_quartile"):
            item.used = True
            levels.append(0.75 if item.has("part_word", "upper_quartile") else 0.25)
            levels += _levels_before(parts, index)
        elif item.has("part_word", "percentile", "decile", "quartile") or (
            item.number and item.number.unit == "percentile"
        ):
            item.used = True
            size = {"decile": 10.0, "quartile": 25.0}.get(item.senses.get("part_word", ""), 1.0)
            if item.number and item.number.unit == "percentile":
                levels.append(item.number.value / 100)
            for at in range(index - 1, -1, -1):
                number = parts.sentence.items[at]
                if number.used or not (number.number or number.has("ordinal") or number.has("logic", "and")):
                    break
                number.used = True
                value = number.number.value if number.number else number.senses.get("ordinal")
                if value is not None:
                    levels.append(float(value) * size / 100 if value >= 1 else float(value))
            after = parts.sentence.at(index + 1)
            if not levels and after and after.number:
                after.used = True
                levels.append(after.number.value * size / 100)
    parts.quantiles = sorted({min(max(level if level <= 1 else level / 100, 0.0), 1.0) for level in levels})


def _levels_before(parts: Parts, index: int) -> list[float]:
    """Read the numbers in front of the last one: "25th, 50th and 75th percentile"."""
    levels: list[float] = []
    for at in range(index - 1, -1, -1):
        item = parts.sentence.items[at]
        numbered = item.number is not None and item.number.unit in ("ordinal", None)
        if item.used or not (numbered or item.has("logic", "and")):
            break
        item.used = True
        if item.number is not None:
            levels.append(item.number.value / 100)
    return levels


def take_rate(parts: Parts) -> None:
    """Read "churn rate", "rate of churn", "reorder rate": the share of yes."""
    for index, item in parts.sentence.free():
        if not item.has("share", "rate"):
            continue
        beside = parts.sentence.at(index - 1)
        around = (beside, parts.sentence.at(index + 1))
        flagged = any(near and any(parts.catalog.is_flag(k.column) for k in near.links) for near in around)
        named = item.links and not flagged and not (beside and beside.values)
        if named or (beside and beside.links and parts.is_measurable(beside.links[0].column)):
            continue  # an interest rate is a column of its own
        for step in (-1, 1, -2):
            near = parts.sentence.at(index + step)
            if near is None or near.used or not (near.links or near.values):
                continue
            flag = next((link.column for link in near.links if parts.catalog.is_flag(link.column)), None)
            if flag:
                item.used = near.used = True
                wanted: list[Condition] = [affirmed(parts, flag)]
            elif near.values and not near.links:
                item.used = near.used = True
                wanted = [condition(near.values[0].column, "equal", near.values[0].value)]
            else:
                continue
            among = Measure(statistic="count", where=known_of(parts, wanted[0]))
            parts.measures.append(Measure(statistic="count", where=wanted, per=among))
            parts.rate = True
            return
