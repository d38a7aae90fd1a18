"""Knows how groups in an order are told: the first ones, one place, what a condition kept."""

from __future__ import annotations

from collections.abc import Sequence

from tools.errors import ToolError
from tools.questions.aggregating import Row, having_phrase
from tools.questions.measure_words import ordinal
from tools.questions.phrasing import bare, group_noun, group_words, preposition, share_digits, write
from tools.questions.telling import FEW, Teller
from tools.selecting import fold
from tools.wording import listing, plural


def first_groups(teller: Teller) -> str:
    """Tell which groups come first, by how much, and which share the first place."""
    made, rows = teller.made, teller.made.named
    leader, rest = rows[0], rows[1 : FEW if len(rows) <= FEW else 3]
    side = "smallest" if made.order == "ascending" else "largest"
    if teller.one_each:
        side = "lowest" if side == "smallest" else "highest"
    of_total = f" ({teller.share(leader)} of the total)" if teller.shares and side == "largest" else ""
    name, value = f"**{teller.name(leader)}**", teller.value(leader, bold=True)
    if len(rows) == 1 and not made.tied:
        groups = teller.groups_of(made.n_groups)
        if " where " in teller.ranked_by:
            what = teller.what(f"the {side} {teller.ranked_by}").rstrip(",")
            return f"of {groups}, {name} has {what}: {value}{of_total}"
        return f"{name} has the {side} {teller.ranked_by} of {groups}{teller.clause}: {value}{of_total}"
    level = [row for row in rows if row.values[0] == leader.values[0]]
    if len(level) > 1 or len(rows) == 1:
        return _level(teller, level, side)
    n = teller.quotes.number("n_shown", len(rows))
    ahead = listing([f"{teller.name(row)} ({teller.value(row, plain=True)})" for row in rest])
    what = teller.what(f"the {side} {teller.ranked_by}").rstrip(",")
    if made.order == "ascending":
        lowest = f"the lowest {n} of {teller.groups_of(made.n_groups)}"
        return f"{name} has {what}, {value}, before {ahead}: {lowest}"
    return f"{name} leads the {n} {teller.noun_of_groups} with {what}: {value}{of_total}, ahead of {ahead}"


def _level(teller: Teller, level: Sequence[Row], side: str) -> str:
    """Tell of groups that share the first place: none of them leads."""
    named = [f"**{teller.name(row)}**" for row in level[:3]]
    beyond_the_cut = len(teller.made.tied) if len(level) == len(teller.made.named) else 0
    n_more = len(level) - len(named) + beyond_the_cut
    if n_more:
        named.append(f"{teller.quotes.number('n_more_level', n_more)} more")
    what = teller.what(f"the {side} {teller.ranked_by}").rstrip(",")
    return f"{listing(named)} share {what}: {teller.value(level[0], bold=True)} each"


def kept(teller: Teller) -> str:
    """Tell how many groups meet a condition on groups, and which."""
    made, rows = teller.made, teller.made.named
    for condition in made.request.having:
        for value in [condition.value, *condition.values]:
            teller.quotes.note(f"having_{condition.is_}", value, None, "condition on groups")
    n_kept = teller.quotes.number("n_groups_kept", made.n_kept)
    groups = f"**{n_kept} of {teller.groups_of(made.n_groups)}** {'has' if made.n_kept == 1 else 'have'}"
    shown = [f"{teller.name(row)} ({teller.value(row, plain=True)})" for row in rows[:FEW]]
    lead = ("led by " if made.order == "descending" else "among them ") if made.n_kept > FEW else ""
    if not teller.is_count and any(condition.column == "n" for condition in made.request.having):
        lead = (
            f"{teller.first.words} is largest for "
            if made.order == "descending"
            else f"{teller.first.words} is "
        )
    return f"{groups} {having_phrase(made, teller.nouns)}{teller.clause}: {lead}{listing(shown)}"


