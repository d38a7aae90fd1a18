"""Knows how the result of an aggregation is told: headline, findings and caveats, each number a fact."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tools.core import Scalar
from tools.errors import ToolError
from tools.questions.aggregating import Aggregated, Row, having_phrase
from tools.questions.grouping import Key, period_words
from tools.questions.measuring import Plan, counted_thing, ordinal, row_noun
from tools.quoting import Quotes
from tools.selecting import fold
from tools.wording import count, day, label, listing, number, plain_name, plural, sentence, value_word

FEW = 6
SMALL = 30  # groups below this size make averages shaky
_EXACT = ("count", "count_distinct", "min", "max", "count_missing", "share_missing")


class ExactQuotes(Quotes):
    """Quotes that keep two decimals, as answers to a question for a number should."""

    def number(
        self, name: str, value: float, unit: str | None = None, scope: str = "", digits: int | None = None
    ) -> str:
        """Write a number with its unit and record it."""
        self.note(name, value, unit, scope)
        return number(value, unit, digits)


class Teller:
    """Writes about one aggregation and records every number that it writes.

    Args:
        made: The result.
        quotes: Where the numbers are recorded.
        partial: Labels of periods that the data cover in part; they are not called highest or lowest.
    """

    def __init__(self, made: Aggregated, quotes: Quotes, partial: Collection[tuple[str, ...]] = ()) -> None:
        self.made = made
        self.quotes = quotes
        self.partial = partial
        self.first = made.plans[0]
        self.noun, self.nouns = row_noun(made.table)
        self.where = f" where {made.selection.beside}" if made.selection.beside else ""

    def headline(self) -> str:
        """Answer the request in one sentence."""
        made = self.made
        if not made.keys:
            return sentence(self._single())
        if not made.named:
            return sentence(self._nothing())
        if made.request.having:
            return sentence(self._kept())
        if made.request.rank_within and len(made.keys) > 1:
            return sentence(self._within())
        if made.request.rank_of is not None:
            return sentence(ranked(self, made.request.rank_of))
        if made.request.place is not None and made.order != "by_group":
            return sentence(placed(self, made.request.place))
        if made.request.together and self.first.additive and made.order != "by_group":
            return sentence(together(self))
        if made.request.limit is not None and made.order != "by_group":
            return sentence(self._top())
        return sentence(self._few() if len(made.named) <= FEW else self._many())

    # -------------------------------------------------------------- numbers

    def scope(self, row: Row) -> str:
        """Say what the numbers of a row are about."""
        pairs = zip(self.made.keys, row.labels, strict=False)
        named = "; ".join(f"{key.title} = {text}" for key, text in pairs if row.raw)
        return f"{named}{self.where}".strip()

    def value(self, row: Row, index: int = 0, *, bold: bool = False, plain: bool = False) -> str:
        """Write the value of a row and record it; `plain` leaves out the noun of a count."""
        made = self.made.plans[index]
        value = row.values[index]
        self.quotes.note(made.name, value, made.unit, self.scope(row))
        text = write(made, value)
        if plain and made.unit == self.nouns:
            text = text.rpartition(" ")[0]
        return f"**{text}**" if bold else text

    def share(self, row: Row) -> str:
        """Write a row's share of the total and record it."""
        pct = row.share_pct or 0.0
        return self.quotes.number("share_pct", pct, "%", self.scope(row), digits=share_digits(pct))

    def name(self, row: Row) -> str:
        """Write a group for prose; numbers in its name are recorded."""
        words = []
        for key, raw, text in zip(self.made.keys, row.raw, row.labels, strict=True):
            note_digits(self.quotes, key, text)
            words.append(group_words(key, raw, text))
        return ", ".join(words)

    def _number_of(self, row: Row) -> str:
        return self.quotes.count(f"n_{self.nouns}", row.n, self.noun, self.nouns, scope=self.scope(row))

    # -------------------------------------------------------------- one number

    def _single(self) -> str:
        made, row, first = self.made, self.made.whole, self.first
        if row.n == 0:
            self.quotes.note(f"n_{self.nouns}", 0, self.nouns, self.scope(row))
            condition = self.where.replace(" where", ":", 1)
            return f"**No {self.nouns}** match{condition}" if self.where else "the table is empty"
        if len(made.plans) > 1:
            return self._several()
        statistic = first.measure.statistic
        if first.parts:
            return self._ratio()
        if row.values[0] is None:
            return f"{first.words}{self.where} is not defined: there are too few values"
        if statistic in ("count", "count_distinct", "count_missing"):
            return self._counted(statistic)
        if statistic == "share_missing":
            return f"{first.words}{self.where} is {self.value(row, bold=True)}"
        if statistic == "mode" and row.times:
            return self._mode(row.times)
        known = row.n - made.absent[0]
        n = self.quotes.count(f"n_{self.nouns}", known, self.noun, self.nouns, scope=self.scope(row))
        return f"{first.words}{self.where} is {self.value(row, bold=True)} ({n})"

    def _mode(self, times: int) -> str:
        row, known = self.made.whole, self.made.whole.n - self.made.absent[0]
        n = self.quotes.number("times", times, None, self.scope(row))
        of = self.quotes.count(f"n_{self.nouns}", known, self.noun, self.nouns, scope=self.scope(row))
        pct = self._percent("share_of_rows_pct", times, known)
        return f"{self.first.words}{self.where} is {self.value(row, bold=True)} ({n} of {of}, {pct})"

    def _counted(self, statistic: str) -> str:
        made, row, first = self.made, self.made.whole, self.first
        bold, condition = self.value(row, bold=True), first.words.partition(" where ")[2]
        told = f" where {condition}" if condition else ""
        also = f" (among those{self.where})" if condition and self.where else self.where
        if statistic == "count_missing":
            n = self.quotes.count(f"all_{self.nouns}", row.n, self.noun, self.nouns, scope=self.where.strip())
            pct = self._percent("share_missing_pct", row.values[0], row.n)
            name = label(first.column) if first.column else ""
            return f"{name} is missing in {bold}{told}{also}: {pct} of {n}"
        if statistic == "count_distinct" and first.unit == "values" and first.column:
            return f"{label(first.column)} has {bold}{told}{also}"
        text = f"there {'is' if row.values[0] == 1 else 'are'} {bold}{told}{also}"
        whole = made.base or (Row((), (), row.n, (row.n,)) if condition and statistic == "count" else None)
        if whole is None or not whole.values[0]:
            return text
        everything = self.quotes.number(f"all_{self.nouns}", float(str(whole.values[0])), None, "unfiltered")
        pct = self._percent("share_of_all_pct", row.values[0], whole.values[0])
        return f"{text}, which is **{pct}** of all {everything}"

    def _percent(self, name: str, part: Scalar, whole: Scalar) -> str:
        value = 100.0 * float(str(part)) / float(str(whole)) if whole else 0.0
        return self.quotes.number(name, value, "%", self.where.strip(), digits=share_digits(value))

    def _ratio(self) -> str:
        row, first = self.made.whole, self.first
        if row.values[0] is None:
            return f"{first.words}{self.where} is not defined: the divisor is zero"
        return f"{first.words}{self.where} is {self.value(row, bold=True)} ({self._number_of(row)})"

    def _several(self) -> str:
        row, parts, last = self.made.whole, [], None
        for index, each in enumerate(self.made.plans):
            words = each.words
            if each.column is not None and each.column is last and not each.measure.where:
                words = words.replace(label(each.column), "").strip().removesuffix(" of")
            last = each.column
            parts.append(f"{words} is {self.value(row, index, bold=True)}")
        return f"{listing(parts)}{self.where} ({self._number_of(row)})"

    # -------------------------------------------------------------- groups

    def _nothing(self) -> str:
        groups = self.groups_of(self.made.n_groups)
        if self.made.request.having:
            return f"**None** of the {groups} has {having_phrase(self.made, self.nouns)}{self.where}"
        return f"there is **no {self.noun}** to group{self.where}"

    @property
    def _noun_of_groups(self) -> str:
        keys = self.made.keys
        return plural(group_noun(keys[0])) if len(keys) == 1 else "groups"

    def groups_of(self, n: int) -> str:
        """Write how many groups there are."""
        singular = group_noun(self.made.keys[0]) if len(self.made.keys) == 1 else "group"
        return f"{self.quotes.number('n_groups', n)} {singular if n == 1 else self._noun_of_groups}"

    def _kept(self) -> str:
        made, rows = self.made, self.made.named
        for condition in made.request.having:
            for value in [condition.value, *condition.values]:
                self.quotes.note(f"having_{condition.is_}", value, None, "condition on groups")
        n_kept = self.quotes.number("n_groups_kept", made.n_kept)
        groups = f"**{n_kept} of {self.groups_of(made.n_groups)}** {'has' if made.n_kept == 1 else 'have'}"
        shown = [f"{self.name(row)} ({self.value(row, plain=True)})" for row in rows[:FEW]]
        lead = ("led by " if made.order == "descending" else "among them ") if made.n_kept > FEW else ""
        if not self._is_count and any(condition.column == "n" for condition in made.request.having):
            lead = (
                f"{self.first.words} is largest for "
                if made.order == "descending"
                else f"{self.first.words} is "
            )
        return f"{groups} {having_phrase(made, self.nouns)}{self.where}: {lead}{listing(shown)}"

    def _within(self) -> str:
        firsts: dict[str, Row] = {}
        for row in self.made.named:
            firsts.setdefault(row.labels[0], row)
        key = self.made.keys[0]
        shown = []
        for row in list(firsts.values())[:FEW]:
            inner = [
                group_words(*triple) for triple in zip(self.made.keys, row.raw, row.labels, strict=True)
            ][1:]
            outer = group_words(key, row.raw[0], row.labels[0])
            shown.append(f"{', '.join(inner)} {preposition(key)} {outer} ({self.value(row, bold=True)})")
        side = "smallest" if self.made.order == "ascending" else "largest"
        more = ""
        if len(firsts) > FEW:
            more = f"; {self.quotes.number('n_more_groups', len(firsts) - FEW)} more are in the table"
        what = f"the {side} {bare(self.first)}{self.where}"
        return f"within each {group_noun(key)}, {what} is that of {listing(shown)}{more}"

    def _top(self) -> str:
        made, rows = self.made, self.made.named
        leader, rest = rows[0], rows[1 : FEW if len(rows) <= FEW else 3]
        side = "smallest" if made.order == "ascending" else "largest"
        if self._one_each:
            side = "lowest" if side == "smallest" else "highest"
        of_total = f" ({self.share(leader)} of the total)" if self._shares and side == "largest" else ""
        name, value = f"**{self.name(leader)}**", self.value(leader, bold=True)
        if len(rows) == 1 and not made.tied:
            groups = self.groups_of(made.n_groups)
            return f"{name} has the {side} {self._ranked_by} of {groups}{self.where}: {value}{of_total}"
        level = [row for row in rows if row.values[0] == leader.values[0]]
        if len(level) > 1 or len(rows) == 1:
            return self._level(level, side)
        n = self.quotes.number("n_shown", len(rows))
        ahead = listing([f"{self.name(row)} ({self.value(row, plain=True)})" for row in rest])
        what = f"the {side} {self._ranked_by}{self.where}"
        if made.order == "ascending":
            lowest = f"the lowest {n} of {self.groups_of(made.n_groups)}"
            return f"{name} has {what}, {value}, before {ahead}: {lowest}"
        return f"{name} leads the {n} {self._noun_of_groups} with {what}: {value}{of_total}, ahead of {ahead}"

    def _level(self, level: Sequence[Row], side: str) -> str:
        """Tell of groups that share the first place: none of them leads."""
        named = [f"**{self.name(row)}**" for row in level[:3]]
        beyond_the_cut = len(self.made.tied) if len(level) == len(self.made.named) else 0
        n_more = len(level) - len(named) + beyond_the_cut
        if n_more:
            named.append(f"{self.quotes.number('n_more_level', n_more)} more")
        what = f"the {side} {self._ranked_by}{self.where}"
        return f"{listing(named)} share {what}: {self.value(level[0], bold=True)} each"

    @property
    def _one_each(self) -> bool:
        """Whether every group is one customer's own row, so that nothing is averaged over groups."""
        keys = self.made.keys
        return (
            len(keys) == 1
            and keys[0].column.name == self.made.table.customer
            and keys[0].grain is None
            and self.first.column is not None
            and all(row.n == 1 for row in self.made.named)
        )

    @property
    def _ranked_by(self) -> str:
        """What groups are ranked by: the column itself where each is one row."""
        return label(self.first.column) if self._one_each and self.first.column else bare(self.first)

    @property
    def _shares(self) -> bool:
        """Whether values are parts of a total and so have shares worth telling."""
        rows, total = self.made.rows, self.made.whole.values[0]
        if not all(isinstance(row.values[0], int | float) and row.values[0] >= 0 for row in rows):
            return False
        asked = self.made.request.share_of_total and any(row.share_pct is not None for row in rows)
        return isinstance(total, int | float) and total > 0 and (self.first.additive or asked)

    @property
    def _is_count(self) -> bool:
        return self.first.unit == self.nouns and self.first.column is None and not self.first.measure.where

    def _few(self) -> str:
        rows, counted = self.made.named, self._is_count
        asked = self.made.request.share_of_total
        shares = self._shares and (asked or not self.made.keys[0].is_calendar)
        shown = []
        for index, row in enumerate(rows):
            text = self.value(row, bold=True, plain=counted and index > 0)
            text += f" ({self.share(row)})" if shares else ""
            shown.append(f"{text} {preposition(self.made.keys[0])} {self.name(row)}")
        difference = self._difference(rows)
        if counted:
            verb = "is" if rows[0].values[0] == 1 else "are"
            return f"there {verb} {listing(shown)}{self.where}{difference}"
        return f"{self.first.words}{self.where} is {listing(shown)}{difference}"

    def _difference(self, rows: Sequence[Row]) -> str:
        """Compare two groups: in percentage points, in percent, or in times."""
        values = [row.values[0] for row in rows if isinstance(row.values[0], int | float)]
        if len(rows) != 2 or len(values) != 2 or self.made.keys[0].is_calendar:
            return ""
        high, low = (rows[0], rows[1]) if values[0] >= values[1] else (rows[1], rows[0])
        most, least = max(values), min(values)
        name, scope = self.name(high), f"{self.scope(high)} against {self.scope(low)}"
        if most == least:
            return ", the same for both"
        if self.first.unit == "%":
            points = self.quotes.number("difference_percentage_points", most - least, None, scope, digits=1)
            return f", {points} percentage points more for {name}"
        if least <= 0:
            gap = self.quotes.number("difference", most - least, self.first.unit, scope)
            return f", {gap} more for {name}"
        gap = self.quotes.number("difference", most - least, None, scope)
        if most / least >= 2:
            times = self.quotes.number("ratio", most / least, None, scope, digits=1)
            often = "many" if self._is_count else "much"
            return f", {gap} more ({times} times as {often}) for {name}"
        pct = 100.0 * (most / least - 1.0)
        shown = self.quotes.number("difference_pct", pct, "%", scope, digits=share_digits(pct))
        return f", {gap} ({shown}) {'more' if self._is_count else 'higher'} for {name}"

    def _many(self) -> str:
        made, at = self.made, preposition(self.made.keys[0])
        rows = [row for row in made.named if isinstance(row.values[0], int | float)]
        rows = [row for row in rows if row.labels not in self.partial] or rows
        if not rows:
            return f"{self.first.words}{self.where} is listed for {self.groups_of(made.n_groups)}"
        ranked = sorted(rows, key=lambda row: -float(str(row.values[0])))  # stable: ties keep their order
        if made.order == "descending" and not made.keys[0].ordered:
            three = enumerate(ranked[:3])
            shown = [f"{self.name(row)} ({self._with_share(row, bold=not i)})" for i, row in three]
            groups = self.groups_of(made.n_groups)
            return f"of {groups}, {self.first.words}{self.where} is largest {at} {listing(shown)}"
        top, bottom = ranked[0], ranked[-1]
        return (
            f"{self.first.words}{self.where} is highest {at} **{self.name(top)}**"
            f" ({self._with_share(top, bold=True)}) and lowest {at} {self.name(bottom)}"
            f" ({self._with_share(bottom)}), over {self.groups_of(made.n_groups)}"
        )

    def _with_share(self, row: Row, *, bold: bool = False) -> str:
        """Write a value, with its share of the total where shares were asked for."""
        value = self.value(row, bold=bold, plain=True)
        return f"{value}, {self.share(row)}" if self.made.request.share_of_total and self._shares else value

    # -------------------------------------------------------------- what it means

    def findings(self) -> tuple[str, ...]:
        """Say what stands behind the headline."""
        made, told = self.made, []
        if made.keys and made.named and not self.first.additive and made.whole.values[0] is not None:
            whole = "over all customers" if self._one_each else "over all groups together"
            what, value = self.first.words, self.value(made.whole)
            if self.first.measure.statistic == "count_distinct":
                told.append(f"In all there are {value}.")  # a group's own may be another's too
            else:
                told.append(sentence(f"{whole}, {what} is {value}"))
        told_already = made.request.together or made.request.place
        if (
            self._shares
            and made.order == "descending"
            and made.request.limit
            and len(made.named) > 1
            and not told_already
        ):
            part = sum(row.share_pct or 0.0 for row in made.named)
            pct = self.quotes.number("share_together_pct", part, "%", "the groups shown", digits=1)
            n = self.quotes.number("n_shown", len(made.named))
            told.append(f"Together these {n} hold {pct} of the total of {self.value(made.whole)}.")
        return tuple(told)

    def caveats(self) -> tuple[str, ...]:
        """Say what was assumed, left out or cut, with counts."""
        made, told, scope = self.made, [*self.made.caveats], self.where.strip()
        told += row_caveats(made)
        for each, absent in zip(made.plans, made.absent, strict=True):
            if absent and each.column and each.measure.statistic not in ("count_missing", "mode"):
                self.quotes.note(f"n_missing_{each.column.name}", absent, self.nouns, scope)
                verb = "is" if absent == 1 else "are"
                told.append(
                    f"{count(absent, self.noun, self.nouns)} without {each.column.name} {verb} left out."
                )
        if made.n_unnamed:
            self.quotes.note("n_without_group", made.n_unnamed, self.nouns, scope)
            names = listing([key.column.name for key in made.keys], "or")
            shown = "not ranked" if made.request.limit or made.request.having else "shown as (missing)"
            verb = "is" if made.n_unnamed == 1 else "are"
            told.append(f"{count(made.n_unnamed, self.noun, self.nouns)} without {names} {verb} {shown}.")
        if made.tied:
            told.append(self._tie())
        told += self._small()
        if made.request.share_of_total and made.keys and not self._shares:
            told.append(f"Shares of a total make no sense for {bare(self.first)}, so none are given.")
        return tuple(dict.fromkeys(told))

    def _tie(self) -> str:
        tied = self.made.tied
        for index, name in enumerate(tied[:3]):
            self.quotes.note(f"tied_{index + 1}", name)
            note_digits(self.quotes, self.made.keys[-1], name)
        names = listing(list(tied))
        if len(tied) > 3:
            names = f"{', '.join(tied[:3])} and {self.quotes.number('n_tied_others', len(tied) - 3)} more"
        verb = "equals" if len(tied) == 1 else "equal"
        return f"The cut goes through a tie: {names} {verb} the last one shown, and names decide."

    def _small(self) -> list[str]:
        exact = self.first.additive or self.first.measure.statistic in _EXACT
        if exact or not self.made.keys or self._one_each:
            return []
        small = [row for row in self.made.named if row.n < SMALL]
        if not small:
            return []
        if len(small) <= 3:
            shown = listing([f"{self.name(row)} ({self._number_of(row)})" for row in small])
            pronoun = "it" if len(small) == 1 else "them"
            return [f"Few {self.nouns} stand behind {shown}; read {pronoun} with care."]
        n = self.quotes.number("n_small_groups", len(small), "groups")
        limit = self.quotes.number("small_group_limit", SMALL, self.nouns)
        return [f"{n} have fewer than {limit}; read them with care."]


