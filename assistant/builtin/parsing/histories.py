"""Reads conditions on everything a customer did: "never had a failed payment", "only ever bought food".

Where each row is something that a customer did, a word such as "never" is about all rows of the customer:
there is none of that kind. Several periods are about rows in each: "gave in 2023 but nothing in 2024".
"""

from __future__ import annotations

from assistant.builtin.months import Period
from assistant.builtin.parsing.negation import OPPOSITE, affirmed
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.shares import place_of
from assistant.builtin.parsing.times import written
from assistant.builtin.sentence import Item
from tools.selecting import Condition, Measure

_DENIALS = frozenset({"not", "nothing", "never", "none", "no", "without"})
_SINCE = frozenset({"since", "after", "afterwards", "later", "thereafter", "again", "anymore"})
_RETURNED = frozenset({"again", "back", "returned", "retained", "stayed", "still", "kept", "reactivated"})
_EACH = ("each of", "both", "all of", "every one of", "in each", "all three of")
_ONLY = frozenset({"only", "exclusively", "solely"})
_ALWAYS = frozenset({"always", "invariably"})
_JOINTS = frozenset(
    {"and", ",", "in", "also", "again", "but", "or", "&", "gave", "bought", "ordered", "then"}
)


def take_history_periods(parts: Parts) -> None:
    """Read several periods as rows that a customer has, or has not, in each of them."""
    if not asks_of_customers(parts) or parts.time is None:
        return
    found = [item for _, item in parts.sentence.free() if item.has("period") and not item.links]
    if not found or parts.sentence.has("compare") or parts.growth or parts.sentence.says("than", "until"):
        return
    if len(found) == 1 and _silent_in(parts, found[0]):
        return
    signs = [True, *(_sign(parts, one, two) for one, two in zip(found, found[1:], strict=False))]
    later = _nothing_later(parts, found[-1])
    only = _only_before(parts, found[0]) if len(found) == 1 else False
    together = len(found) > 1 and (False in signs or _all_of_them(parts, found))
    if not (together or only or later is not None):
        return
    where = [
        _rows_in(parts, item.senses["period"], yes=sign) for item, sign in zip(found, signs, strict=True)
    ]
    if later is not None and not only:
        after = condition(parts.time, "above", found[-1].senses["period"].last.isoformat())
        where.append(_keyed(parts, "has_no_rows", after))
    if only:
        where.append(_keyed(parts, "has_no_rows", _in_period(parts, found[0].senses["period"], "not_equal")))
    for item in (*found, *(later or [])):
        item.used = True
    _use_between(parts, found)
    if len(found) == 2 and all(signs) and _take_return(parts, found):
        return
    parts.where += where
    parts.mentions_customers, parts.entity = True, "customer"
    parts.counts = parts.counts or not (parts.sentence.has("statistic") or parts.sentence.has("share"))


def take_history(parts: Parts) -> None:
    """Turn conditions on single rows into conditions on all of them, where "never" or "only" says so."""
    if not asks_of_customers(parts):
        return
    rows = [one for one in parts.where if is_of_a_row(parts, one)]
    never = _never_at(parts)
    if never is not None:
        behind = [one for one in rows if place_of(parts, one) >= never]
        free = any(item.start == never and not item.used for item in parts.sentence.items)
        if free and len(behind) == 1:  # nobody has read the denial yet: "never bought on a Sunday"
            _replace(parts, behind[0], behind[0])
        elif _denied_one(parts, behind):
            one = behind[0]
            _replace(parts, one, one.model_copy(update={"is_": OPPOSITE[one.is_]}))
        return
    wanted = [one for one in rows if one.is_ in ("equal", "in", "above", "at_least", "below", "at_most")]
    if len(wanted) == 1 and (_says_only(parts) or _says_always(parts)):
        one = wanted[0]
        _replace(parts, one, one.model_copy(update={"is_": OPPOSITE[one.is_]}))


