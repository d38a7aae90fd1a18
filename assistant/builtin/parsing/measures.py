"""Reads what to compute: statistics with their columns, superlatives of values, the last of a series."""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.parsing.counting import take_counts
from assistant.builtin.parsing.durations import take_how_long
from assistant.builtin.parsing.judging import judge_direction
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.rates import take_percentiles
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, name_words, root
from tools.selecting import Measure
from tools.wording import plain_name

_STOCK = ("balance", "age", "measure")


def take_measures(parts: Parts) -> None:
    """Find all measures; the first one orders the groups."""
    take_percentiles(parts)
    shared = parts.sentence.take_all("share", "share")
    parts.share = parts.share or bool(shared)
    _first_or_last(parts)
    _value_at_end(parts)
    _statistics(parts)
    take_how_long(parts)
    take_counts(parts)
    judge_direction(parts)
    _superlative_measure(parts)


def _value_at_end(parts: Parts) -> None:
    """Read "the last value of AMZN" as the value on the last date of the data."""
    span = parts.catalog.span
    for index, item in parts.sentence.free():
        if not item.has("superlative_time") or span is None:
            continue
        near = parts.sentence.at(index + 1)
        if near and not near.links and near.has("role"):
            near.used = True
            near = parts.sentence.at(index + 2)
        if near and not near.used and near.links and parts.is_measurable(near.links[0].column):
            item.used = True
            when = span.last if item.has("superlative_time", "desc") else span.first
            parts.where.append(condition(parts.time or "", "equal", when.isoformat()))
            parts.note(f"The {item.text.lower()} date in the data is {when.day} {when:%b %Y}.")


def _first_or_last(parts: Parts) -> None:
    """Read "the last transaction" and "first order date" as the latest and earliest moment."""
    if parts.time is None or parts.groups or parts.sentence.has("how_much") or parts.sentence.has("count"):
        return
    for index, item in parts.sentence.free():
        if not item.has("superlative_time"):
            continue
        near = [parts.sentence.at(index + step) for step in (1, 2, 3)]
        about = next(
            (
                n
                for n in near
                if n
                and (
                    n.has("entity", "transaction", "row")
                    or (n.links and parts.column(n.links[0].column).kind in ("date", "datetime"))
                    or n.has("grain", "day")
                )
            ),
            None,
        )
        if about is None:
            continue
        item.used = about.used = True
        column = (
            about.links[0].column
            if about.links and parts.column(about.links[0].column).kind in ("date", "datetime")
            else parts.time
        )
        statistic = "max" if item.has("superlative_time", "desc") else "min"
        parts.measures.append(Measure.model_validate({"statistic": statistic, "column": column}))
        for other in (*near, *parts.sentence.items):
            if other and (other.has("logic", "which") or other.column == column):
                other.used = True


def _statistics(parts: Parts) -> None:
    """Give every statistic its columns and every column its statistics."""
    pending: list[str] = []
    last: list[str] = []
    bare: list[tuple[str, Item]] = []
    for index, item in list(parts.sentence.free()):
        if item.used:
            continue
        if item.has("statistic") and (not item.links or _only_statistic(parts, index)):
            item.used = True
            statistic = item.senses["statistic"]
            if statistic == "range":
                pending += ["min", "max"]
            elif statistic in ("quartiles", "iqr"):
                parts.quantiles = parts.quantiles or [0.25, 0.5, 0.75]
            elif statistic not in pending:
                pending.append(statistic)
            continue
        if _modifies_column(parts, index, item) or _verb_of_people(parts, index, item):
            item.used = True
            continue
        name = _measured_column(parts, index, item)
        if name is None:
            continue
        item.used = True
        if parts.quantiles:
            levels = [Measure(statistic="quantile", column=name, q=q) for q in parts.quantiles]
            parts.measures += [level for level in levels if level not in parts.measures]
        if pending:
            _add_statistics(parts, pending, name)
            last, pending = pending, []
        elif last and _joined(parts, index):
            _add_statistics(parts, last, name)
        elif not parts.quantiles and item.text.lower().startswith("total ") and not parts.superlative:
            parts.total_named = True
            _add_statistics(parts, ["sum"], name)
        elif not parts.quantiles:
            bare.append((name, item))
            if _flows(parts, name, item) or _done_by(parts, item):
                parts.flows.add(name)
    parts.pending = pending
    for name, _ in bare:
        if pending:
            _add_statistics(parts, pending, name)
        elif name not in parts.bare:
            parts.bare.append(name)