def placed(teller: Teller, place: int) -> str:
    """Tell which group is in one place of the ranking, and which stands before it."""
    rows = teller.made.named
    side = "smallest" if teller.made.order == "ascending" else "largest"
    groups = teller.groups_of(teller.made.n_groups)
    if len(rows) < place:
        asked = teller.quotes.number("place", place)
        return f"there is **no place {asked}** in the ranking: there are {groups}{teller.where}"
    row, which = rows[place - 1], ordinal(place)
    teller.quotes.note("place", place, None, teller.scope(row))
    value = f"{bare(teller.first)}{teller.where}: {teller.value(row, bold=True)}"
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
    what = f"{'smallest ' if up else ''}{bare(teller.first)}{teller.where}"
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
    return f"the {n} {noun} with the {side} {bare(teller.first)}{teller.where} have **{what}** together{part}"


def row_caveats(made: Aggregated) -> tuple[str, ...]:
    """Say what a row is where a customer's own attribute is averaged over transactions."""
    table = made.table
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
        own = column is not None and (
            column.role in ("balance", "age") or column.derived_from == table.customer
        )
        if own and each.measure.statistic not in _EXACT:
            return ("One row is a transaction, so a customer with three counts three times.",)
    return ()


def write(made: Plan, value: Scalar) -> str:
    """Write a value of a measure with its unit."""
    if value is None:
        return "not defined"
    if isinstance(value, str):
        dated = made.column is not None and made.column.kind in ("date", "datetime")
        return day(value) + value[10:] if dated else value
    unit = made.unit
    if unit == "values":
        unit = "different value" if value == 1 else "different values"
    if unit in ("transactions", "customers", "rows", "order lines") and value == 1:
        unit = unit[:-1]
    if made.measure.statistic == "count_distinct" and made.column is not None and value == 1:
        unit = counted_thing(made.column) or unit
    return number(float(value), unit)