def _silent_in(parts: Parts, item: Item) -> bool:
    """Read "no payment since May", "have not ordered after June", "nothing bought in 2005": no such row."""
    tokens = [token.norm for token in parts.sentence.tokens]
    before = list(range(max(0, item.start - 8), item.start))
    denied = [
        at for at in before if tokens[at] in _DENIALS or tokens[at].endswith("n't") or tokens[at] in _HAVENT
    ]
    if not denied or any(tokens[at] in ("but", "and", "who", "that") for at in before if at > denied[-1]):
        return False
    verb = tokens[max(0, denied[-1] - 1)] if tokens[denied[-1]] == "nothing" else ""  # "bought nothing since"
    first = denied[-1] - 1 if verb else denied[-1]
    before_it = [i for i in parts.sentence.items if i.start < item.start]
    inside = [i for i in before_it if i.end > first and i.start >= first - 2]
    acts = [
        i
        for i in inside
        if i.has("condition_verb", "bought", "inactive")
        or i.has("entity", "transaction", "row")
        or (i.links and i.text.lower().endswith("ed") and parts.column(i.links[0].column).role == "row_key")
    ]
    verb_item = next((i for i in inside if i not in acts and i.start == denied[-1] + 1), None)
    kind = _kind_of_row(parts, verb_item) if verb_item is not None else None
    acts += [verb_item] if verb_item is not None and (kind or _is_verb(verb_item)) else []
    did = bool(_DID & set(tokens[max(0, denied[-1] - 2) : item.start]))
    others = [i for i in inside if i not in acts and (i.values or i.number or i.has("comparator"))]
    if not (acts or did) or others:
        return False
    period = item.senses["period"]
    word = next((tokens[at] for at in reversed(before) if tokens[at] in _STARTS | _INSIDE), "")
    if word in _STARTS:
        after = word == "after" or "end" in tokens[denied[-1] : item.start]
        value = (period.last if after else period.first).isoformat()
        row = condition(parts.time or "", "above" if after else "at_least", value)
    elif word in _INSIDE:
        row = _in_period(parts, period)
    else:
        return False
    keyed = _keyed(parts, "has_no_rows", row)
    parts.key_rows.append(keyed.model_copy(update={"rows": [row, kind]}) if kind else keyed)
    item.used = True
    for near in parts.sentence.items:
        deny = any(near.start <= at < near.end for at in denied)
        near.used = near.used or deny or near in acts or (near in inside and not near.links)
    parts.mentions_customers, parts.entity = True, "customer"
    parts.counts = parts.counts or not (parts.sentence.has("statistic") or parts.sentence.has("share"))
    return True


def _is_verb(item: Item) -> bool:
    word = item.text.lower()
    return (word.endswith("ed") or word in _DONE) and not item.values


def _kind_of_row(parts: Parts, item: Item) -> Condition | None:
    """Return which rows a denied verb speaks of: "have not cancelled" of those that were cancelled."""
    told = next((value for value in item.values if parts.catalog.is_flag(value.column)), None)
    if told is not None:
        return condition(told.column, "equal", told.value)
    name = item.column
    return affirmed(parts, name) if name is not None and parts.catalog.is_flag(name) else None


_DONE = frozenset({"flown", "sent", "paid", "spent", "rung", "made", "been", "shown", "taken", "had"})
_DID = frozenset(
    {"gave", "give", "given", "donated", "visited", "came", "come", "seen", "active", "anything"}
)
_HAVENT = frozenset({"havent", "hasnt", "didnt", "dont", "doesnt", "hadnt", "without"})
_STARTS = frozenset({"since", "after", "from"})
_INSIDE = frozenset({"in", "during", "throughout", "within"})
_DENYING = frozenset({"not_equal", "not_in", "missing"})


def asks_of_customers(parts: Parts, *, anyhow: bool = False) -> bool:
    """Tell whether customers are asked about by what they did, in a table of what was done.

    Args:
        parts: The sentence.
        anyhow: Even where a feature of customers has been read already.
    """
    people = parts.sentence.has("entity", "customer") or parts.sentence.says("who")
    grain = parts.catalog.table.grain == "transactions" and parts.customer_key is not None
    return people and grain and (anyhow or not parts.customers_table)


def _sign(parts: Parts, first: Item, second: Item) -> bool:
    """Tell whether a period behind another one is wanted: False for "but nothing in"."""
    between = {token.norm for token in parts.sentence.tokens[first.end : second.start]}
    return not (between & _DENIALS or any(word.endswith("n't") for word in between))


