"""Reads what the order of a customer's rows is needed for: the first order, days until the second one.

Each row is given its place among those of its customer by the date; see `tools.sequences`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.builtin.lexicon import cue, lexicon
from assistant.builtin.linking import ColumnLink
from assistant.builtin.numbers import ORDINALS, converted, plain
from assistant.builtin.parsing.customer_rows import measure_of
from assistant.builtin.parsing.formulas import computed_item
from assistant.builtin.parsing.histories import asks_of_customers
from assistant.builtin.parsing.moments import moment_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.several_tables import across_tables
from assistant.builtin.parsing.units import over_units
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.sentence import Item
from tools.selecting import Condition, GroupBy, Measure
from tools.sequences import PLACE, SINCE_FIRST, SINCE_PREVIOUS

_LAST = -1
_LAST_WORDS = frozenset({"last", "latest", "final"})
_TIME_WORDS = frozenset({"day", "days", "time", "long", "gap", "quickly", "soon", "lag", "interval"})
_AGAIN = frozenset(
    {"again", "back", "second", "reorder", "reordered", "repeat", "repeated", "return", "returned", "another"}
    | {"repurchase", "repurchased", "rebought", "rebook", "rebooked"}
)


@dataclass(frozen=True)
class _Place:
    """Which of a customer's rows some tokens name: 1 is the first, 2 the second, -1 the last."""

    start: int
    end: int
    number: int
    noun: bool


def take_sequences(parts: Parts) -> None:
    """Read what the order of a customer's rows is needed for, and mark its words as used."""
    table = parts.catalog.table
    if table.grain != "transactions" or table.customer is None or table.time is None:
        return
    places = _places(parts)
    if not places or _days_between(parts, places) or _again_within(parts, places):
        return
    _of_one_place(parts, places)


def read_sequence(parts: Parts) -> Aggregate | None:
    """Build the request for days between two rows of a customer."""
    if parts.between_rows is None:
        return None
    over = parts.between_rows
    if over.of is None:
        return None
    said = [m.statistic for m in parts.measures if m.column is None]
    statistic = next(iter([*said, *parts.pending]), "mean")
    if statistic.startswith("count") or statistic == "sum":
        statistic = "mean"
    measures = over_units(parts, "quantile" if parts.quantiles else statistic, over.of, list(over.each))
    for kind in ("count", "how_much", "by", "entity"):
        parts.sentence.take_all(kind)
    for item in parts.sentence.items:
        item.used = item.used or item.has("logic", "which", "with")
    where = [_on_rows(parts, one) for one in parts.where] + parts.key_rows
    asked = Aggregate(
        measures=measures, by=parts.groups, where=where, chart=parts.chart, table=parts.catalog.main
    )
    return across_tables(parts, asked)


def _on_rows(parts: Parts, one: Condition) -> Condition:
    """Write a condition on a customer feature as one on the rows of the customer."""
    measure = measure_of(parts, one)
    if measure is None:
        return one
    return one.model_copy(update={"column": parts.customer_key, "measure": measure})


def _places(parts: Parts) -> list[_Place]:
    """Find "the first order", "2nd", "their last purchase" in a sentence."""
    tokens = parts.sentence.tokens
    nouns = {at for at in range(len(tokens)) if is_act(parts, at)}
    found: list[_Place] = []
    at = 0
    while at < len(tokens):
        word, end = tokens[at].norm, at + 1
        number = ORDINALS.get(word) or (_LAST if word in _LAST_WORDS else 1 if word == "initial" else 0)
        suffixed = tokens[end : end + 1] and tokens[end].norm in ("st", "nd", "rd", "th")
        if word.isdigit() and suffixed:
            number, end = int(word), end + 1
        while end < len(tokens) and tokens[end].norm == "ever":
            end += 1
        after = tokens[end].norm if end < len(tokens) else ""
        counted = after.isdigit() or after.startswith("percentile")  # "the last 30 orders"
        if number and not counted:
            noun = end in nouns
            end += not noun and bool(found) and tokens[end : end + 1] != [] and tokens[end].norm == "one"
            start = at - (at > 0 and tokens[at - 1].norm == "very")
            found.append(_Place(start, end + noun, number, noun))
            end += noun
        at = end
    return found