def within(teller: Teller) -> str:
    """Tell which inner group comes first within each outer one."""
    firsts: dict[str, Row] = {}
    for row in teller.made.named:
        firsts.setdefault(row.labels[0], row)
    key = teller.made.keys[0]
    shown = []
    for row in list(firsts.values())[:FEW]:
        named = list(zip(teller.made.keys, row.raw, row.labels, strict=True))
        inner = [group_words(*group) for group in named[1:]]
        outer = group_words(key, row.raw[0], row.labels[0])
        shown.append(f"{', '.join(inner)} {preposition(key)} {outer} ({teller.value(row, bold=True)})")
    side = "smallest" if teller.made.order == "ascending" else "largest"
    if place := teller.made.request.place:
        side = f"{ordinal(place)} {side}" if place > 1 else side
        teller.quotes.note("place", place)
    more = ""
    if len(firsts) > FEW:
        more = f"; {teller.quotes.number('n_more_groups', len(firsts) - FEW)} more are in the table"
    what = teller.what(f"the {side} {bare(teller.first)}").rstrip(",")
    return f"within each {group_noun(key)}, {what} is that of {listing(shown)}{more}"


def placed(teller: Teller, place: int) -> str:
    """Tell which group is in one place of the ranking, and which stands before it."""
    rows = teller.made.named
    side = "smallest" if teller.made.order == "ascending" else "largest"
    groups = teller.groups_of(teller.made.n_groups)
    if len(rows) < place:
        asked = teller.quotes.number("place", place)
        return f"there is **no place {asked}** in the ranking: there are {groups}{teller.clause}"
    row, which = rows[place - 1], ordinal(place)
    teller.quotes.note("place", place, None, teller.scope(row))
    value = f"{bare(teller.first)}{teller.clause}: {teller.value(row, bold=True)}"
    first = f"**{teller.name(row)}** is the"
    if place == 1:
        return f"{first} {side} of {groups} by {value}"
    ahead = rows[place - 2]
    return (
        f"{first} {which} {side} of {groups} by {value},"
        f" behind {teller.name(ahead)} ({teller.value(ahead, plain=True)})"
    )


def ranked(teller: Teller, wanted: str) -> str:
    """Tell in which place of the ranking a group stands.

    Raises:
        ToolError: If there is no such group.
    """
    rows = teller.made.named
    found = next((row for row in rows if any(fold(text) == fold(wanted) for text in row.labels)), None)
    if found is None:
        raise ToolError(f"{wanted} is not among the groups.", "Name one of the groups, or ask for all.")
    mine = found.values[0]
    values = [row.values[0] for row in rows if isinstance(row.values[0], int | float)]
    if not isinstance(mine, int | float):
        return f"{teller.name(found)} has no place in the ranking: {teller.first.words} is not defined there"
    up = teller.made.order == "ascending"
    place = 1 + sum(value < mine if up else value > mine for value in values)
    shown = teller.quotes.number("place", place, None, teller.scope(found))
    tied = sum(value == mine for value in values) - 1
    also = f", a place shared with {teller.quotes.number('n_tied', tied)} more" if tied else ""
    leader = rows[0]
    lead = "" if place == 1 else f"; first is {teller.name(leader)} with {teller.value(leader, plain=True)}"
    what = f"{'smallest ' if up else ''}{bare(teller.first)}{teller.clause}"
    return (
        f"**{teller.name(found)}** is in place **{shown}** of {teller.groups_of(teller.made.n_groups)}"
        f" by {what}: {teller.value(found, bold=True)}{also}{lead}"
    )


def together(teller: Teller) -> str:
    """Tell what the first groups of a ranking make up together."""
    made, rows = teller.made, teller.made.named
    side = "smallest" if made.order == "ascending" else "largest"
    total = sum(float(str(row.values[0] or 0)) for row in rows)
    n = teller.quotes.number("n_shown", len(rows))
    what = write(teller.first, round(total, 6))
    teller.quotes.note(f"{teller.first.name}_together", total, teller.first.unit, "the groups shown")
    whole = made.whole.values[0]
    part = ""
    if isinstance(whole, int | float) and whole > 0:
        pct = 100.0 * total / whole
        share = teller.quotes.number(
            "share_together_pct", pct, "%", "the groups shown", digits=share_digits(pct)
        )
        part = f", **{share}** of the total of {teller.value(made.whole)}"
    name = group_noun(made.keys[0])
    noun = plural(name) if len(rows) != 1 else name
    return (
        f"the {n} {noun} with the {side} {bare(teller.first)}{teller.clause} have **{what}** together{part}"
    )
