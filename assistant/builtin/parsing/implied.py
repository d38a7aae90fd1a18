"""Knows what a superlative measures where nothing else is named: the richest by income, for one."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.grouping import is_plural
from assistant.builtin.parsing.parts import Parts, condition
from tools.selecting import Measure

# Which words in the name of a column a superlative goes by.
_GOES_BY = (
    ("rich_superlative", "rich_measure"), ("price_superlative", "price_measure"),
    ("length_superlative", "length_measure"), ("weight_superlative", "weight_measure"),
    ("distance_superlative", "distance_measure"),
)  # fmt: skip

_FEW_LEVELS = 7


def take_implied_measure(parts: Parts) -> None:
    """Give "which agent has the longest calls" and "the 5 richest countries" the column that they go by.

    Without one the rows would be counted, which nobody asked for: then `unmeasured` has it asked back.
    """
    _drop_unit_price(parts)
    _take_best_period(parts)
    _take_level(parts)
    if not _counts_only(parts):
        return
    names = _columns(parts)
    if len(names) != 1:
        return
    said = _said(parts)
    statistic = ("max" if parts.superlative == "desc" else "min") if _one_row(parts) else "mean"
    parts.measures.append(Measure.model_validate({"statistic": statistic, "column": names[0]}))
    parts.note(f'I measured "{said}" by **{names[0]}**.')


def _take_best_period(parts: Parts) -> None:
    """Measure "our best month" by the money of all its rows; the busiest one is that with most rows."""
    said = next((i.text.lower() for i in parts.sentence.items if i.used and i.has("superlative")), None)
    named = any(item.has("entity", "transaction", "row") for item in parts.sentence.items)
    named |= bool(parts.measures or parts.bare or parts.counts or parts.rate or parts.share or parts.pending)
    timed = bool(parts.groups) and all(group.grain for group in parts.groups)
    if said not in cue("worth_superlative") or named or not timed or parts.amount is None:
        return
    parts.measures.append(Measure(statistic="sum", column=parts.amount))
    parts.note(f'I measured "{said}" by the total of **{parts.amount}**.')


def _take_level(parts: Parts) -> None:
    """Rank "which profession spends the most" by the share with a high level, where only levels are known."""
    if (
        parts.measures
        or parts.bare
        or parts.counts
        or parts.rate
        or not parts.superlative
        or not parts.groups
    ):
        return
    for item in parts.sentence.items:
        name = item.column
        if name is None or not item.has("condition_verb") or name in {g.column for g in parts.groups}:
            continue
        high = next((v for v, _ in parts.column(name).values if str(v).lower() in cue("high_level")), None)
        if high is None or parts.column(name).kind != "text" or len(parts.column(name).values) > _FEW_LEVELS:
            continue
        item.used = True
        rate = Measure.model_validate(
            {"statistic": "count", "where": [condition(name, "equal", high)], "per": {"statistic": "count"}}
        )
        parts.measures.append(rate)
        parts.note(f'I measured "{item.text}" by the share with **{name}** = {high}.')
        return


def compared_measure(parts: Parts) -> str | None:
    """Return the column that a comparative goes by: "do families stay longer" by the nights."""
    said = next((t.norm for t in parts.sentence.tokens if t.norm in _SUPERLATIVE_OF), None)
    names = _held(parts, _SUPERLATIVE_OF[said]) if said else []
    if not names and said in ("longer", "shorter") and parts.lasting:
        return parts.lasting  # how long somebody stays a customer
    return names[0] if len(names) == 1 else None


_SUPERLATIVE_OF = {
    "longer": "longest", "shorter": "shortest", "heavier": "heaviest", "lighter": "lightest",
    "richer": "richest", "poorer": "poorest", "further": "furthest", "farther": "farthest",
    "pricier": "priciest", "dearer": "dearest", "cheaper": "cheapest", "costlier": "costliest",
}  # fmt: skip


def _drop_unit_price(parts: Parts) -> None:
    """Leave out what a price is for: "the priciest hotel per night" goes by the rate, not by the nights."""
    said = _said(parts)
    if said not in cue("price_superlative") or not parts.bare or parts.measures:
        return
    per = any(i.text.lower() in ("per", "a") for i in parts.sentence.items if i.used and i.has("by"))
    money = any(parts.column(name).role == "amount" for name in parts.bare)
    if per and not money and len(_columns(parts)) == 1:
        parts.bare.clear()


def says_what_it_measures(parts: Parts) -> bool:
    """Tell whether rows are ranked by something else than their amount: "the 3 heaviest parcels"."""
    said = _said(parts)
    return said is not None and said not in cue("price_superlative") and bool(_columns(parts))


def unmeasured(parts: Parts) -> str | None:
    """Return the superlative that says what it measures, though nothing of the reading does."""
    by_time = any(group.grain for group in parts.groups)
    measured = any(m.column and not m.statistic.startswith("count") for m in parts.measures)
    return None if measured or by_time or parts.bare or parts.rate or not parts.groups else _said(parts)


def _said(parts: Parts) -> str | None:
    for item in parts.sentence.items:
        if item.used and item.has("superlative") and any(item.text.lower() in cue(k) for k, _ in _GOES_BY):
            return item.text.lower()
    return None


def _one_row(parts: Parts) -> bool:
    """Tell whether a single row is asked for: "the heaviest parcel from every depot", "the longest visit"."""
    for item, after in zip(parts.sentence.items, parts.sentence.items[1:], strict=False):
        if item.used and item.has("superlative") and after.has("entity", "transaction", "row"):
            return not is_plural(after)
    return False


def _counts_only(parts: Parts) -> bool:
    named = parts.measures or parts.bare or parts.counts or parts.rate or parts.share or parts.pending
    pending_mean = parts.pending == ["mean"] and not (parts.measures or parts.bare or parts.counts)
    return bool(parts.groups) and (not named or pending_mean) and _said(parts) is not None


def _columns(parts: Parts) -> list[str]:
    """Return the number columns that the superlative may go by, of the table whose rows are asked about."""
    return _held(parts, _said(parts))


def _held(parts: Parts, said: str | None) -> list[str]:
    wanted = next((cue(measure) for kind, measure in _GOES_BY if said in cue(kind)), frozenset())
    own = {group.column for group in parts.groups}
    units = {column.name: {column.unit or ""} for column in parts.catalog.table.columns}
    held = [
        name
        for name in sorted(parts.catalog.loaded)
        if parts.is_measurable(name) and name not in own
        and (set(parts.catalog.words_of[name]) | units.get(name, set())) & wanted
    ]  # fmt: skip
    price = any(said in cue(kind) for kind, _ in _GOES_BY[1:2])
    return [parts.amount] if price and parts.amount and len(held) != 1 else held
