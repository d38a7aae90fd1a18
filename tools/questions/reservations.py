"""Knows what stands behind a headline: what it means, and what was assumed, left out, cut or is shaky."""

from __future__ import annotations

from tools.core import Column
from tools.joining import JOINED
from tools.questions.aggregating import Aggregated
from tools.questions.measuring import Plan
from tools.questions.phrasing import bare, note_digits, preposition
from tools.questions.telling import FEW, Teller
from tools.sequences import SINCE_PREVIOUS
from tools.wording import count, listing, sentence

SMALL = 30  # groups below this size make averages shaky
_EXACT = ("count", "count_distinct", "min", "max", "count_missing", "share_missing")


def findings_of(teller: Teller) -> tuple[str, ...]:
    """Say what stands behind the headline."""
    made, told = teller.made, []
    if made.keys and made.named and not teller.first.additive and made.whole.values[0] is not None:
        whole = "over all customers" if teller.one_each else "overall"
        what, value = teller.first.words, teller.value(made.whole)
        if teller.first.measure.statistic == "count_distinct":
            again = _counted_again(teller)
            if again or not teller.tells_parts:
                told.append(f"In all there are {value}{again}.")
        else:
            told.append(sentence(f"{whole}, {what} is {value}"))
    told_already = made.request.together or made.request.place
    if (
        teller.shares
        and made.order == "descending"
        and made.request.limit
        and len(made.named) > 1
        and not told_already
    ):
        part = sum(row.share_pct or 0.0 for row in made.named)
        pct = teller.quotes.number("share_together_pct", part, "%", "the groups shown", digits=1)
        n = teller.quotes.number("n_shown", len(made.named))
        told.append(f"Together these {n} hold {pct} of the total of {teller.value(made.whole)}.")
    return tuple(told + _beside(teller))


def _counted_again(teller: Teller) -> str:
    """Say that what has rows in several groups counts in each, where the groups add up to more than all."""
    made, whole = teller.made, teller.made.whole.values[0]
    counts = [row.values[0] for row in made.rows]
    complete = len(counts) == made.n_groups + bool(made.n_unnamed)
    if not complete or not all(isinstance(one, int) for one in counts) or not isinstance(whole, int):
        return ""
    together = sum(one for one in counts if isinstance(one, int))
    if together <= whole:
        return ""
    added = teller.quotes.number("groups_added_up", together, teller.first.unit, "all groups")
    return f"; the groups add up to {added}, because one with rows in several of them counts in each"


def further_shares(made: Aggregated) -> list[int]:
    """Return the measures behind the first of whose totals the groups' shares are asked for too."""
    if not made.request.share_of_total or not made.rows:
        return []
    return [index for index in range(1, len(made.plans)) if made.rows[0].shares[index] is not None]


def _beside(teller: Teller) -> list[str]:
    """Tell what else was asked of the groups in the headline: their other shares or measures."""
    made, told = teller.made, []
    if not made.named or made.request.rank_within:
        return []
    shared = further_shares(made)
    for index, plan in list(enumerate(made.plans))[1:3]:
        if len(made.named) > FEW:
            told += _ends(teller, index)
            continue
        if index in shared:
            shown = [
                (teller.quotes.number(f"share_{plan.name}_pct", row.shares[index] or 0.0, "%",
                 teller.scope(row), digits=1), row)
                for row in made.named
            ]  # fmt: skip
            what = f"the share of {plan.words}"
        else:
            shown = [(teller.value(row, index), row) for row in made.named]
            what = plan.words
        told.append(
            sentence(f"{what} is {listing([f'{value} for {teller.name(row)}' for value, row in shown])}")
        )
    return told


def _ends(teller: Teller, index: int) -> list[str]:
    """Tell where a further measure of many groups is highest and where lowest."""
    made, at = teller.made, preposition(teller.made.keys[0])
    known = [row for row in made.named if isinstance(row.values[index], int | float)]
    known = [row for row in known if row.labels not in teller.partial] or known
    if len(known) < 2:
        return []
    high = max(known, key=lambda row: float(str(row.values[index])))
    low = min(known, key=lambda row: float(str(row.values[index])))
    ends = [f"{at} {teller.name(row)} ({teller.value(row, index)})" for row in (high, low)]
    return [sentence(f"{made.plans[index].words} is highest {ends[0]} and lowest {ends[1]}")]