def is_act(parts: Parts, at: int) -> bool:
    """Tell whether a token names what a row is: an order, a gift, a visit."""
    senses = lexicon().phrases.get((parts.sentence.tokens[at].lemma,), ())
    if any(sense.kind == "entity" and sense.value in ("transaction", "row") for sense in senses):
        return True
    named = next((item for item in parts.sentence.items if item.start <= at < item.end), None)
    if named is None or named.links and _is_date(parts, named.links[0]):
        return False
    own = named.has("table") and named.senses["table"] == parts.catalog.main
    return own or named.has("entity", "transaction")


def _is_date(parts: Parts, link: ColumnLink) -> bool:
    """Tell whether a word names a date column, and not only shares a word with its name."""
    return link.how != "part" and parts.column(link.column).kind in ("date", "datetime")


def _days_between(parts: Parts, places: list[_Place]) -> bool:
    """Read "days between the first and the second order" and "from signing up to the first order"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    timed = next((at for at, word in enumerate(tokens) if word in _TIME_WORDS), None)
    if timed is None or not any(place.noun for place in places):
        return False
    key, time = parts.customer_key or "", parts.catalog.table.time or ""
    each = [GroupBy(column=key)]
    if len(places) == 2:
        first, last = sorted(places, key=lambda place: (place.number == _LAST, place.number))
        if first.number == last.number:
            return False
        if last.number == _LAST and first.number == 1:
            whole = Measure(statistic="max", column=_computed(parts, f"{SINCE_FIRST}{time}"))
            parts.between_rows = Measure(statistic="mean", of=whole, each=each)
            parts.note("Customers with a single one count with 0 days, unless they are left out.")
        elif first.number == 1 or last.number == first.number + 1:
            lead = SINCE_FIRST if first.number == 1 else SINCE_PREVIOUS
            whole = Measure(statistic="min", column=_computed(parts, f"{lead}{time}"))
            parts.between_rows = Measure(statistic="mean", of=whole, each=each)
            _only_place(parts, last.number)
        else:
            return False
        _use(parts, timed, places)
        return True
    if len(places) > 1 or places[0].number not in (1, _LAST):
        return False
    return _from_another_date(parts, timed, places[0], each)


def _from_another_date(parts: Parts, timed: int, place: _Place, each: list[GroupBy]) -> bool:
    """Read days from a date of the customer, such as the sign-up, to the first or the last row."""
    time = parts.catalog.table.time or ""
    for item in parts.sentence.items:
        if place.start <= item.start < place.end or item.start < timed - 1:
            continue
        name = moment_of(parts, item) or _named_elsewhere(parts, item)
        if name is None or name == time:
            continue
        statistic = "min" if place.number == 1 else "max"
        column = _computed(parts, f"{time} - {name}")
        if column is None:
            continue
        whole = Measure.model_validate({"statistic": statistic, "column": column})
        parts.between_rows = Measure(statistic="mean", of=whole, each=each)
        item.used = True
        which = "first" if place.number == 1 else "last"
        parts.note(f"I counted the days from **{name}** to each customer's {which} **{time}**.")
        _use(parts, timed, [place, _Place(item.start, item.end, 0, noun=True)])
        return True
    return False


def _named_elsewhere(parts: Parts, item: Item) -> str | None:
    """Return a date column of another table that an item names."""
    for link in item.links:
        if parts.column(link.column).kind in ("date", "datetime") and link.score >= 0.6:
            return link.column
    return None


def _again_within(parts: Parts, places: list[_Place]) -> bool:
    """Read "bought again within 90 days of the first order" as customers with such a row."""
    words = {token.norm for token in parts.sentence.tokens}
    first = next((place for place in places if place.number == 1), None)
    if first is None or not words & _AGAIN or not asks_of_customers(parts):
        return False
    for index, item in enumerate(parts.sentence.items):
        number = item.number
        if number is None or number.unit not in ("days", "weeks", "months", "years") or item.used:
            continue
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        if before not in ("within", "in", "inside", "under", "than", "least") or item.start > first.start:
            continue
        time = parts.catalog.table.time or ""
        place, since = _computed(parts, f"{PLACE}{time}"), _computed(parts, f"{SINCE_FIRST}{time}")
        if place is None or since is None:
            return False
        days = plain(converted(number.value, number.unit, "days"))
        rows = [condition(place, "above", 1), condition(since, "at_most", days)]
        keyed = condition(parts.customer_key or "", "has_rows").model_copy(update={"rows": rows})
        parts.where.append(keyed)
        parts.entity, parts.mentions_customers = "customer", True
        for near in parts.sentence.items:
            inside = index - 1 <= parts.sentence.items.index(near) and near.start < first.end
            again = near.text.lower().split()[0] in _AGAIN or near.has("condition_verb", "bought", "repeat")
            follows = parts.sentence.tokens[near.end : near.end + 1]
            again |= bool(follows) and follows[0].norm in _AGAIN and near.text.lower().endswith("ed")
            near.used = near.used or (inside and not near.has("share")) or again
        return True
    return False


def _of_one_place(parts: Parts, places: list[_Place]) -> None:
    """Read "average value of the first order" and "which category comes first" on the rows of that place."""
    named = [place for place in places if place.noun and place.number != _LAST]
    if len({place.number for place in places}) != 1 or not named:
        return
    place, tokens = named[0], parts.sentence.tokens
    noun = next(item for item in parts.sentence.items if item.start < place.end <= item.end)
    after = tokens[place.end].norm if place.end < len(tokens) else ""
    timed = after in ("date", "day", "month", "year", "week", "quarter", "time")
    grains = any(item.has("grain") or item.has("over_time") for item in parts.sentence.items)
    asked = [
        item
        for item in parts.sentence.items
        if item is not noun
        and item.links
        and not item.has("entity")
        and parts.column(item.links[0].column).kind not in ("date", "datetime")
    ]
    money = any(token.norm in cue("money_word") or token.norm == "value" for token in tokens)
    plural = tokens[place.end - 1].norm.endswith("s") and place.number == 1 and not asked
    if timed or grains or plural or not (asked or money) or noun.values:
        return
    column = _computed(parts, f"{PLACE}{parts.catalog.table.time}")
    if column is None:
        return
    _only_place(parts, place.number)
    for item in parts.sentence.items:
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        placed = before in ("they", "ever") and item.text.lower() in cue("elapsing")  # "the order they place"
        item.used = item.used or placed or any(one.start <= item.start < one.end for one in places)


def _only_place(parts: Parts, number: int) -> None:
    time = parts.catalog.table.time
    column = _computed(parts, f"{PLACE}{time}")
    if column is not None:
        parts.where.append(condition(column, "equal", number))
        parts.note(f"Each customer's rows are counted by **{time}**; those of one moment count as one.")


def _computed(parts: Parts, name: str) -> str | None:
    """Make a computed column known to the sentence and return its name."""
    made = name in parts.catalog.columns or computed_item(parts, 0, 1, name) is not None
    return name if made else None


def _use(parts: Parts, timed: int, places: list[_Place]) -> None:
    """Use the words between the time word and the places, and the verbs of passing time around them."""
    start = min(timed, *(place.start for place in places))
    end = max(timed + 1, *(place.end for place in places))
    for item in parts.sentence.items:
        words = {token.norm for token in parts.sentence.tokens[item.start : item.end]}
        inside = any(place.start <= item.start < place.end for place in places)
        loose = start <= item.start < end and (words <= cue("elapsing") or item.has("entity"))
        named = item.start <= timed < item.end or item.has("count", "how_many")
        joins = start <= item.start < end and (item.has("logic") or item.has("comparator", "between"))
        idle = words <= cue("elapsing") and not item.number
        before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
        idle |= words == {"days"} and before == "in"
        item.used = item.used or inside or loose or named or joins or idle
    parts.entity = parts.entity or "customer"
