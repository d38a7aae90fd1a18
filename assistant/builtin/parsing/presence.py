"""Reads whether something is there: "with a promo code", "whose income is missing", "no date of birth"."""

from __future__ import annotations

from assistant.builtin.lexicon import phrases
from assistant.builtin.parsing.negation import take_negation
from assistant.builtin.parsing.parts import Parts, condition


def take_missing(parts: Parts) -> None:
    """Read "with missing gender", "whose balance is blank", "no date of birth", "with a known age"."""
    for index, item in parts.sentence.free():
        present = item.has("missing", "present")
        if not item.has("missing"):
            continue
        before = [parts.sentence.at(index - 1), parts.sentence.at(index - 2)]
        after = [parts.sentence.at(index + 1), parts.sentence.at(index + 2)]
        verb = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        follows = verb in ("is", "are", "was", "were", "not", "left", "isn't", "being")
        near = [*before, *after] if follows else [*after[:1], *before, *after[1:]]
        column = next((n for n in near if n and n.links and not n.used), None)
        relative = parts.sentence.has("logic", "with") or parts.sentence.says(
            "whose", "where", "that are", "who have", "when"
        )
        if column is None and relative and _same_column(parts, present):
            item.used = True  # "where income is missing against where it is known"
            continue
        if column is None or not relative or (parts.share and parts.sentence.has("share", "share")):
            continue
        name = parts.pick(column)
        if name:
            column.used = item.used = True
            denied = take_negation(parts, parts.sentence.items.index(column))  # "no income recorded"
            parts.where.append(condition(name, "present" if present != denied else "missing"))


def _same_column(parts: Parts, present: bool) -> bool:
    """Add the opposite of the last condition on what is missing, for "it"."""
    last = next((c for c in reversed(parts.where) if c.is_ in ("missing", "present")), None)
    if last is None or (last.is_ == "present") == present:
        return False
    parts.where.append(condition(last.column, "present" if present else "missing"))
    return True


def take_presence(parts: Parts) -> None:
    """Read "orders with a promo code" and "without one": the column is filled, or it is not."""
    for index, item in parts.sentence.free():
        name = item.column
        if name is None or item.has("entity") or parts.column(name).role in ("time", "customer_key", "age"):
            continue
        known = parts.column(name)
        partly = known.n_missing > 0.01 * parts.catalog.table.n_rows and not parts.catalog.is_flag(name)
        before, after = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
        if not partly or name not in parts.catalog.loaded or before is None or before.used or item.values:
            continue
        if after and (after.number or after.values or after.has("comparator") or after.has("missing")):
            continue
        without = before.has("logic", "not") and before.text.lower() in phrases("none_of")
        has = before.has("logic", "with") and before.text.lower() in (*phrases("uses"), *_HAS)
        joined = parts.sentence.tokens[before.end].norm in ("their", "its", "the") if has else False
        told = parts.sentence.has("count") or parts.sentence.has("share") or parts.sentence.has("entity")
        asked = any(n is not None and n.has("statistic") for n in (before, parts.sentence.at(index - 2)))
        if not (without or has) or joined or not told or asked or parts.superlative:
            continue
        if parts.column(name).kind == "number" and known.minimum == 0:
            continue  # "with purchases" is above 0
        item.used = before.used = True
        parts.where.append(condition(name, "missing" if without else "present"))


_HAS = ("with", "have", "had", "has", "having", "that have", "who have", "which have")


def take_both_kinds(parts: Parts, start: int) -> bool:
    """Read "with and without a promo code" as both kinds of rows, side by side.

    Args:
        parts: The sentence, in which the idiom is written "yes versus no".
        start: Token of its "yes".
    """
    for _, item in parts.sentence.free():
        name = item.column
        if name is None or item.start < start or name not in parts.catalog.loaded:
            continue
        if parts.column(name).n_missing == 0:
            return False
        for other in parts.sentence.items:
            other.used = other.used or other is item or start <= other.start < start + 3
        parts.where += [condition(name, "present"), condition(name, "missing")]
        return True
    return False
