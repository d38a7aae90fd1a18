"""Finds what a comparison is about: a column beside it, or what the verb, the unit or the noun implies."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, deed_stems, phrases
from assistant.builtin.numbers import Quantity, converted, plain
from assistant.builtin.parsing.ages import of_people, people_of_age, said_aged
from assistant.builtin.parsing.durations import LENGTHS, compared_length
from assistant.builtin.parsing.negation import items_before
from assistant.builtin.parsing.parts import Parts, own_key
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, root
from tools.selecting import GroupBy

Subject = tuple[str, bool, list[Item]]
_CURRENCIES = ("GBP", "USD", "EUR", "INR", "CHF", "JPY", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN")


def subject_of(parts: Parts, index: int, end: int, number: Item, comparator: Item) -> Subject | None:
    """Find what a comparison is about: a column beside it, or what the verb, the unit or the noun implies."""
    after = parts.sentence.at(end)
    unit = number.number.unit if number.number else None
    with_us = parts.lasting and parts.sentence.says(*phrases("with_us"))
    if comparator.has("comparator_age") and parts.age and not with_us:
        if after and after.column == parts.age:
            return parts.age, False, [after]
        return parts.age, False, []
    summed = _in_total(parts, index, end)
    if summed is not None:
        return summed
    heads = heads_counted(parts, number)
    if heads is not None:
        named = [item for _, item in parts.sentence.free() if item.column == heads]
        return heads, False, named  # "a family of five": the family is not what is measured
    aged = said_aged(parts, index, number)
    if aged is not None and parts.age:
        return parts.age, False, aged
    noun = after is not None and (after.has("entity", "transaction", "row") or bool(after.links))
    of_noun = noun and after and not does(after) and not _verb_between(parts, number, after)
    age = None if of_noun else people_of_age(parts, index, number)
    if age is not None:
        return age, False, []
    further = parts.sentence.at(end + 1)
    flagged = after is not None and bool(after.links) and parts.catalog.is_flag(after.links[0].column)
    if after and (after.values or flagged) and further and further.has("entity", "transaction", "row"):
        after = further  # "fewer than 2 app orders", "at least one returned order"
    beside = _beside(parts, index, unit)
    if beside is not None and after is not None and does(after):
        return beside
    if after and not after.used and after.links and not after.has("by"):
        within = parts.sentence.tokens[after.start - 1].norm in ("in", "on")
        counted = None if within and unit in (None, "money") else _count_column(parts, after)
        if counted:
            return counted, False, [after]
        whole = _customer_total(parts, after)
        if whole is not None:
            return whole
        lasts = unit not in LENGTHS or _lasts(parts, after)
        name = parts.pick(after, "number") if lasts else None
        if name and parts.is_number(name) and not _starts_own_condition(parts, end):
            return name, False, [after]
    if after and not after.used and after.has("entity"):
        found = entity_count(parts, index, after)
        if found:
            return found
    if unit == "times" or (after and after.has("times")):
        purchases = parts.feature("n_transactions")
        if purchases:
            parts.customers_table = True
            return purchases, False, [after] if after and after.has("times") and not after.number else []
    return _subject_before(parts, index, unit)


def does(item: Item) -> bool:
    """Tell whether a word behind a number is a verb: "with tenure above 24 pay more"."""
    word = item.text.lower()
    return item.has("condition_verb") or word in cue("earning_verb") or bool(deed_stems(word))


def _verb_between(parts: Parts, number: Item, after: Item) -> bool:
    """Tell whether a verb of having parts a number from the noun behind it: "those over 60 take lessons"."""
    between = parts.sentence.tokens[number.end : after.start]
    return any(token.norm in cue("having_verb") for token in between)


def _beside(parts: Parts, index: int, unit: str | None) -> Subject | None:
    """Return the number column that stands right in front of a comparison."""
    before = parts.sentence.at(index - 1)
    if before is None or before.used or not before.links or before.end != parts.sentence.items[index].start:
        return None
    if not parts.is_measurable(before.links[0].column) or (unit in LENGTHS and not _lasts(parts, before)):
        return None
    name = parts.pick(before, "number")
    return (name, False, [before]) if name and before.start != parts.share_place else None


def _in_total(parts: Parts, index: int, end: int) -> Subject | None:
    """Read "customers with over 300 in total revenue" as what each of them spent altogether."""
    said, target = parts.sentence.at(end), parts.sentence.at(end + 1)
    people = any(item.has("entity", "customer") for item in parts.sentence.items[:index])
    total = parts.feature("total_amount")
    if said is None or not said.has("statistic", "sum") or total is None or not people or parts.groups:
        return None
    items = [said]
    if target is not None and target.column == parts.amount:
        items.append(target)
    items += [i for i in parts.sentence.items[:index] if i.has("condition_verb", "spent") and not i.used]
    parts.customers_table = True
    return total, False, items


def heads_counted(parts: Parts, number: Item) -> str | None:
    """Read "tables of four or more" and "households of 3" as the column that counts the people in one."""
    tokens = parts.sentence.tokens
    before = (
        parts.sentence.at(parts.sentence.items.index(number) - 1) if number in parts.sentence.items else None
    )
    if before is not None and (before.has("comparator") or before.has("comparator_after")):
        before = parts.sentence.at(parts.sentence.items.index(before) - 1)
    of = [token.norm for token in tokens[max(0, number.start - 3) : number.start]]
    named = before is not None and (before.has("entity") or not before.senses) and "of" in of
    loose = before is None and len(of) > 1 and of[-1] == "of" and of[-2].endswith("s")  # "tables of six"
    noun = named or loose
    if not noun or number.number is None or number.number.unit is not None:
        return None
    held = [
        name
        for name in sorted(parts.catalog.loaded)
        if set(parts.catalog.words_of[name]) & cue("counts_people") and parts.is_number(name)
    ]
    return held[0] if len(held) == 1 else None


def _count_column(parts: Parts, item: Item) -> str | None:
    """Return the column that counts a noun, not the one with its money: PURCHASES_TRX for purchases."""
    if not item.has("entity", "transaction") and not item.has("condition_verb", "bought"):
        return None
    nouns = {root(word) for word in key_of(item.text)}
    for name in sorted(parts.catalog.loaded):
        words = {root(word) for word in parts.catalog.words_of[name]}
        if (
            nouns < words
            and words - nouns <= {root(w) for w in ("transaction", "number", "count", "n")}
            and parts.is_number(name)
        ):
            return name
    return None


def _starts_own_condition(parts: Parts, index: int) -> bool:
    own, following = parts.sentence.at(index), parts.sentence.at(index + 1)
    if own is not None and following is not None and following.start > own.end:
        return False  # "of 5 to 10 kilos going further than 200 miles"
    return bool(following and (following.has("comparator") or following.has("comparator_age")))


def entity_count(parts: Parts, index: int, after: Item) -> Subject | None:
    """Return what counts a noun: "more than 3 orders" of a customer, or the rows of a group."""
    kind = after.senses["entity"]
    grouped = any(
        item.links
        and parts.is_group(item.links[0].column)
        and not parts.catalog.is_flag(item.links[0].column)
        for _, item in items_before(parts, index, 3)
    ) or (bool(parts.groups) and any(item.has("by") for item in parts.sentence.items))
    customers = any(item.has("entity", "customer") for _, item in items_before(parts, index, 4))
    if grouped and not customers and not parts.groups:
        noun = next(
            (
                item
                for _, item in items_before(parts, index, 3)
                if item.links and parts.is_group(item.links[0].column) and not item.used
            ),
            None,
        )
        name = parts.pick(noun, "group") if noun else None
        if noun and name:
            noun.used = True
            parts.groups.append(GroupBy(column=name))
    purchases = parts.feature("n_transactions")
    own = own_key(parts, after)
    counted = parts.feature(f"n_{own}") if own and customers else None
    if counted:
        parts.customers_table = True
        return counted, False, [after]
    if kind in ("transaction", "row") and customers and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    if grouped and kind == "customer":
        parts.entity, parts.mentions_customers = "customer", True
    if grouped and kind in ("transaction", "row", "customer"):
        return ("n" if kind != "customer" or not parts.catalog.has_features else "value"), True, [after]
    if kind == "transaction" and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    return None


def _is_base(parts: Parts, at: int, index: int) -> bool:
    """Tell whether a column is what a share is taken of: "% of 2005 revenue from orders of 150 or more"."""
    near = [parts.sentence.at(at - step) for step in (1, 2)]
    shared = next((i for i, n in enumerate(near) if n is not None and n.has("share", "share")), None)
    if shared is None or at >= index - 1:
        return False
    return all(n is not None and n.used for n in near[:shared])


def _lasts(parts: Parts, item: Item) -> bool:
    """Tell whether a column can be compared with a length of time: money cannot."""
    column = parts.column(item.links[0].column)
    return column.role not in ("amount", "balance", "quantity") and (column.unit or "") not in _CURRENCIES


def _same_as_before(parts: Parts, index: int) -> Subject | None:
    """Read "under 30 years versus 60 and over": both numbers are compared with the same."""
    near = [item for _, item in items_before(parts, index, 3)]
    joints = [at for at, i in enumerate(near) if i.has("compare") or i.has("logic", "and", "or")]
    joint = joints[0] if joints else None
    if joint is None or joint > 1 or not parts.where or any(item.links for item in near[: joint + 1]):
        return None
    number = next((item for item in near[joint + 1 :] if item.number is not None and item.used), None)
    last = parts.where[-1]
    named = any(item.links and item.links[0].column == last.column for item in parts.sentence.items)
    return (last.column, False, []) if number is not None and not named else None


def _of_groups(parts: Parts, index: int) -> Subject | None:
    """Read "methods with a churn rate above 20%": what is compared is what is computed in each group."""
    near = items_before(parts, index, 3)
    rated = parts.rate and any(item.used and item.has("share", "rate") for _, item in near)
    if not rated or not parts.measures:
        return None
    if not parts.groups:
        nouns = [
            item
            for _, item in items_before(parts, near[-1][0], 5)
            if not item.used and item.links and parts.is_group(item.links[0].column) and not item.values
        ]
        name = parts.pick(nouns[0], "group") if nouns else None
        if name is None:
            return None
        nouns[0].used = True
        parts.groups.append(GroupBy(column=name))
    parts.sentence.take_all("count", "how_many")
    return "value", True, []


def _subject_before(parts: Parts, index: int, unit: str | None) -> Subject | None:
    found = _of_groups(parts, index) or _same_as_before(parts, index)
    if found is not None:
        return found
    sized = _size_of_row(parts, index, unit)
    if sized is not None:
        return sized
    base: Subject | None = None
    for at, item in items_before(parts, index):
        if parts.share_of is not None and item.start == parts.share_place:
            base = parts.share_of, False, []
            continue  # what a share is taken of: compared only where nothing else can be
        if (
            item.links
            and parts.is_number(item.links[0].column)
            or (item.links and any(parts.is_number(k.column) for k in item.links))
        ):
            if item.used and parts.where and item.column in [c.column for c in parts.where]:
                return parts.where[-1].column, False, []
            if item.used or (unit in LENGTHS and not _lasts(parts, item)):
                continue
            whole = _customer_total(parts, item)
            if whole is not None:
                return whole
            statistic = parts.sentence.at(at - 1)
            if statistic and statistic.has("statistic") and _grouped_before(parts, at - 1):
                _take_noun(parts, at - 1)
                return "value", True, []
            name = parts.pick(item, "number")
            if name and _is_base(parts, at, index):
                parts.share_of, parts.share_place = name, item.start
                return name, False, []
            return (name, False, [item]) if name else None
        if item.has("feature") and not item.used:
            parts.customers_table = True
            return item.senses["feature"], False, [item]
        if item.has("condition_verb", "spent"):
            total = parts.feature("total_amount") if parts.sentence.has("entity", "customer") else None
            if total:
                parts.customers_table = True
                return total, False, [item, *_said_in_total(parts, index)]
            return (parts.amount, False, [item]) if parts.amount else None
        people = any(
            i.has("entity", "customer") or i.text.lower() == "who" for i in parts.sentence.items[:at]
        )
        noun = item.has("entity", "transaction") and not people  # "purchases larger than 5000"
        one = set(item.text.lower().split()) & {"a", "an", "one", "single", "any"}
        if item.has("condition_verb", "bought") and one and unit in (None, "money") and parts.amount:
            return parts.amount, False, [item]  # "customers who made a transaction above 5000"
        if item.has("condition_verb", "bought") and unit in (None, "times") and not noun:
            purchases = parts.feature("n_transactions")
            if purchases:
                parts.customers_table = True
                return purchases, False, [item]
        if item.has("value") or item.has("period"):
            break
    if (
        unit in ("years", "months", "days", "weeks")
        and parts.lasting
        and parts.sentence.says(*phrases("with_us"))
    ):
        return parts.lasting, False, []
    if unit == "years" and parts.age:
        return parts.age, False, []
    length = compared_length(parts) if unit in LENGTHS else None
    if length is not None:
        return length[0], False, length[1]
    if unit in LENGTHS and (counting := _counts_in(parts, str(unit))) is not None:
        return counting, False, []
    periodic = _periodic_money(parts) if unit in (None, "money") else None
    if periodic is not None:
        return periodic
    if unit == "money" and parts.amount:
        return parts.amount, False, []
    age = of_people(parts, index, unit)
    if age is not None:
        return age, False, []
    if parts.sentence.has("entity", "transaction") and parts.amount:
        return parts.amount, False, []
    rows = parts.sentence.at(index - 1)
    named = rows is not None and rows.links and parts.is_measurable(rows.links[0].column)
    if base is None and rows is not None and rows.has("entity", "row") and not named and parts.amount:
        return (parts.amount, False, []) if unit in (None, "money") else None  # "loans of more than 100,000"
    return base


def _counts_in(parts: Parts, unit: str) -> str | None:
    """Return the only column that says in its name that it counts in a unit of time: TermMonths."""
    own = {unit, unit.removesuffix("s")}
    held = [
        name
        for name in sorted(parts.catalog.loaded)
        if parts.is_measurable(name) and parts.catalog.words_of[name][-1] in own
    ]
    return held[0] if len(held) == 1 and parts.sentence.words() & cue("taking_time") else None


def _size_of_row(parts: Parts, index: int, unit: str | None) -> Subject | None:
    """Read "average tip for orders above 40" as orders of that amount: the noun stands right before it."""
    noun = parts.sentence.at(index - 1)
    if (
        noun is None
        or not noun.has("entity", "transaction")
        or unit not in (None, "money")
        or not parts.amount
    ):
        return None
    if noun.links and parts.is_measurable(noun.links[0].column) and noun.links[0].column != parts.amount:
        return None
    named = any(parts.is_measurable(k.column) for i in parts.sentence.items[: index - 1] for k in i.links[:1])
    people = any(item.has("entity", "customer") for item in parts.sentence.items[:index])
    return (parts.amount, False, []) if named and not people else None


def _customer_total(parts: Parts, item: Item) -> Subject | None:
    """Read "customers who spent over 500 in total" as what each customer spent altogether."""
    main = item.column == parts.amount
    total = parts.feature("total_amount") if main else parts.as_feature(item.column or "", "sum")
    people = any(
        i.has("entity", "customer") for i in parts.sentence.items[: parts.sentence.items.index(item)]
    )
    added = parts.sentence.says(*phrases("together")) or parts.sentence.has("statistic", "sum")
    spent = (item.has("condition_verb", "spent") and main) or added
    if (
        total is None
        or not total.startswith("total_")
        or not people
        or not spent
        or parts.sentence.has("period")
    ):
        return None
    parts.customers_table = True
    for near in parts.sentence.items:
        near.used = near.used or near.has("statistic", "sum")
    return total, False, [item]


def _said_in_total(parts: Parts, index: int) -> list[Item]:
    """Return the "in total" behind a comparison that is about a total already."""
    return [i for i in parts.sentence.items[index:] if i.has("statistic", "sum") and not i.links]


def _periodic_money(parts: Parts) -> Subject | None:
    """Find the column of "over 100 a month" where there is no date: the one with the month in its name."""
    grain = next(
        (i for _, i in parts.sentence.free() if i.has("grain", "month", "year", "week", "day")), None
    )
    if grain is None or parts.time is not None:
        return None
    said = {root(grain.senses["grain"]), root(f"{grain.senses['grain']}ly")}
    for name in sorted(parts.catalog.loaded):
        if parts.is_measurable(name) and {root(word) for word in parts.catalog.words_of[name]} & said:
            return name, False, [grain]
    return None


def _take_noun(parts: Parts, index: int) -> None:
    """Group by the noun of "plans with an average score above 7"."""
    if parts.groups:
        return
    for _, item in items_before(parts, index, 4):
        if not item.used and item.links and parts.is_group(item.links[0].column) and not item.values:
            name = parts.pick(item, "group")
            if name:
                item.used = True
                parts.groups.append(GroupBy(column=name))
                parts.sentence.take_all("count", "how_many")
            return


def _grouped_before(parts: Parts, index: int) -> bool:
    return bool(parts.groups) or any(
        item.links and parts.is_group(item.links[0].column) for item in parts.sentence.items[:index]
    )


def in_unit_of(parts: Parts, column: str, said: Quantity) -> float | int:
    """Return a length of time in the unit of a column: 2 minutes are 120 of `wait_sec`."""
    unit = parts.unit_of(column)
    value = plain(round(converted(said.value, said.unit, unit), 6))
    if value != plain(said.value):
        parts.note(f"{column} is in {unit}, so I read {said.value:g} {said.unit} as {value:g}.")
    return value