def note_digits(quotes: Quotes, key: Key, text: str) -> None:
    """Record the numbers that stand in the name of a group of numbers, such as 45–54."""
    if key.column.kind == "number" or text.replace(".", "", 1).isdigit():
        for part in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
            quotes.note(f"group_{part}", float(part.replace(",", "")), None, key.title)


def group_words(key: Key, raw: object, text: str) -> str:
    """Write a group for prose: August 2016, women (F), 45–54."""
    if key.is_calendar and key.grain:
        return period_words(key.grain, raw)
    if key.column.kind == "number" and key.grain is None and not key.words.startswith("range"):
        return f"{plain_name(key.column.name)} {text}"
    return value_word(key.column, text)


def group_noun(key: Key) -> str:
    """Return what one group is called, singular."""
    if key.column.role == "customer_key" and key.grain is None:
        return "customer"
    if key.grain:
        return key.words
    return plain_name(key.column.name) + (" range" if key.words.startswith("range") else "")


def preposition(key: Key) -> str:
    """Return the word before a group: in August, at 18:00, for women."""
    if key.grain in ("year", "quarter", "month", "week"):
        return "in"
    words = {
        "day": "on",
        "weekday": "on",
        "weekend": "on the",
        "hour": "at",
        "part_of_day": "in the",
        "season": "in",
        "month_of_year": "in",
        "quarter_of_year": "in",
        "day_of_month": "on day",
    }
    return words.get(key.grain or "", "for")


def bare(made: Plan) -> str:
    """Return the noun phrase without its article."""
    return made.words.removeprefix("the ")


def share_digits(percent: float) -> int:
    """Return the decimals that a percentage deserves."""
    return 1 if abs(percent) >= 0.1 or percent == 0 else 3