def _verb_of_people(parts: Parts, index: int, item: Item) -> bool:
    """Tell whether a verb only says what people did whom the question is about: "users who paid for food"."""
    who, people = parts.sentence.at(index - 1), parts.sentence.at(index - 2)
    after = parts.sentence.at(index + 1)
    if after is not None and after.has("superlative"):
        return False  # "the user who paid most"
    verb = item.has("condition_verb") and bool(item.links) and item.links[0].how == "role"
    verb |= item.text.endswith("ed") and bool(parts.key_rows) and item.text not in parts.catalog.columns
    return bool(
        verb
        and who is not None
        and who.has("logic", "which")
        and people is not None
        and people.has("entity", "customer")
        and not parts.sentence.has("how_much", "how_much")
    )


def _flows(parts: Parts, name: str, item: Item) -> bool:
    """Tell whether a column is called by a word for what adds up: the revenue of customers is their total."""
    said = {word.lower() for word in item.text.split()} & cue("flow")
    own = said & set(parts.catalog.words_of.get(name, ()))
    return bool(said) and not own and parts.catalog.table.grain == "customers"


def _done_by(parts: Parts, item: Item) -> bool:
    """Tell whether a column says what somebody did in all: "points redeemed by the women"."""
    behind = [token.norm for token in parts.sentence.tokens[item.end : item.end + 1]]
    done = item.text.lower().endswith("ed") and len(item.text.split()) > 1
    return done and behind == ["by"] and not parts.groups


def _only_statistic(parts: Parts, index: int) -> bool:
    """Tell whether "minimum" is the statistic, though a column is called so too: "minimum credit limit"."""
    item, after = parts.sentence.items[index], parts.sentence.at(index + 1)
    if item.links[0].how == "name" or after is None or not after.links:
        return False
    return parts.is_measurable(after.links[0].column) and after.links[0].column != item.links[0].column


def _modifies_column(parts: Parts, index: int, item: Item) -> bool:
    """Tell whether a word that could be several columns only describes the one beside it: "miles balance"."""
    after = parts.sentence.at(index + 1)
    if (
        item.text.lower().removesuffix(" of") in cue("generic_measure")
        and item.links
        and item.links[0].how == "role"
    ):
        return bool(
            after and after.links and after.column != item.column and parts.is_number(after.links[0].column)
        )
    if after is not None and after.start == item.end and after.links and _is_in_name(parts, item, after):
        return True  # "claim payout" of claims_paid is no claims_count
    further = parts.sentence.at(index + 2)
    if item.links and item.links[0].how == "role" and after is not None and after.has("superlative"):
        targets = further.links if further is not None else ()
        earned = next((k.column for k in targets if parts.is_measurable(k.column)), None)
        if earned is None or earned == item.column:
            return False
        if not set(parts.catalog.words_of.get(earned, ())) & (cue("never_added_up") | cue("not_added_up")):
            parts.flows.add(earned)  # what is brought in adds up
        return True  # "brings in the most premium"
    if not item.links or item.links[0].how != "part" or not parts.catalog.ambiguous(item.links):
        return False
    beside = [parts.sentence.at(index + 1), parts.sentence.at(index - 1)]
    return any(
        near and near.links and near.links[0].how == "name" and parts.is_measurable(near.links[0].column)
        for near in beside
    )


def _is_in_name(parts: Parts, item: Item, after: Item) -> bool:
    """Tell whether a word is part of the name of the number column that stands behind it."""
    own = {root(word) for word in parts.catalog.words_of.get(after.links[0].column, ())}
    said = {root(word) for word in item.text.lower().split()}
    partly = bool(item.links) and item.links[0].how in ("part", "concept")
    return partly and said <= own and parts.is_measurable(after.links[0].column)