def _all_of_them(parts: Parts, found: list[Item]) -> bool:
    """Tell whether rows in every one of some periods are asked for: "in each of", "and again in"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    before = " ".join(tokens[max(0, found[0].start - 4) : found[0].start])
    again = any(
        _RETURNED & set(tokens[one.end : two.start]) for one, two in zip(found, found[1:], strict=False)
    )
    listed = all(
        set(tokens[one.end : two.start]) <= _JOINTS for one, two in zip(found, found[1:], strict=False)
    )
    return again or (listed and any(f" {phrase} " in f" {before} " for phrase in _EACH))


def _nothing_later(parts: Parts, last: Item) -> list[Item] | None:
    """Return the items that say that nothing followed: "but not since", "and never after"."""
    tokens = parts.sentence.tokens[last.end : last.end + 5]
    norms = [token.norm for token in tokens]
    at = next((place for place, word in enumerate(norms) if word in _DENIALS), None)
    if at is None or not set(norms[at + 1 : at + 3]) & _SINCE:
        return None
    end = last.end + at + 3
    behind = [item for item in parts.sentence.items if last.end <= item.start < end]
    if any(item.has("period") or item.links or item.values for item in behind):
        return None
    return [item for item in behind if not item.has("count")]


def _only_before(parts: Parts, item: Item) -> bool:
    """Tell whether "only" stands right before a period: "seen only in August"."""
    words = [token.norm for token in parts.sentence.tokens[max(0, item.start - 3) : item.start]]
    return bool(set(words[-2:]) & _ONLY) and not parts.sentence.has("statistic")


def _in_period(parts: Parts, period: Period, is_: str = "equal") -> Condition:
    text = written(period)
    if ".." not in text:
        return condition(parts.time or "", is_, text)
    if is_ == "equal":
        return condition(parts.time or "", "between", None, values=text.split(".."))
    before = condition(parts.time or "", "below", period.first.isoformat())
    after = condition(parts.time or "", "above", period.last.isoformat())
    return before.model_copy(update={"or_": [after]})


def _rows_in(parts: Parts, period: Period, *, yes: bool) -> Condition:
    return _keyed(parts, "has_rows" if yes else "has_no_rows", _in_period(parts, period))


def _keyed(parts: Parts, is_: str, row: Condition) -> Condition:
    """Return the condition that the rows with the same key hold one of a kind, or none."""
    return condition(parts.customer_key or "", is_).model_copy(update={"rows": [row]})


def _use_between(parts: Parts, found: list[Item]) -> None:
    """Use the words that join periods, and the verbs of what was done in them."""
    for item in parts.sentence.items:
        inside = found[0].start < item.start < found[-1].start
        joins = (
            item.has("logic") or item.text.lower() in _DENIALS or item.has("condition_verb") or item.has("by")
        )
        lead = found[0].start - 4 <= item.start < found[0].start and item.text.lower() in (
            "both",
            "each",
            "each of",
        )
        done = item.has("condition_verb", "bought", "repeat") and not item.values
        done |= inside and item.text.lower() in _RETURNED
        acts = item.has("entity", "transaction", "row") and not parts.sentence.has("count")
        item.used = item.used or (inside and joins) or lead or done or (acts and item.start < found[0].start)


def _take_return(parts: Parts, found: list[Item]) -> bool:
    """Read "what % of the 2022 donors gave again in 2023": those of the first period are the whole."""
    asked = parts.sentence.find("share", "share")
    key = parts.customer_key
    if asked is None or key is None:
        return False
    asked.used = parts.rate = True
    first, second = (item.senses["period"] for item in found)
    parts.where.append(_rows_in(parts, first, yes=True))
    whole = Measure(statistic="count_distinct", column=key)
    parts.measures.append(whole.model_copy(update={"where": [_in_period(parts, second)], "per": whole}))
    parts.entity, parts.mentions_customers = "customer", True
    for item in parts.sentence.items:
        item.used = item.used or item.has("logic", "which") or item.has("entity", "customer")
    return True


def is_of_a_row(parts: Parts, one: Condition) -> bool:
    """Tell whether a condition is on what single rows hold, not on who the customer is."""
    column = parts.catalog.table.column(one.column)
    plain = not (one.or_ or one.than or one.rows or one.measure or one.statistic)
    return (
        plain and column is not None and not column.protected and column.role not in ("customer_key", "place")
    )


def _never_at(parts: Parts) -> int | None:
    """Return the token of "never", or of "without" before rows of a kind: "without a failed payment"."""
    tokens = parts.sentence.tokens
    for place, token in enumerate(tokens):
        if token.norm == "never" or (
            token.norm == "not"
            and tokens[place + 1 : place + 2]
            and tokens[place + 1].norm in ("once", "ever")
        ):
            return place
    for index, item in enumerate(parts.sentence.items):
        if not (item.has("logic", "not") and item.text.lower() in ("without", "no", "without any", "w/o")):
            continue
        kind, noun = parts.sentence.at(index + 1), parts.sentence.at(index + 2)
        rows = noun is not None and noun.has("entity", "transaction", "row")
        if rows and kind is not None and (kind.values or kind.links):
            return item.start
    return None


def _denied_one(parts: Parts, denied: list[Condition]) -> bool:
    """Tell whether exactly one kind of row is denied: a value that is not, a no, or what is missing."""
    if len(denied) != 1:
        return False
    one = denied[0]
    if one.is_ in _DENYING:
        return True
    answers = parts.catalog.yes_no(one.column)
    zero = one.value == 0 and not isinstance(one.value, bool) and parts.is_measurable(one.column)
    return zero or (answers is not None and one.value == answers[1])


def _says_only(parts: Parts) -> bool:
    """Tell whether it is said of customers that they did nothing else: "who only ever bought food"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    at = next((place for place, word in enumerate(tokens) if word in _ONLY), None)
    if at is None or parts.sentence.says("only one", "only once"):
        return False
    before, behind = tokens[at - 1 : at], tokens[at + 1 : at + 2]
    people = before and before[0] in ("who", "that", "which", "have", "has", "had", "ever")
    nouns = any(i.end == at and i.has("entity", "customer") for i in parts.sentence.items)
    return bool(people or nouns or tokens[at] == "exclusively") or behind == ["ever"]


