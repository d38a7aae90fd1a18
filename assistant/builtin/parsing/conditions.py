"""Reads filters: comparisons with numbers, values of categories, yes/no columns, missing values, negation."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.comparisons import (
    take_after_numbers,
    take_comparisons,
    take_equal_numbers,
    take_ranges,
)
from assistant.builtin.parsing.counted_rows import take_number_of_times
from assistant.builtin.parsing.histories import take_history
from assistant.builtin.parsing.negation import add_condition, affirmed, take_negation
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.presence import take_missing, take_presence
from assistant.builtin.parsing.relative import take_extremes
from assistant.builtin.parsing.values import (
    join_both_sides,
    take_high_value,
    take_quoted,
    take_segments,
    take_values,
)
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import root
from tools.selecting import GroupBy


def take_conditions(parts: Parts) -> None:
    """Find all filters of a sentence and mark their words as used."""
    _years(parts)
    _decades(parts)
    _inactivity(parts)
    take_number_of_times(parts)
    take_comparisons(parts)
    take_after_numbers(parts)
    take_ranges(parts)
    take_extremes(parts)
    _counts_of_purchases(parts)
    take_missing(parts)
    take_presence(parts)
    take_segments(parts)
    take_high_value(parts)
    take_values(parts)
    take_quoted(parts)
    _status(parts)
    take_equal_numbers(parts)
    _none_of(parts)
    join_both_sides(parts)
    _other_rows(parts)
    take_history(parts)
    _join_alternatives(parts)


def _years(parts: Parts) -> None:
    """Read "in 2007" and "from 1952 to 2007" as values of a year column, where there is no date."""
    column = parts.year_column
    if column is None or parts.time is not None:
        return
    known = parts.column(column)
    found = [
        item for _, item in parts.sentence.free()
        if item.number and item.number.unit is None and float(item.number.value).is_integer()
        and isinstance(known.minimum, int | float) and isinstance(known.maximum, int | float)
        and known.minimum - 5 <= item.number.value <= known.maximum + 5
    ]  # fmt: skip
    years = [plain(item.number.value) for item in found if item.number]
    for item in found:
        item.used = True
    for _, item in parts.sentence.free():
        if item.column == column and item.links and not parts.groups and years:
            item.used = True
    if len(years) == 1:
        before = parts.sentence.tokens[found[0].start - 1].norm if found[0].start else ""
        comparison = {"since": "at_least", "after": "above", "before": "below", "until": "at_most"}.get(
            before, "equal"
        )
        parts.where.append(condition(column, comparison, years[0]))
    elif len(years) == 2:
        words = {t.norm for t in parts.sentence.tokens[found[0].end : found[1].start]}
        joined = words & {"to", "until", "-", "–"} and not parts.growth
        parts.where.append(condition(column, "between" if joined else "in", None, values=years))
        if not joined:
            parts.compared.append(column)
        for item in parts.sentence.items:
            if found[0].end <= item.start < found[1].start and item.has("logic"):
                item.used = True


_DECADES = {
    "teens": 10,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
}


def _decades(parts: Parts) -> None:
    """Read "people in their twenties, thirties and forties" as ages, several of them as groups."""
    if parts.age is None:
        return
    found = [
        (item, _DECADES[item.text.lower()])
        for _, item in parts.sentence.free()
        if item.text.lower() in _DECADES
    ]
    if not found:
        return
    starts = sorted(start for _, start in found)
    for item, _ in found:
        item.used = True
    parts.where.append(condition(parts.age, "at_least", starts[0]))
    parts.where.append(condition(parts.age, "below", starts[-1] + 10))
    if len(starts) > 1:
        parts.groups.append(GroupBy(column=parts.age, bins=[*map(float, starts), float(starts[-1] + 10)]))


def _denied_purchase(parts: Parts, index: int) -> bool:
    """Tell whether what people do is denied of a time: "has not paid for more than 60 days"."""
    verb, before = parts.sentence.at(index), parts.sentence.at(index - 1)
    deed = verb is not None and not verb.used and verb.has("condition_verb", "bought", "spent")
    return bool(deed and before and before.has("logic", "not") and not before.used)


def _inactivity(parts: Parts) -> None:
    """Read "nothing bought for 60 days", "inactive for more than 2 months", "bought in the last 30 days"."""
    for index, item in parts.sentence.free():
        if not item.has("condition_verb", "inactive") and not _denied_purchase(parts, index):
            continue
        near = [parts.sentence.at(index + step) for step in (1, 2, 3)] + [parts.sentence.at(index - 1)]
        length = next(
            (
                n
                for n in near
                if n and not n.used and n.number and n.number.unit in ("days", "weeks", "months", "years")
            ),
            None,
        )
        period = next((n for n in near if n and not n.used and n.has("period")), None)
        feature = parts.feature("recency_days")
        if length is None and period is None or feature is None:
            continue
        if length and length.number:
            days = (
                length.number.value
                * {"days": 1, "weeks": 7, "months": 30, "years": 365}[length.number.unit or "days"]
            )
            least = any(n and n.has("comparator", "at_least") for n in near)
            below = any(n and n.has("comparator", "below", "at_most") for n in near)
            comparison = "at_least" if least else "below" if below else "above"
            length.used = True
        else:
            chosen = period.senses["period"] if period else None
            days = (chosen.last - chosen.first).days + 1 if chosen else 0
            comparison = "at_least"
            if period:
                period.used = True
        for other in near:
            if other and other.has("comparator"):
                other.used = True
        if not item.has("condition_verb", "inactive") and (denied := parts.sentence.at(index - 1)):
            denied.used = True
        item.used = True
        parts.customers_table = True
        parts.where.append(condition(feature, comparison, plain(days)))
        parts.note(f"Days without a purchase are counted to the last date of the data ({feature}).")


def _counts_of_purchases(parts: Parts) -> None:
    """Read "bought twice", "only once", "repeat customers", "bought again"."""
    purchases = parts.feature("n_transactions")
    if purchases is None:
        return
    kinds = {
        item.senses["condition_verb"]: item
        for _, item in parts.sentence.free()
        if item.has("condition_verb", "repeat", "single")
    }
    if len(kinds) == 2 and parts.feature("bought_again"):
        for item in kinds.values():
            item.used = True
        parts.sentence.take_all("compare")
        parts.customers_table = True
        parts.groups.append(GroupBy(column="bought_again"))
    for index, item in parts.sentence.free():
        if item.values and any(i.column == item.values[0].column for i in parts.sentence.items):
            continue  # "recurring gifts against one-off gifts" where a column says which recur
        subject = parts.sentence.at(index - 1)
        if subject is not None and subject.links and parts.is_measurable(subject.links[0].column):
            continue  # an amount that came back is no customer who did
        if item.has("condition_verb", "repeat", "single"):
            item.used = True
            parts.customers_table = True
            single = item.has("condition_verb", "single")
            add_condition(
                parts, condition(purchases, "equal" if single else "above", 1), take_negation(parts, index)
            )
        elif item.has("condition_verb", "bought"):
            number = parts.sentence.at(index + 1)
            exact = number and not number.used and number.number
            if (
                exact
                and number
                and number.number
                and (number.number.unit == "times" or number.text.lower() in ("once", "twice", "thrice"))
            ):
                item.used = number.used = True
                parts.customers_table = True
                add_condition(
                    parts,
                    condition(purchases, "equal", plain(number.number.value)),
                    take_negation(parts, index),
                )
    _exact_purchases(parts, purchases)


def _exact_purchases(parts: Parts, purchases: str) -> None:
    """Read "customers with 3 purchases", "with exactly two transactions"."""
    for index, item in parts.sentence.free():
        number = parts.sentence.at(index - 1)
        with_ = parts.sentence.at(index - 2)
        if not (
            item.has("entity", "transaction")
            and number
            and not number.used
            and number.number
            and number.number.unit is None
        ):
            continue
        exactly = with_ and with_.has("comparator", "equal")
        if exactly or (
            with_
            and (with_.has("logic", "with") or with_.has("condition_verb") or with_.column == parts.time)
            and parts.sentence.has("entity", "customer")
        ):
            for used in (item, number):
                used.used = True
            if with_ and exactly:
                with_.used = True
            parts.customers_table = True
            parts.where.append(condition(purchases, "equal", plain(number.number.value)))


def _status(parts: Parts) -> None:
    """Read "active subscribers" and "still with us" as those who have not left."""
    leaving = next((name for name in sorted(parts.catalog.loaded) if _says_who_left(parts, name)), None)
    for index, item in parts.sentence.free():
        told = all(link.column == leaving for link in item.values)
        if item.has("status") and leaving and told and not item.links:
            item.used = True
            add_condition(parts, affirmed(parts, leaving, yes=False), take_negation(parts, index))


def _says_who_left(parts: Parts, name: str) -> bool:
    roots = {root(word) for word in parts.catalog.words_of[name]}
    return parts.catalog.is_flag(name) and bool(roots & {root(word) for word in cue("leaving")})


def _none_of(parts: Parts) -> None:
    """Read "with no purchases" and "never took a cash advance" as zero, for number columns."""
    if not (parts.sentence.has("count") or parts.sentence.has("entity") or parts.sentence.has("share")):
        return
    for index, item in parts.sentence.free():
        if (
            not item.links
            or not parts.is_number(item.links[0].column)
            or parts.catalog.is_flag(item.links[0].column)
        ):
            continue
        before = _introduced(parts, index)
        any_of = (
            before
            and before.has("logic", "with")
            and before.text.lower() in phrases("uses")
            and parts.catalog.columns[item.links[0].column].role != "age"
        )
        following = parts.sentence.at(index + 1)
        if (
            before
            and any_of
            and not (following and (following.has("comparator") or following.number))
            and not parts.sentence.has("outliers")
            and parts.column(item.links[0].column).minimum == 0
            and (
                parts.sentence.has("share", "share")
                or parts.sentence.has("count")
                or parts.sentence.has("entity")
            )
            and not parts.sentence.has("statistic")
            and not parts.sentence.has("superlative")
        ):
            name = parts.pick(item, "number")
            if name:
                before.used = item.used = True
                parts.where.append(condition(name, "above", 0))
                parts.note(f'I read "{before.text} {item.text}" as {name} above 0.')
            continue
        none = before and before.has("logic", "not") and before.text.lower() in phrases("none_of")
        lowest = parts.column(item.links[0].column).minimum
        if (
            before
            and none
            and not before.used
            and lowest != 0
            and parts.column(item.links[0].column).n_missing
        ):
            name = parts.pick(item, "number")
            if name:
                before.used = item.used = True
                parts.where.append(condition(name, "missing"))
                if following and following.has("missing"):
                    following.used = True
            continue
        if before and none and not before.used and parts.column(item.links[0].column).minimum == 0:
            name = parts.pick(item, "number")
            if name:
                before.used = item.used = True
                parts.where.append(condition(name, "equal", 0))


def _introduced(parts: Parts, index: int) -> Item | None:
    """Return the word that introduces a column: behind "with both" and in "with A and B" it is the "with"."""
    before = parts.sentence.at(index - 1)
    if before is None or not before.has("logic", "and"):
        return before
    other, further = parts.sentence.at(index - 2), parts.sentence.at(index - 3)
    if before.text.lower() == "both":
        return other
    listed = (
        other is not None and other.used and other.links and parts.where and parts.where[-1].is_ == "above"
    )
    if not listed or other is None or other.column != parts.where[-1].column:
        return before
    if further is not None and further.text.lower() == "both":
        further = parts.sentence.at(index - 4)
    return further


def _other_rows(parts: Parts) -> None:
    """Read "customers who bought in August but not in September" and "bought both shoes and bags".

    A single purchase cannot be both, so what is asked is about all purchases of a customer.
    """
    key = parts.customer_key
    people = parts.sentence.has("entity", "customer") or parts.sentence.says("who")
    if key is None or not people or parts.catalog.table.grain != "transactions" or parts.customers_table:
        return
    for no in [c for c in parts.where if c.is_ in ("not_equal", "not_in")]:
        yes = next(
            (c for c in parts.where if c.column == no.column and c.is_ in ("equal", "in", "between")), None
        )
        never = (
            yes is None and parts.sentence.has("condition_verb", "bought") and parts.sentence.says("never")
        )
        if not never and (yes is None or yes.grain != no.grain):
            continue
        opposite = no.model_copy(update={"is_": "equal" if no.is_ == "not_equal" else "in"})
        parts.where[parts.where.index(no)] = condition(key, "has_no_rows").model_copy(
            update={"rows": [opposite]}
        )
    _both_of_two(parts)
    both = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2 and c.column != key), None)
    acts = parts.sentence.has("condition_verb") or parts.sentence.says("who", "that", "with")
    said = parts.sentence.says("both", "as well as") or " AND " in parts.sentence.text
    of_rows = both is not None and parts.column(both.column).role != "place"
    said |= of_rows and parts.sentence.says(*phrases("and_also")) and not parts.sentence.has("compare")
    if both is not None and said and acts:
        parts.where.remove(both)
        parts.compared[:] = [name for name in parts.compared if name.partition("|")[0] != both.column]
        for value in both.values:
            one = condition(both.column, "equal", value, grain=both.grain)
            parts.where.append(condition(key, "has_rows").model_copy(update={"rows": [one]}))


def _both_of_two(parts: Parts) -> None:
    """Read "stayed in both hotels" as both values of a column that has two."""
    for index, item in enumerate(parts.sentence.items):
        noun = parts.sentence.at(index + 1)
        if item.text.lower() != "both" or noun is None or noun.used or not noun.links:
            continue
        column = noun.links[0].column
        values = [value for value, _ in parts.column(column).values]
        if len(values) == 2 and parts.is_group(column):
            item.used = noun.used = True
            parts.where.append(condition(column, "in", None, values=values))


def _join_alternatives(parts: Parts) -> None:
    """Join conditions on different columns with "or" between them into one."""
    if (
        not any(item.has("logic", "or") and not item.used for item in parts.sentence.items)
        or len(parts.where) != 2
    ):
        return
    first, second = parts.where
    if first.column == second.column and first.is_ in ("equal", "in") and second.is_ in ("equal", "in"):
        return
    for item in parts.sentence.items:
        if item.has("logic", "or"):
            item.used = True
    parts.where[:] = [first.model_copy(update={"or_": [second]})]