def _measured_column(parts: Parts, index: int, item: Item) -> str | None:
    if item.has("feature") and not item.links:
        parts.customers_table = True
        return str(item.senses["feature"])
    if item.has("grain") and item.links and item.links[0].how == "part":
        return None  # "in the year" is no birth year
    if item.has("entity", "customer") and item.links and item.links[0].score < 0.9:
        before = parts.sentence.at(index - 1)  # workers are no work experience, but families have sizes
        sized = before is not None and before.text.lower() in cue("size_comparative")
        if not (sized and "size" in parts.catalog.words_of.get(item.links[0].column, ())):
            return None
    if item.links and item.links[0].score >= 0.6:
        number = next((link for link in item.links if parts.is_measurable(link.column)), None)
        dated = parts.column(item.links[0].column).kind in ("date", "datetime")
        rows = item.has("entity") and item.links[0].how == "part"  # gifts are no gift_dt
        if dated and not rows and (parts.sentence.has("statistic", "min", "max") or parts.superlative):
            return item.links[0].column
        if number and (number.score > 0.8 or number is item.links[0]):
            return parts.pick(item, "number")
        mode = parts.sentence.has("statistic", "mode")
        if mode or not (item.has("entity", "transaction") and item.links[0].how == "part"):
            return item.links[0].column if mode else None
    if item.has("condition_verb", "spent") and parts.amount:
        parts.note(f'I read "{item.text.lower()}" as **{parts.amount}**.')
        return parts.amount
    if item.has("condition_verb", "bought") and parts.sentence.has("how_much", "how_much") and parts.amount:
        return parts.amount
    if (
        item.has("entity", "transaction")
        and parts.amount
        and not parts.sentence.has("count")
        and (
            parts.sentence.at(index - 1)
            and any(
                (near := parts.sentence.at(index - step))
                and near.has("statistic", "mean", "median", "sum", "max", "min", "std")
                for step in (1, 2)
            )
        )
    ):
        if not set(plain_name(parts.amount).split()) <= parts.sentence.words():
            parts.note(f"I read the size of a transaction as **{parts.amount}**.")
        return parts.amount
    return None


def _joined(parts: Parts, index: int) -> bool:
    before = parts.sentence.at(index - 1)
    return before is not None and before.has("logic", "and")


def _add_statistics(parts: Parts, statistics: list[str], column: str) -> None:
    numeric = parts.column(column).kind == "number"
    for statistic in statistics:
        if not numeric and statistic in ("sum", "mean", "median", "std", "variance", "skew"):
            continue
        measure = Measure.model_validate({"statistic": statistic, "column": column})
        if measure not in parts.measures:
            parts.measures.append(measure)


def _largest_row(parts: Parts) -> bool:
    """Read "the largest loan in each branch": the largest value of a row by group."""
    leads = parts.rank_within and parts.limit == 1 and parts.groups[-1].column == parts.customer_key
    if not parts.groups or parts.measures or parts.counts or (parts.limit or parts.rank_within) and not leads:
        return False
    items = parts.sentence.items
    for index, item in enumerate(items[:-1]):
        sized = item.has("superlative") and item.text.lower() in cue("size_word")
        if sized and items[index + 1].has("entity", "transaction", "row"):
            column = parts.bare[0] if parts.bare else parts.amount
            if column:
                statistic = "max" if parts.superlative == "desc" else "min"
                parts.measures.append(Measure.model_validate({"statistic": statistic, "column": column}))
                parts.bare.clear()
                return True
    return False


def _extreme_in_each(parts: Parts) -> bool:
    """Read "the highest principal in each branch" as the largest value of a row in every group."""
    if parts.superlative is None or not parts.groups or parts.measures or parts.limit or parts.place:
        return False
    items = parts.sentence.items
    ranks = [
        at
        for at, item in enumerate(items)
        if item.has("superlative") and item.text.lower() in cue("size_word")
    ]
    if not ranks or parts.rank_within or parts.sentence.has("logic", "which"):
        return False
    after = parts.sentence.at(ranks[0] + 1)
    name = after.column if after and after.used and after.column in parts.bare else None
    each = any(item.has("by") and item.start > items[ranks[0]].start for item in items)
    if name is None or not each or set(key_of(after.text if after else "")) & cue("flow"):
        return False
    statistic = "max" if parts.superlative == "desc" else "min"
    parts.measures.append(Measure.model_validate({"statistic": statistic, "column": name}))
    parts.bare.remove(name)
    return True