def caveats_of(teller: Teller) -> tuple[str, ...]:
    """Say what was assumed, left out or cut, with counts."""
    made, told, scope = teller.made, [*teller.made.caveats], teller.where.strip()
    told += row_caveats(made)
    for each, absent in zip(made.plans, made.absent, strict=True):
        if absent and each.column and each.measure.statistic not in ("count_missing", "mode"):
            teller.quotes.note(f"n_missing_{each.column.name}", absent, teller.nouns, scope)
            verb = "is" if absent == 1 else "are"
            told.append(
                f"{count(absent, teller.noun, teller.nouns)} {_lacking(each.column)} {verb} left out."
            )
    if made.n_unnamed:
        teller.quotes.note("n_without_group", made.n_unnamed, teller.nouns, scope)
        names = listing([key.column.name for key in made.keys], "or")
        shown = "not ranked" if made.request.limit or made.request.having else "shown as (missing)"
        verb = "is" if made.n_unnamed == 1 else "are"
        told.append(f"{count(made.n_unnamed, teller.noun, teller.nouns)} without {names} {verb} {shown}.")
    if made.tied:
        told.append(_tie(teller))
    told += _small(teller)
    if made.request.share_of_total and made.keys and not teller.shares:
        told.append(f"Shares of a total make no sense for {bare(teller.first)}, so none are given.")
    return tuple(dict.fromkeys(told))


def _tie(teller: Teller) -> str:
    tied = teller.made.tied
    for index, name in enumerate(tied[:3]):
        teller.quotes.note(f"tied_{index + 1}", name)
        note_digits(teller.quotes, teller.made.keys[-1], name)
    names = listing(list(tied))
    if len(tied) > 3:
        names = f"{', '.join(tied[:3])} and {teller.quotes.number('n_tied_others', len(tied) - 3)} more"
    verb = "equals" if len(tied) == 1 else "equal"
    return f"The cut goes through a tie: {names} {verb} the last one shown, and names decide."


def _small(teller: Teller) -> list[str]:
    exact = teller.first.additive or teller.first.measure.statistic in _EXACT
    if exact or not teller.made.keys or teller.one_each:
        return []
    named = teller.made.named
    small = [row for row in named if row.n < SMALL]
    alike = len(small) == len(named) > 3 and 2 * min(row.n for row in small) >= max(row.n for row in small)
    if not small or teller.single_rows or (alike and teller.made.keys[0].is_calendar):
        return []  # days and months of a series that is measured now and then are no small groups
    if len(small) <= 3:
        shown = listing([f"{teller.name(row)} ({teller.number_of(row)})" for row in small])
        pronoun = "it" if len(small) == 1 else "them"
        return [f"Few {teller.nouns} stand behind {shown}; read {pronoun} with care."]
    n = teller.quotes.number("n_small_groups", len(small), "groups")
    limit = teller.quotes.number("small_group_limit", SMALL, teller.nouns)
    return [f"{n} have fewer than {limit}; read them with care."]


def row_caveats(made: Aggregated) -> tuple[str, ...]:
    """Say what counts how often where what a customer or another table says is averaged over rows."""
    table, joined = made.table, made.table.reading.get(JOINED, {})
    if any(each.get("zero") for each in joined.values()):
        return ("Customers without any transaction count with 0.",)
    once = [joined[each.column.name]["noun"] for each in _single(made) if each.once and each.column]
    if once:
        groups = " in each group, and in every group that it has rows in" if made.keys else ""
        return tuple(f"Each {noun} counts once{groups}." for noun in dict.fromkeys(once))
    key = table.column(table.customer) if table.customer else None
    if (
        table.grain != "transactions"
        or key is None
        or key.n_distinct is None
        or key.n_distinct >= table.n_rows
    ):
        return ()
    for each in made.plans:
        column = each.column
        own = column is not None and column.role in ("balance", "age")
        if own and each.measure.statistic not in _EXACT:
            return ("One row is a transaction, so a customer with three counts three times.",)
    return ()


def _single(made: Aggregated) -> list[Plan]:
    """Return the plans of single measures: those that ratios divide, and all others."""
    return [part for each in made.plans for part in (each.parts or (each,))]


def _lacking(column: Column) -> str:
    """Say what rows without a value of a column are: before a customer's first one there is none."""
    return (
        "that are a customer's first" if column.name.startswith(SINCE_PREVIOUS) else f"without {column.name}"
    )
