"""Reads questions over several tables: rows with or without rows of another, rows counted across tables."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of
from tools.joining import held
from tools.selecting import Condition, GroupBy, Measure

_ANY = frozenset({"a", "an", "any", "single", "at", "least", "one", "the", "have", "has", "having", "had"})


def take_other_rows(parts: Parts) -> None:
    """Read "products never ordered", "customers without a claim", "policies with at least one claim".

    What stands behind the other table's noun and belongs to its rows narrows them: "without a claim in 2020".
    """
    if len(parts.catalog.tables) < 2:
        return
    for index, item in parts.sentence.free():
        denied, words = _said_before(parts, index)
        if denied is None:
            continue
        owner = _owner(parts, words[0] if words else item)
        if owner is None:
            continue
        at, name = owner
        other = _other_table(parts, item, name)
        if other is None or other == name:
            continue
        made = _condition(parts, name, other, denied=denied)
        if made is None:
            continue
        for used in (item, *words):
            used.used = True
        noun = parts.sentence.items[at]
        parts.other_rows.append((name, made))
        whose = noun.has("entity") or noun.has("table")
        if whose and _asked_for(parts, at):
            noun.used = noun.used or not any(parts.catalog.is_flag(link.column) for link in noun.links)
            parts.counts, parts.counted_table = True, name
            for filler in parts.sentence.items[at:index]:
                filler.used = filler.used or filler.text.lower() in phrases("never_filler")
        return


def _said_before(parts: Parts, index: int) -> tuple[bool | None, list[Item]]:
    """Return whether rows are denied (or asked for) by the words before an item, and these words."""
    words: list[Item] = []
    item = parts.sentence.items[index]
    if not (item.has("table") or _acts(item) or item.has("entity")):
        return None, []
    for step in (1, 2, 3):
        near = parts.sentence.at(index - step)
        if near is not None and near.values and not near.used:
            continue  # "without an app order"
        if near is None or near.used or (near.links and not near.has("logic")):
            break
        words.insert(0, near)
        if near.has("logic", "not") or (near.number is not None and near.number.value == 0):
            return True, words
        some = near.has("logic", "with") or near.text.lower() in ("have", "has", "had", "having")
        if some and item.has("table") and not item.has("condition_verb"):
            said = {t.norm for t in parts.sentence.tokens[near.start : item.start]}
            if said & {"a", "an", "any", "least", "one"} and said <= _ANY | {"with", "1"}:
                return False, words
            break
        plain = near.has("comparator", "at_least") or near.number is not None or near.filler
        done = near.has("condition_verb") or near.text.lower() in cue("having_verb") | _ANY
        if not plain and not done:
            break  # "never missed an appointment" is about some of the rows
    return None, []


def _acts(item: Item) -> bool:
    """Tell whether a word says that something was bought, or sold."""
    return item.has("condition_verb", "bought") or item.text.lower() == "sold"


def _owner(parts: Parts, before: Item) -> tuple[int, str] | None:
    """Return the noun before some words that names the rows which are asked about, and its table."""
    for at in range(parts.sentence.items.index(before) - 1, -1, -1):
        name = table_of(parts, parts.sentence.items[at])
        if name is not None:
            return at, name
    return None


def table_of(parts: Parts, item: Item) -> str | None:
    """Return the table whose rows a noun names: its own name, or people where one table holds them."""
    if item.has("table"):
        return str(item.senses["table"])
    words = key_of(item.text) if item.links else ()
    named = [parts.catalog.related.nouns.get((word,)) for word in words[1:] if len(words) > 1]
    if any(named):  # "age of customers"
        return next(name for name in named if name)
    if item.has("entity", "customer"):
        people = [name for name, table in parts.catalog.tables.items() if table.grain == "customers"]
        return people[0] if len(people) == 1 else None
    if item.has("entity", "transaction") and parts.catalog.table.grain == "transactions":
        return parts.catalog.main
    return None


def _other_table(parts: Parts, item: Item, owner: str) -> str | None:
    """Return the table whose rows are looked for; "sold" and "ordered" mean the nearest with such rows."""
    if item.has("table"):
        return str(item.senses["table"])
    named = table_of(parts, item)
    children = parts.catalog.related.children(owner)
    if _acts(item):
        return next(iter(children), None)
    reached = parts.catalog.related.ways_from(owner)
    return named if named in children or named in reached else None


def _condition(parts: Parts, owner: str, other: str, *, denied: bool) -> Condition | None:
    """Return the condition on a key of one table that rows of another are (not) there."""
    related = parts.catalog.related
    is_ = "has_no_rows" if denied else "has_rows"
    if owner in related.ways_from(other):
        key = related.ways_from(other)[owner][-1].key
        return condition(key, is_, table=other)
    way = related.ways_from(owner).get(other)  # orders without a customer record
    return condition(way[0].column, is_, table=other) if way and len(way) == 1 else None


def _asked_for(parts: Parts, at: int) -> bool:
    """Tell whether a noun is what is counted, and not only what a measure is taken of."""
    before = parts.sentence.items[:at]
    measured = any(i.has("statistic") or (i.links and parts.is_measurable(i.links[0].column)) for i in before)
    return not measured and not any(i.has("share", "share") for i in before)


def across_tables(parts: Parts, request: Aggregate) -> Aggregate:
    """Settle which table answers a question over several: the one whose rows lead to all that is named."""
    return _share_with_rows(_settled(parts, request))


def _share_with_rows(request: Aggregate) -> Aggregate:
    """Ask for the share of rows that have rows elsewhere as a filter with its share of the total."""
    first = request.measures[0]
    keyed = [one for one in first.where if one.is_ in ("has_rows", "has_no_rows")]
    if not keyed or request.by or len(request.measures) > 1 or first.per is None or first.per.where:
        return request
    plain = first.model_copy(update={"where": [], "per": None})
    where = [*request.where, *first.where]
    return request.model_copy(update={"measures": [plain], "where": where, "share_of_total": True})


def _settled(parts: Parts, request: Aggregate) -> Aggregate:
    related = parts.catalog.related
    if len(parts.catalog.tables) < 2 or request.table == "customers" and parts.catalog.has_features:
        return request if not parts.other_rows else _with_other_rows(parts, request)
    if not related.nouns:
        return request
    if parts.other_rows and parts.counted_table:
        return _with_other_rows(parts, request)
    counted = _counted(parts, request)
    columns = _columns(request)
    loaded = [name for name in columns if name in parts.catalog.loaded or " of " in name]
    if len(loaded) < len(columns):
        return _with_other_rows(parts, request)
    per = _per_table(parts) if request.measures[0].per is None else None
    if per and any(held(parts.catalog.tables[per], group.column) for group in request.by):
        per = None  # "members per plan" are counted for each plan, by its name
    wanted = [name for name in (counted, per) if name]
    if request.table and any(one.measure is not None for one in request.where):
        return request
    now = request.table or next(iter(_holding(parts, loaded)), None)
    if now and not wanted and all(related.reaches(now, name) for name in loaded):
        return _with_other_rows(parts, request)
    base = related.base(loaded, *wanted) or related.base(loaded)
    if base is None:
        return _with_other_rows(parts, request)
    measures = list(request.measures)
    if counted and (base == counted or counted in related.ways_from(base)):
        measures = [_count(parts, base, counted, each) for each in measures]
    if per in related.ways_from(base):
        measures = [_divided(parts, base, str(per), each) for each in measures]
    for item in parts.sentence.items:
        item.used = item.used or item.senses.get("table") in wanted
    return _with_other_rows(parts, request.model_copy(update={"table": base, "measures": measures}))


def _divided(parts: Parts, base: str, per: str, measure: Measure) -> Measure:
    """Divide what is summed or counted by the rows of another table that have some of it."""
    related = parts.catalog.related
    summed = measure.statistic in ("sum", "mean") and not related.reaches(per, measure.column or "")
    if not (summed or _counts(measure)) or measure.per is not None:
        return measure
    noun = " ".join(next(phrase for phrase, name in related.nouns.items() if name == per))
    parts.note(f"I divided by each **{noun}** that has any of them; those that have none are left out.")
    statistic = "sum" if summed else measure.statistic
    return measure.model_copy(update={"statistic": statistic, "per": _rows_of(parts, base, per)})


def _holding(parts: Parts, columns: list[str]) -> list[str]:
    """Return the tables that hold all columns themselves, the main one first."""
    return [
        name for name, table in parts.catalog.tables.items() if all(held(table, column) for column in columns)
    ]


def _counted(parts: Parts, request: Aggregate) -> str | None:
    """Return the table whose rows are counted by their noun; None where people or nothing are counted."""
    if parts.counted_table:
        return parts.counted_table
    if not any(_counts(each) for each in request.measures):
        return None
    by = {group.column for group in request.by}
    for index, item in enumerate(parts.sentence.items):
        name = str(item.senses["table"]) if item.has("table") else None
        if name is None and item.has("entity", "customer") and not item.links and _how_many(parts, index):
            return None  # "how many people are on the premium plan"
        before = parts.sentence.at(index - 1)
        other = before is not None and (before.has("by") or before.text.lower() in ("per", "each", "every"))
        if name is None or other or item.column in by:
            continue
        if parts.catalog.tables[name].grain != "customers":
            return name
        reached = all(parts.catalog.related.reaches(name, column) for column in by)
        return name if by and reached and not request.where else None
    return None


def _how_many(parts: Parts, index: int) -> bool:
    before = parts.sentence.at(index - 1)
    return before is not None and before.has("count", "how_many")


def _counts(measure: Measure) -> bool:
    return measure.statistic in ("count", "count_distinct") and not measure.where and not measure.grain


def _count(parts: Parts, base: str, counted: str, measure: Measure) -> Measure:
    """Count the rows of a table in the rows of another one that lead to them."""
    keys = {None, parts.customer_key, parts.entity_key, parts.catalog.related.key(counted)}
    if not _counts(measure) or measure.column not in keys:
        return measure
    return _rows_of(parts, base, counted).model_copy(update={"per": measure.per})


def _rows_of(parts: Parts, base: str, name: str) -> Measure:
    if base == name:
        return Measure(statistic="count")
    key = parts.catalog.related.ways_from(base)[name][-1].key
    return Measure(statistic="count_distinct", column=key)


def _per_table(parts: Parts) -> str | None:
    """Return the table of the noun behind "per": claims per policy."""
    for index, item in enumerate(parts.sentence.items):
        before = parts.sentence.at(index - 1)
        if item.has("table") and before is not None and before.text.lower() in ("per", "each", "every"):
            return str(item.senses["table"])
    return None


def _columns(request: Aggregate) -> list[str]:
    """Return the columns that a request names, keys on which rows are searched elsewhere left out."""
    named: list[str] = [group.column for group in request.by]
    for measure in request.measures:
        named += _of_measure(measure)
    for one in request.where:
        named += [c.column for c in (one, *one.or_) if c.table is None] + ([one.than] if one.than else [])
    return [name for name in dict.fromkeys(named) if name != "segment"]


def _of_measure(measure: Measure) -> list[str]:
    own = ([measure.column] if measure.column else []) + [c.column for c in measure.where]
    own += [group.column for group in measure.each]
    return own + [name for other in (measure.per, measure.of) if other for name in _of_measure(other)]


def _with_other_rows(parts: Parts, request: Aggregate) -> Aggregate:
    """Add the conditions on rows of other tables; conditions that only those rows can meet go to them."""
    if not parts.other_rows:
        return request
    related, where, table = parts.catalog.related, list(request.where), request.table
    for name, one in parts.other_rows:
        base = parts.counted_table or table or name
        inner = [c for c in where if c.table is None and not related.reaches(base, c.column)]
        named = [c.column for c in inner]
        other = one.table or ""
        if not all(related.reaches(other, column) for column in named):
            other = related.base(named, other) or other  # what was bought stands in the lines of orders
        inner = [c for c in inner if related.reaches(other, c.column)]
        where = [c for c in where if c not in inner]
        where.append(one.model_copy(update={"rows": [*one.rows, *inner], "table": other}))
        table = base
    measures = request.measures
    if parts.counted_table == table or (parts.share and not request.by):
        measures = [Measure(statistic="count") if _counts(m) else m for m in measures]
    by: list[GroupBy] = [g for g in request.by if related.reaches(table or "", g.column)]
    return request.model_copy(update={"where": where, "table": table, "measures": measures, "by": by})
