"""Reads shares and ratios: what is counted, and what it is counted among."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.counting import count_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.tables import for_customers, numeric_columns
from assistant.builtin.sentence import Item
from tools.selecting import Condition, GroupBy, Measure


def read_ratio(parts: Parts) -> Measure | None:
    """Read "ratio of payments to balance" and "ratio of men to women"."""
    item = parts.sentence.find("share", "ratio")
    places = {link.column: each.start for each in parts.sentence.items for link in each.links[:1]}
    columns = sorted(numeric_columns(parts), key=lambda name: places.get(name, 99))
    if parts.share_of and item is None:  # what picks the rows is no part of the ratio
        columns = [c for c in columns if c == parts.share_of or c not in {one.column for one in parts.where}]
    asked = next((each for each in parts.sentence.items if each.has("share", "share")), None)
    if item is None and parts.share and asked is not None and len(columns) == 2:
        first, second = (places.get(name, 99) for name in columns)
        between = [token.norm for token in parts.sentence.tokens[first + 1 : second]]
        inside = first < asked.start < second
        if not inside and {"and", "both", "plus", "or"} & set(between):
            return None  # "of the people with art and geography books, what % ..."
        if parts.groups and not inside:
            return None
        item = asked
        if not inside and set(between) & {"is", "are", "was", "were", "do", "does", "did", "goes", "go"}:
            columns = columns[::-1]  # "what share of the limit is the balance"
    if item is None:
        return None
    if len(columns) == 2:
        item.used = True
        parts.share = False
        parts.note("The ratio is the total of one divided by the total of the other.")
        whole = Measure(statistic="sum", column=columns[1])
        in_percent = item.has("share", "share")
        return Measure(statistic="sum", column=columns[0], per=whole, percent=in_percent)
    pair = next((c for c in parts.where if c.is_ == "in" and len(c.values) == 2), None)
    if pair and not columns:
        item.used = True
        parts.where.remove(pair)
        parts.compared.clear()
        upper, lower = (
            count_of(parts).model_copy(update={"where": [condition(pair.column, "equal", v)]})
            for v in sorted(pair.values, key=lambda value: _place_of_value(parts, pair.column, value))
        )
        return upper.model_copy(update={"per": lower})
    return None


def take_shares_of_several(parts: Parts) -> None:
    """Read "what share of orders and of revenue": shares of what is counted and of columns, side by side."""
    items = parts.sentence.items
    for index, item in enumerate(items):
        part = item.text.lower().startswith("as ")  # "balance as a percentage of the limit"
        if not item.has("share", "share") or item.used or part:
            continue
        wholes: list[Measure] = []
        used: list[Item] = []
        at = index + 1
        while (near := parts.sentence.at(at)) is not None:
            if near.has("share", "share") or near.has("logic", "and") or near.has("how_much"):
                used += [near] if near.has("share", "share") else []
            elif (whole := _whole(parts, near, wholes)) is not None:
                wholes.append(whole)
                used.append(near)
            elif not (near.has("logic", "which") and _joins_share(parts, at)):
                break
            at += 1
        if len(wholes) > 1:
            for each in (item, *used):
                each.used = True
            for each in items[index:at]:
                each.used = each.used or each.has("logic", "and", "which")
            parts.wholes, parts.share = wholes, True
            return


def _joins_share(parts: Parts, at: int) -> bool:
    """Tell whether "what" only begins another share: "... and what share of members"."""
    after = parts.sentence.at(at + 1)
    return after is not None and after.has("share", "share")


def _whole(parts: Parts, item: Item, known: list[Measure]) -> Measure | None:
    """Return what a share is taken of: all rows, all customers, or the total of a column."""
    if item.used or item.values:
        return None
    measured = next((k.column for k in item.links if parts.is_measurable(k.column)), None)
    counted = item.has("entity", "customer", "transaction", "row")
    before = parts.sentence.tokens[item.start - 1].norm
    if before not in ("of", "the", "our", "all", "in", "and", ",", "&", "total"):
        return None
    if counted and not (measured and item.links[0].score > 0.99):
        people = item.has("entity", "customer") and parts.catalog.table.grain != "customers"
        if people and parts.customer_key:
            return Measure(statistic="count_distinct", column=parts.customer_key)
        return None if item.has("entity", "customer") and people else Measure()
    if measured is None or parts.column(measured).role == "age":
        return None
    name = parts.pick(item, "number")
    whole = Measure(statistic="sum", column=name) if name else None
    return whole if whole not in known else None


def _place_of_value(parts: Parts, column: str, value: object) -> int:
    """Return where a value stands in the sentence; a yes/no column that is named stands for its yes."""
    for item in parts.sentence.items:
        if any(k.column == column and str(k.value) == str(value) for k in item.values):
            return item.start
    answers = parts.catalog.yes_no(column)
    named = [item.start for item in parts.sentence.items if item.links and item.links[0].column == column]
    return named[0] if named and answers and str(answers[0]) == str(value) else len(parts.sentence.tokens)


def names_only_some(parts: Parts, name: str) -> bool:
    """Tell whether the values side by side leave out many rows: a share of them is one number."""
    column, _, grain = name.partition("|")
    if grain:
        return True
    counted = dict(parts.column(column).values)
    chosen = next((c for c in parts.where if c.column == column and c.is_ == "in"), None)
    if chosen is None or not counted:
        return False
    return sum(counted.get(str(value), 0) for value in chosen.values) < 0.9 * sum(counted.values())


def as_share(parts: Parts, measures: list[Measure]) -> list[Measure]:
    """Read "share of customers who churned" as a ratio; a share by city stays one of the total."""
    if parts.wholes:
        return _several_shares(parts)
    base = measures[0]
    if base.statistic == "mean" and base.column and base.column in parts.bare:
        base = base.model_copy(update={"statistic": "sum"})
    if parts.groups and not parts.rate:
        compared = {name.partition("|")[0] for name in parts.compared}
        free = [c for c in parts.where if not any(_is_grouped(c, g) for g in parts.groups)]
        part = any(c.grain is not None and c.column in {g.column for g in parts.groups} for c in free)
        if part:  # "December's share of each year": of the year, not of all Decembers
            inner, parts.where[:] = free, [c for c in parts.where if c not in free]
            return [base.model_copy(update={"where": inner, "per": base})]
        named = [place_of(parts, c) for c in parts.where if c.column in compared]
        among = compared and not (named and all(place_of(parts, c) > max(named) for c in free))
        if not free or base.column and base.statistic == "sum" or among:
            return [base]
        inner, parts.where[:] = _split_share(parts, free)
        return [base.model_copy(update={"where": inner, "per": base})]
    if not parts.where:
        return [base]
    base = _of_events(parts, base)
    inner, outer = _split_share(parts, parts.where)
    if not outer and base.statistic == "count_distinct":
        return [base]  # the tool compares with everything before the filter
    parts.where[:] = outer
    if (
        base.statistic == "count_distinct"
        and base.column == parts.customer_key
        and parts.catalog.has_features
    ):
        parts.customers_table = True
        base = Measure(statistic="count")
        inner = for_customers(parts, inner)
    return [base.model_copy(update={"where": inner, "per": base.model_copy(update={"where": []})})]


def _is_grouped(one: Condition, group: GroupBy) -> bool:
    """Tell whether a condition picks some of the groups, and no other part of the same date."""
    return one.column == group.column and (one.grain is None or one.grain == group.grain)


def _of_events(parts: Parts, base: Measure) -> Measure:
    """Count calls for "callers who wait longer than 2 minutes": each time somebody may wait or not."""
    people = base.statistic == "count_distinct" and base.column == parts.customer_key
    noun = any(token.lemma in cue("event_person") for token in parts.sentence.tokens)
    varying = any(
        c.column in parts.catalog.loaded
        and parts.is_measurable(c.column)
        and parts.column(c.column).role == "measure"
        for c in parts.where
    )
    if not (people and noun and varying) or parts.catalog.table.grain != "transactions":
        return base
    parts.note("Each row counts, so somebody who is in several counts several times.")
    return Measure()


def _several_shares(parts: Parts) -> list[Measure]:
    """Return the share of each whole that the conditions pick, or the wholes where groups share them."""
    free = [c for c in parts.where if c.column not in {g.column for g in parts.groups}]
    if parts.groups or not free:
        return parts.wholes
    inner, parts.where[:] = _split_share(parts, free)
    return [whole.model_copy(update={"where": inner, "per": whole}) for whole in parts.wholes]


def _split_share(parts: Parts, conditions: list[Condition]) -> tuple[list[Condition], list[Condition]]:
    """Split "what share OF women ARE churned" into what is counted and what it is counted among.

    What stands before "share" is what is counted ("referrals as a share of ..."), unless the sentence begins
    with "of those who ...". Behind it, a verb parts the two; without one "among", "in" and the like do, or a
    participle at the end ("share of seniors churned"). Otherwise everything together is counted.
    """
    fixed = [c for c in parts.where if c not in conditions]
    if len(conditions) < 2:
        return list(conditions), fixed
    if parts.share_of is not None:
        among = [
            c for c in conditions if place_of(parts, c) < parts.share_place and c.column != parts.share_of
        ]
        counted = [c for c in conditions if c not in among]
        if counted:
            return counted, among + fixed
    tokens = [token.norm for token in parts.sentence.tokens]
    asked = next((i.start for i in parts.sentence.items if i.has("share", "share")), 0)
    placed = sorted(conditions, key=lambda c: place_of(parts, c))
    before = [c for c in placed if place_of(parts, c) < asked]
    behind = [c for c in placed if c not in before]
    if before and behind:
        among_first = tokens[0] in ("of", "among", "amongst", "for", "in", "within")
        among_first = among_first or _set_apart(parts, max(place_of(parts, c) for c in before), asked)
        return (behind, before + fixed) if among_first else (before, behind + fixed)
    apart = next((at for at in range(asked + 1, len(tokens)) if tokens[at] in ("among", "amongst")), None)
    if apart is not None and place_of(parts, placed[0]) < apart < place_of(parts, placed[-1]):
        counted = [c for c in placed if place_of(parts, c) < apart]
        return counted, [c for c in placed if c not in counted] + fixed
    verb = next(
        (
            at
            for at in range(asked + 1, len(tokens))
            if tokens[at] in cue("parting_verb")
            and any(place_of(parts, c) < at for c in placed)
            and any(place_of(parts, c) > at for c in placed)
        ),
        None,
    )
    if verb is not None:
        subject = [c for c in placed if place_of(parts, c) < verb]
        outer = [c for c in placed if c not in subject and _among(parts, tokens, c, everywhere=False)]
        inner = [c for c in placed if c not in subject and c not in outer]
        return (inner, subject + outer + fixed) if inner else (subject, outer + fixed)
    outer = [c for c in placed[1:] if _among(parts, tokens, c, everywhere=True)]
    if outer:
        return [c for c in placed if c not in outer], outer + fixed
    described = _before_noun(parts, placed, asked)
    if described:
        return [c for c in placed if c not in described], described + fixed
    last = next((i for i in parts.sentence.items if i.start == place_of(parts, placed[-1])), None)
    said = last.text.lower().split()[0] if last is not None else ""  # "left the club"
    if said.endswith("ed") or said in cue("past_verb"):
        return placed[-1:], placed[:-1] + fixed
    return placed, fixed


def _before_noun(parts: Parts, placed: list[Condition], asked: int) -> list[Condition]:
    """Return what describes the noun behind "share of" if more is said: "resort bookings with kids"."""
    nouns = (i for i in parts.sentence.items if i.start > asked and i.has("entity") and not i.values)
    noun = next(nouns, None)
    if noun is None:
        return []
    described = [c for c in placed if asked < place_of(parts, c) < noun.start]
    behind = [c for c in placed if place_of(parts, c) > noun.start]
    return described if len(described) + len(behind) == len(placed) and behind else []


def _set_apart(parts: Parts, place: int, asked: int) -> bool:
    """Tell whether a sign parts what stands before a share from it: "under 25s: share with a claim"."""
    tokens = parts.sentence.tokens
    between = parts.sentence.text[tokens[place].start : tokens[asked].start]
    return any(sign in between for sign in (":", ", ", " - ", " – ")) and " as " not in between


_AMONG_WHOM = (
    "the", "all", "our", "my", "those", "customers", "people", "who", "that", "which", "ones", "have", "has",
    "had", "were", "was", "are", "is", "rows", "everyone",
)  # fmt: skip


def _among(parts: Parts, tokens: list[str], one: Condition, *, everywhere: bool) -> bool:
    """Tell whether a condition follows a word that says among whom: "among women", "in August"."""
    at = place_of(parts, one) - 1
    while at >= 0 and tokens[at] in _AMONG_WHOM:
        at -= 1
    words = ("among", "amongst", "within") + (
        ("in", "of", "during", "at", "on", "for", "from") if everywhere else ()
    )
    return at >= 0 and tokens[at] in words


def place_of(parts: Parts, one: Condition) -> int:
    """Return the token at which a condition stands in the sentence."""
    wanted = {str(value).lower() for value in (one.value, *one.values) if value is not None}
    items = parts.sentence.items
    for item in items:
        if any(k.column == one.column and str(k.value).lower() in wanted for k in item.values):
            return item.start
    for item in items:
        if item.number and str(plain(item.number.value)) in wanted:
            return item.start
    for item in items:
        named = [k.column for k in item.links[:3]] + [k.column for k in item.values]
        if one.column in named:
            return item.start
    dated = one.column == parts.time
    for item in items:
        if dated and (
            item.has("period") or item.has("weekday") or item.has("weekend") or item.has("part_of_day")
        ):
            return item.start
    for item in items:
        kinds = ("condition_verb", "comparator_age", "range", "missing", "high_value", "segment")
        if any(item.has(kind) for kind in kinds):
            return item.start
    return 0


def add_top_share(parts: Parts) -> None:
    """Turn "the top 20%" into a condition on the ranked column."""
    if parts.top_share is None:
        return
    direction, percent = parts.top_share
    column = parts.top_share_column or next((c for c in parts.bare), None) or parts.amount
    if column is None:
        return
    if parts.entity == "customer" and parts.catalog.has_features:
        feature = parts.as_feature(column) or column
        parts.customers_table = True
        column = feature
    parts.where.append(
        condition(column, "top_share" if direction == "desc" else "bottom_share", plain(percent))
    )