def _superlative_measure(parts: Parts) -> None:
    """Read "the highest balance" and "the oldest customer" where nothing is grouped."""
    if _largest_row(parts):
        return
    if (
        parts.superlative
        and parts.age_superlative
        and parts.groups
        and parts.age
        and not parts.measures
        and not parts.bare
    ):
        parts.measures.append(Measure(statistic="mean", column=parts.age))
    if _extreme_in_each(parts):
        return
    if parts.superlative is None or parts.groups or parts.measures:
        return
    statistic = "max" if parts.superlative == "desc" else "min"
    if parts.bare and ((parts.limit or 0) > 1 or parts.place):
        return  # single rows are ranked
    if parts.age_superlative and parts.age:
        parts.measures.append(Measure.model_validate({"statistic": statistic, "column": parts.age}))
    elif parts.bare:
        parts.measures += [
            Measure.model_validate({"statistic": statistic, "column": name}) for name in parts.bare
        ]
        parts.bare.clear()
    elif parts.entity == "transaction" and parts.amount and not parts.counts:
        parts.measures.append(Measure.model_validate({"statistic": statistic, "column": parts.amount}))


def default_statistic(parts: Parts, column: str) -> str:
    """Return how a column is summed up where nobody says: money that flows adds up, the rest is averaged."""
    role = parts.column(column).role
    dear = parts.superlative and parts.groups and parts.sentence.has("superlative")
    if dear and any(i.text.lower() in cue("price_superlative") for i in parts.sentence.items):
        return "mean"  # the dearest bills are the largest ones, not those that add up to most
    if parts.column(column).kind in ("date", "datetime"):
        return "max" if parts.superlative == "desc" else "min"
    if column in parts.flows or (column in parts.catalog.computed and " * " in column and "%" not in column):
        return "sum"
    if _counts_things(parts, column) or _adds_up_to_most(parts, column):
        return "sum"
    by_customer = any(group.column == parts.customer_key for group in parts.groups)
    rate = cue("never_added_up") & set(parts.catalog.words_of.get(column, ()))
    if by_customer and role == "measure" and not rate and parts.catalog.table.grain != "customers":
        return "sum"
    if (
        role in ("amount", "quantity")
        and parts.catalog.table.grain != "customers"
        and column in parts.catalog.loaded
    ):
        return "sum"
    return "mean"


def _adds_up_to_most(parts: Parts, column: str) -> bool:
    """Tell whether "most" and "least" ask for a total: who uses the most energy uses it up over all rows."""
    words = set(parts.catalog.words_of.get(column, ()))
    if words & (cue("never_added_up") | cue("state_word")) or parts.column(column).role == "age":
        return False
    ranks = [item for item in parts.sentence.items if item.used and item.has("superlative")]
    most = len(ranks) == 1 and ranks[0].text.lower() in cue("adding_superlative")
    return bool(most and parts.superlative and parts.groups)


def _counts_things(parts: Parts, column: str) -> bool:
    """Tell whether a column of transactions counts what adds up, by a plural name: nights, children."""
    words = name_words(column)
    plural = bool(words) and (words[-1].endswith("s") or words[-1] in ("children", "people"))
    words_of = set(parts.catalog.words_of.get(column, ())) | set(words)
    lasting = words_of & cue("not_added_up") or words_of & cue("never_added_up")
    held = parts.column(column)
    whole = isinstance(held.minimum, int) and isinstance(held.maximum, int) or held.kind == "number"
    return (
        plural and not lasting and whole and held.role == "measure"
        and column in parts.catalog.loaded and parts.catalog.table.grain == "transactions"
    )  # fmt: skip