def _says_always(parts: Parts) -> bool:
    """Tell whether something is said of every row: "cancelled every booking", "always paid by card"."""
    tokens = [token.norm for token in parts.sentence.tokens]
    if set(tokens) & _ALWAYS:
        return parts.sentence.says("who", "that") or parts.sentence.has("count")
    for index, item in enumerate(parts.sentence.items):
        every = tokens[item.start - 1] in ("every", "each") or tokens[
            max(0, item.start - 2) : item.start
        ] in (
            ["all", "their"],
            ["of", "their"],
            ["all", "the"],
        )
        done = any(near.start < item.start and near.used for near in parts.sentence.items[:index])
        if (
            item.has("entity", "transaction", "row")
            and every
            and done
            and index > 1
            and parts.sentence.says("who", "that")
        ):
            return True
    return False


def _replace(parts: Parts, one: Condition, row: Condition) -> None:
    """Put "no row of that kind" in the place of a condition on rows, and use the words that say so."""
    answers = parts.catalog.yes_no(row.column)
    if answers is not None and row.is_ == "not_equal" and row.value in answers:  # not 0 is 1
        other = answers[1] if row.value == answers[0] else answers[0]
        row = condition(row.column, "equal", other)
    parts.where[parts.where.index(one)] = _keyed(parts, "has_no_rows", row)
    parts.compared[:] = [name for name in parts.compared if name.partition("|")[0] != one.column]
    loose = _ONLY | _ALWAYS | {"never", "ever", "single", "every", "each", "all"}
    for item in parts.sentence.items:
        verb = item.has("condition_verb", "bought", "spent") and not item.values
        item.used = (
            item.used or item.text.lower() in loose or verb or item.has("entity", "transaction", "row")
        )
    parts.mentions_customers, parts.entity = True, "customer"
    asks = parts.sentence.has("statistic") or parts.sentence.has("share") or parts.sentence.has("how_much")
    parts.counts = parts.counts or not asks
