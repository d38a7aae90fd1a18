"""Knows what "per policy", "per head", "so per account?" makes of the figures just shown."""

from __future__ import annotations

from assistant.builtin.annotate import annotate
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.meant import Said, Scene
from assistant.builtin.following.question import Question
from tools.selecting import Condition, Measure


def per_entity(said: Said, scene: Scene) -> Changes | None:
    """Read "per policy": an average for rows, a total over the number of customers for customers."""
    items = [item for item in annotate(said.about, scene.catalog).items if not item.filler]
    kinds = {str(item.senses.get("entity", "")) for item in items}
    if "divide" in said.whole.lower() and len(items) == 1 and items[0].column and not items[0].has("entity"):
        return _over_another(scene, items[0].column)
    if len(items) != 1 or len(kinds) != 1 or not kinds & {"row", "transaction", "customer"}:
        return None
    return _each(scene, of_customers="customer" in kinds)


def _over_another(scene: Scene, column: str) -> Changes | None:
    """Read "divide it by the weight": the total shown over the total of another column."""
    whole, known = _added_up(scene.question), scene.catalog.columns.get(column)
    if whole is None or known is None or known.kind != "number" or scene.question.shape != "numbers":
        return None
    over = Measure(statistic="sum", column=column)
    return Changes(measures=(whole.model_copy(update={"per": over}),), again=True)


def per_head(said: Said, scene: Scene) -> Changes | None:
    """Read "per head", "per person"."""
    return _each(scene, of_customers=True) if scene.catalog.table.customer else None


def _each(scene: Scene, *, of_customers: bool) -> Changes | None:
    table, asked = scene.catalog.table, scene.question
    if asked.shape not in ("numbers", "trend") or asked.table is not None or _is_part(asked):
        return None
    rows = table.grain == "customers" or not of_customers
    whole = _added_up(asked) or _added_up_before(scene)
    if rows and (not of_customers and table.order):
        divisor = Measure(statistic="count_distinct", column=table.order)
    elif rows:
        return (
            Changes(measures=(Measure(statistic="mean", column=whole.column),), again=True) if whole else None
        )
    elif table.customer is not None:
        divisor = Measure(statistic="count_distinct", column=table.customer)
    else:
        return None
    counts = [m.statistic for m in asked.measures] == ["count"]
    part = whole or (Measure(statistic="count") if counts else None)
    if part is None or part.column and scene.catalog.columns[part.column].role == "balance":
        return None
    return Changes(measures=(part.model_copy(update={"per": divisor}),), again=True)


def _is_part(asked: Question) -> bool:
    """Tell whether a share is shown, of which nobody has one each; a total per customer is none."""
    first = asked.measures[0] if asked.measures else None
    return first is not None and first.per is not None and first.per.statistic != "count_distinct"


def _added_up(asked: Question) -> Measure | None:
    """Return the total that is shown, or the one behind an average."""
    first = asked.measures[0] if asked.measures else None
    if first is None or first.column is None or first.statistic not in ("sum", "mean"):
        return None
    return first.model_copy(update={"statistic": "sum", "per": None})


def _added_up_before(scene: Scene) -> Measure | None:
    """Return the total shown before a count of the same rows: "premium", "how many", "per policy"."""
    asked = scene.question
    if [m.statistic for m in asked.measures] not in (["count"], ["count_distinct"]):
        return None
    for earlier in reversed(scene.earlier):
        if earlier.by == asked.by and earlier.where == asked.where and (found := _added_up(earlier)):
            return found
    return None


def got_any(said: Said, scene: Scene) -> Changes | None:
    """Read "how many payments got any?" of the column just measured."""
    return _holding(said, scene, "above")


def got_none(said: Said, scene: Scene) -> Changes | None:
    """Read "how many got none?"."""
    return _holding(said, scene, "equal")


def _holding(said: Said, scene: Scene, comparison: str) -> Changes | None:
    column, table = scene.question.column, scene.catalog.table
    known = scene.catalog.columns.get(column or "")
    if known is None or known.kind != "number" or scene.question.is_rate:
        return None
    of_customers = any(item.has("entity", "customer") for item in annotate(said.about, scene.catalog).items)
    people = of_customers and table.customer and table.grain != "customers"
    counted = (
        Measure(statistic="count_distinct", column=table.customer) if people else Measure(statistic="count")
    )
    one = Condition.model_validate({"column": known.name, "is": comparison, "value": 0})
    return Changes(measures=(counted,), filters=(one,))
