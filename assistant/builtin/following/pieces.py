"""Reads the changes that a message makes to a question off its parts, as a whole question is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.builtin.annotate import Item, annotate
from assistant.builtin.conversation import plain_words
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.evidence import is_distributive, speaks_of_them
from assistant.builtin.following.filters import (
    completed,
    limit_of_groups,
    of_the_same_year,
    taken_away,
)
from assistant.builtin.following.ordering import end_wanted, judged, limit_wanted
from assistant.builtin.following.question import CALENDAR, Question, Shape, request_of
from assistant.builtin.following.wording import wanted_part
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.coverage import matters
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.totals import main_measures
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Chart
from tools.selecting import Condition, GroupBy, Measure


def read_changes(text: str, catalog: Catalog, last: Question) -> Changes | None:
    """Read all changes that a message asks for; None if some of its words cannot be read as a change."""
    wanted = wanted_part(text)
    back = _BACK_IN.search(wanted)
    if back and last.column:
        rest = (wanted[: back.start()] + wanted[back.end() :]).strip(" ,.")
        further = read_changes(rest, catalog, last) if rest else Changes()
        return replace(further, unfiltered=(*further.unfiltered, last.column)) if further else None
    kept = limit_of_groups(wanted, catalog)
    if kept is not None:
        return Changes(having=(kept,), keeps_groups=True)
    less = taken_away(wanted, catalog, last)
    if less is not None:
        if less.limit:
            return Changes(unlimited=True)
        return Changes(unfiltered=less.columns, ungrouped=less.groups, everyone=less.everyone)
    plain = plain_words(wanted)
    same = r"(?:and |but |now |then )?(?:do )?(?:(?:the )?same (?:thing )?(?:for|with|again for) )?"
    if re.fullmatch(rf"{same}({'|'.join(phrases('the_opposite'))})( one| ones)?( please)?", plain):
        return Changes(opposite=True) if last.where else None
    parts = _parts_of(wanted, catalog, last)
    _turned_round(parts, wanted, catalog, last)
    if any(not item.senses and len(item.text) > 2 for item in parts.sentence.unexplained()):
        return None
    changes = judged(_read(parts, plain, last), plain, parts, last)
    named = {c.column for c in changes.filters} | {g.column for g in changes.groups} | set(changes.columns)
    named |= {g.column for g in last.by} if changes.having else set()
    asked = request_of(last, catalog.table.time)
    left = [item for item in parts.sentence.unexplained() if asked and _counts(item, parts, asked)]
    left = [
        item
        for item in left
        if not (changes.filters and (item.has("weekend") or item.has("grain", last.grain or "")))
    ]
    return None if any(not named & {link.column for link in item.links} for item in left) else changes


# The outliers that were left out before are wanted again.
_BACK_IN = re.compile(
    r"\b(?:put|bring|take|add|keep|leave|include) (?:them|those|these|the outliers?|the extremes?)"
    r"(?: back)?(?: in)?(?: again)?\b(?:,? and)?"
    r"|\b(?:with|including) the outliers?(?: again)?\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:as|in) (?:an? )?(?:percent(?:age)?|%|share|proportion|fraction) of (?:the |their )"
    r"?(?P<of>.+?)[?.! ]*$",
    re.I,
)


def _parts_of(text: str, catalog: Catalog, last: Question) -> Parts:
    """Take a message apart, with the column that a bare "above 500" leaves unsaid put in."""
    level = last.table == "customers"
    text = _with_noun(text, catalog, last)
    parts = gather(annotate(text, catalog, customer_level=level), catalog)
    fuller = completed(parts, last)
    if fuller is not None:
        parts = gather(annotate(fuller, catalog, customer_level=level), catalog)
    take_flags(parts)
    return parts


_LEAVES_OUT = re.compile(
    r"^(?:(?:and|now|but|ok|please|also|then|so) )*(?:leav(?:e|ing) out|exclud(?:e|ing)|"
    r"drop(?:ping)?|remov(?:e|ing)|"
    r"ignor(?:e|ing)|skip(?:ping)?|take out|filter out|get rid of|throw out|cut out|without|"
    r"omit(?:ting)?|no)\b",
    re.IGNORECASE,
)


def _turned_round(parts: Parts, text: str, catalog: Catalog, last: Question) -> None:
    """Turn limits round that "leave out" at the start did not reach: "leave out 5000 and above"."""
    lead = _LEAVES_OUT.match(text)
    if lead is None:
        return
    plainly = _parts_of(text[lead.end() :].strip(), catalog, last)
    turning = _LIMITS if not _DENIED.search(text) else (*_LIMITS, "missing", "present")
    same = [c for c in parts.where if c in plainly.where and c.is_ in OPPOSITE and c.is_ in turning]
    parts.where[:] = [c.model_copy(update={"is_": OPPOSITE[c.is_]}) if c in same else c for c in parts.where]


_DENIED = re.compile(
    r"\b(?:those|ones|anyone|anybody|everyone|everybody|people|customers)? ?(?:not|without|never|no)\b"
)
_LIMITS = ("above", "below", "at_least", "at_most")


def _with_noun(text: str, catalog: Catalog, last: Question) -> str:
    """Say what "how many of them" counts."""
    people = any(
        m.statistic == "count_distinct" and m.column == catalog.table.customer for m in last.measures
    )
    people = people or catalog.table.grain == "customers" or last.table == "customers"
    noun = "customers" if people else "transactions"
    return re.sub(r"\bhow many of (?:them|those|these)\b", f"how many {noun}", text, flags=re.IGNORECASE)


def _counts(item: Item, parts: Parts, asked: Request) -> bool:
    """Tell whether an item that no change explains makes the message more than a change."""
    small = {"superlative", "superlative_time", "ordinal", "chart_kind", "over_time", "share"}
    known = {"column", "value", "period", "feature", "segment"} & set(item.senses)
    return matters(item, parts, asked) and bool(known or not set(item.senses) & small)


def _read(parts: Parts, plain: str, last: Question) -> Changes:
    changes = Changes(also=_says_also(parts, plain))
    parts.bare += _ranked_by(parts, last)
    changes = replace(changes, **_measured(parts, plain, last))
    changes = replace(changes, shape=_shape(parts, plain, last, changes))
    if changes.shape or last.shape == "relation":
        for kind in ("relation", "distribution", "outliers"):
            parts.sentence.take_all(kind)
    groups, grain = _groups(parts, plain, last)
    filters = _filters(parts, plain, last)
    rivals = {c.column for c in filters if c.is_ == "equal"} & {
        c.column for c in last.where if c.is_ in ("equal", "in")
    }
    if parts.compares and rivals == {parts.time} and not groups:  # "versus April"
        sides = [
            str(v)
            for c in (*last.where, *filters)
            if c.column == parts.time
            for v in (c.value, *c.values)
            if v
        ]
        if len(sides) == 2 and len({len(side) for side in sides}) == 1:
            others = tuple(c for c in filters if c.column != parts.time)
            return replace(
                changes, filters=others, unfiltered=(str(parts.time),), periods=tuple(sorted(sides))
            )
    if parts.compares and rivals and not groups:  # "versus doctors": beside those asked about before
        groups, changes = tuple(GroupBy(column=name) for name in sorted(rivals)), replace(changes, also=True)
    changes = replace(changes, groups=groups, grain=grain)
    rate = _outcome_instead(filters, parts, plain, last)
    if rate is not None:
        changes, filters = replace(changes, measures=(rate,)), ()
    having, filters = _on_groups(filters, parts, last)
    everyone = (
        not filters
        and not speaks_of_them(plain)
        and any(phrase in f" {plain} " for phrase in phrases("no_filter"))
    )
    changes = replace(
        changes,
        filters=filters,
        everyone=everyone,
        having=(*parts.having, *having),
        of_them=speaks_of_them(parts.sentence.text),
        limit=limit_wanted(parts, plain, last),
        unlimited=bool(set(_all_of(parts)) & last.by_columns)
        or bool(
            re.search(
                r"\b(all|every) (of them|of it|groups)\b|\bshow all\b|\bfull list\b|\bno limit\b", plain
            )
        ),
        order=parts.order if not parts.superlative else "auto",
        reverse=bool(re.search(r"\b(reverse[ds]?|other way|opposite order)\b", plain)),
        ranked=end_wanted(parts, last),
        afresh=bool(re.search(r"\b(by|per)\b", plain)) and not parts.superlative,
        share=parts.share,
        chart=_chart(parts),
        method="spearman" if parts.sentence.has("relation", "spearman") else None,
        periods=tuple(parts.periods),
        options=_options(parts),
        customers=parts.customers_table and parts.catalog.has_features and bool(filters),
    )
    return replace(changes, notes=tuple(parts.notes))


def _side_by_side(filters: Sequence[Condition], parts: Parts, last: Question) -> dict[str, Any] | None:
    """Return the period asked about before and the one named now as two that are compared."""
    dated = [c for c in (*last.where, *filters) if c.column == parts.time]
    sides = sorted(str(value) for c in dated for value in (c.value, *c.values) if value)
    if len(sides) != 2 or len(sides[0]) != len(sides[1]):
        return None
    others = tuple(c for c in filters if c.column != parts.time)
    return {"filters": others, "unfiltered": (str(parts.time),), "periods": tuple(sides)}


# "Orders instead", "and customers?": what is counted in place of what was measured.
_ONLY_NOUN = re.compile(
    r"(?:(?:and|now|but|ok|show|the|with|what about|how about) )*[a-z]+(?: (?:instead|rather|please))+"
)
_RANKED_BY_NOUN = re.compile(
    r"(?:(?:and|now|but|ok|rank|ranked|sort|order) )*by (?:number of )?[a-z]+"
    r"(?: (?:instead|rather|then|now|please))*"
)


def _says_also(parts: Parts, plain: str) -> bool:
    """Tell whether something is added to what is there: "by gender too", "add contract", "and by city"."""
    if " instead" in f" {plain}":
        return False
    if any(word in f" {plain} " for word in phrases("adds_group")) or plain.startswith(
        ("add ", "include ", "plus ", "also ")
    ):
        return True
    return bool(re.match(r"^and (by|per|split)\b", plain) and not parts.sentence.text.rstrip().endswith("?"))


def _measured(parts: Parts, plain: str, last: Question) -> dict[str, Any]:
    """Read another statistic ("median"), another column ("and the balance?") or another measure."""
    old = last.measures
    limited = {c.column for c in parts.where if c.column != parts.time}
    parts.bare[:] = [name for name in parts.bare if name not in limited]
    rows = any(
        item.has("entity", "row", "transaction")
        and not any(parts.is_number(link.column) for link in item.links)
        for item in parts.sentence.items
    )
    if rows and (last.limit or 0) > 1 and _RANKED_BY_NOUN.fullmatch(plain):
        return {"measures": (Measure(statistic="count"),)}
    ratio = _RATIO.search(parts.sentence.text)
    if ratio and last.column and parts.bare and old[0].per is None:
        parts.share = False
        part, whole = (Measure(statistic="sum", column=name) for name in (last.column, parts.bare[0]))
        return {"measures": (part.model_copy(update={"per": whole}),)}
    if parts.sentence.says("that year", "this year", "the same year") and parts.year_column in parts.bare:
        parts.bare.remove(str(parts.year_column))
    if parts.age_superlative and last.column == parts.age:
        end = "max" if parts.superlative != "asc" else "min"
        return {} if last.by else {"statistics": (end,)}
    if parts.total_named and not parts.pending and last.column:
        return {"columns": tuple(dict.fromkeys(m.column for m in parts.measures if m.column))}
    if last.by and _which_has_more(parts):
        names = tuple(dict.fromkeys(m.column for m in parts.measures if m.column))
        return {"columns": names} if names != (last.column,) else {}
    if parts.measures or (parts.bare and parts.pending):
        return {"measures": tuple(main_measures(parts))}
    if parts.pending:
        if last.column or parts.amount:
            return {"statistics": tuple(parts.pending)}
        return {}
    if parts.quantiles:
        return {"quantiles": tuple(parts.quantiles)} if last.column else {}
    if parts.bare and parts.sentence.has("count") and not parts.superlative:  # "how many nights"
        return {"measures": tuple(main_measures(parts))}
    if parts.bare and not (parts.superlative and last.column is None):
        return {"columns": tuple(parts.bare)}
    if parts.bare:
        return {"measures": tuple(main_measures(parts))}
    alone = _ONLY_NOUN.fullmatch(plain) and not (parts.groups or parts.where)
    asked = re.search(r"\b(how many|number of|count)\b", plain)
    counted = parts.counts or (parts.entity and (asked or alone))
    if counted and last.is_rate and old[0].statistic.startswith("count"):
        return {"measures": (old[0].model_copy(update={"per": None}),)}
    if counted and parts.entity is None and old and old[0].statistic.startswith("count"):
        return {}
    return {"measures": tuple(main_measures(parts))} if counted else {}


def _which_has_more(parts: Parts) -> bool:
    """Tell whether "which of them sold more" ranks the groups shown, by what each of them has in all."""
    extreme = parts.measures and all(m.statistic in ("max", "min") for m in parts.measures)
    items = parts.sentence.items
    return bool(extreme) and any(i.has("comparative") for i in items) and parts.sentence.has("logic", "which")


def _shape(parts: Parts, plain: str, last: Question, changes: Changes) -> Shape | None:
    """Read a wish for another kind of answer about the same thing."""
    drawn = parts.chart in ("histogram", "box") and not changes.measures
    if last.shape not in ("distribution", "relation") and (
        drawn or (parts.sentence.has("distribution") and not parts.groups and not changes.measures)
    ):
        return "distribution" if (changes.columns or last.column) else None
    if parts.sentence.has("relation", "correlation") and changes.columns and last.column:
        return "relation"
    if parts.sentence.has("relation", "difference") and (last.by or parts.groups or parts.compared):
        tested = len(last.by) == 1 or parts.groups or parts.compared or last.shape == "cross"
        return "difference" if tested and not _is_ratio(last) else None
    if last.shape == "relation" and parts.sentence.has("relation", "correlation"):
        return "relation"
    if last.shape == "cross" and parts.share:
        return "cross"
    if parts.sentence.has("outliers") and not parts.sentence.has("outliers", "without"):
        return "outliers"
    return None


def _is_ratio(last: Question) -> bool:
    """Tell whether a total is shown as a part of another, which no test compares."""
    whole = last.measures[0].per if last.measures else None
    return whole is not None and whole.column is not None and whole.statistic == "sum"


def _groups(parts: Parts, plain: str, last: Question) -> tuple[tuple[GroupBy, ...], str | None]:
    """Return other groups, and another time step."""
    groups = [g for g in parts.groups if not (g.column == parts.customer_key and not parts.entity)]
    ranked_by = _ranked_by(parts, last)
    groups = [g for g in groups if g.column not in ranked_by]
    if _who_of_the_groups(parts, last):
        groups = [g for g in groups if g.column != parts.customer_key]
    groups += [GroupBy(column=name) for name in _all_of(parts)]
    compared = sorted({name.partition("|")[0] for name in parts.compared})
    if not groups and compared and (parts.compares or not last.by):
        groups = [_whole(name, parts) for name in compared if name not in {g.column for g in last.by}]
    if not groups and is_distributive(plain):
        groups = _listed_columns(parts, last)
    said = parts.measures or parts.bare or parts.where or parts.pending
    if not groups and (parts.superlative or not said):
        groups += _named_groups(parts)
    cycle = next((g for g in last.by if g.grain == "weekday" and g.column == parts.time), None)
    daily = parts.grain == "day" or [g.grain for g in groups] == ["day"]
    if cycle and daily and parts.superlative:
        return (cycle,), None  # "lowest day?" after the days of the week
    calendar = next((g.grain for g in groups if g.grain in CALENDAR and g.column == parts.time), None)
    if calendar or parts.grain is None:
        return tuple(g for g in groups if not (calendar and g.grain == calendar)), calendar
    if parts.grain not in CALENDAR and parts.grain != "auto" and parts.time:
        return (*groups, GroupBy.model_validate({"column": parts.time, "grain": parts.grain})), None
    return tuple(groups), parts.grain if parts.time else None


def _whole(name: str, parts: Parts) -> GroupBy:
    """Return a column as a group, periods as long as those that were named: "April and May as well"."""
    if name != parts.time:
        return GroupBy(column=name)
    named = next((c for c in parts.where if c.column == name and c.values), None)
    grain = {4: "year", 7: "month", 10: "day"}.get(len(str(named.values[0]))) if named else None
    return GroupBy.model_validate({"column": name, "grain": grain or "month"})


def _listed_columns(parts: Parts, last: Question) -> list[GroupBy]:
    """Return the groups of "in each of them": the values that were asked for side by side."""
    listed = [c for c in last.where if c.is_ == "in" and c.column not in {g.column for g in last.by}]
    if not listed:
        return []
    if listed[-1].column != parts.time:
        return [GroupBy(column=listed[-1].column)]
    grain = {4: "year", 7: "month", 10: "day"}.get(len(str(listed[-1].values[0])), "month")
    return [GroupBy.model_validate({"column": parts.time, "grain": grain})]


def _who_of_the_groups(parts: Parts, last: Question) -> bool:
    """Tell whether "who has the best rating" asks for one of the groups shown, and for no customer."""
    grouped = [g for g in last.by if g.grain is None and g.bins is None]
    named = any(item.has("entity") or item.column == parts.customer_key for item in parts.sentence.items)
    own = [g.column for g in grouped] == [parts.customer_key]
    return len(grouped) == 1 == len(last.by) and bool(parts.superlative) and not named and not own


def _ranked_by(parts: Parts, last: Question) -> list[str]:
    """Return numbers after "by" that rank single customers: "top 3 by balance" - "by payments instead"."""
    single = [g.column for g in last.by] in ([parts.customer_key], *([k] for k in _row_keys(parts)))
    single |= len(last.by) == 1 and (last.limit or 0) > 1  # "top 3 depots by charge" - "by weight then"
    if not single or not (last.limit or last.order != "auto"):
        return []
    return [g.column for g in parts.groups if g.grain is None and parts.is_measurable_only(g.column)]


def _row_keys(parts: Parts) -> list[str]:
    return [c.name for c in parts.catalog.table.by_role("row_key")]


def _named_groups(parts: Parts) -> list[GroupBy]:
    """Return columns that are named without "by" and can only be groups: "what about contract?"."""
    found = []
    for _, item in parts.sentence.free():
        if (
            item.links
            and parts.is_group(item.links[0].column)
            and not parts.is_measurable_only(item.links[0].column)
        ):
            item.used = True
            found.append(GroupBy(column=item.links[0].column))
    return found


def _all_of(parts: Parts) -> list[str]:
    """Return the columns of "for all contracts": groups instead of the one that was asked for."""
    found = []
    for item in parts.sentence.items:
        before = {token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]}
        named = item.links and parts.is_group(item.links[0].column)
        if (
            named
            and before & {"all", "every", "each"}
            and item.links[0].column not in {g.column for g in parts.groups}
        ):
            item.used = True
            found.append(item.links[0].column)
    return found


def _filters(parts: Parts, plain: str, last: Question) -> tuple[Condition, ...]:
    new: Sequence[Condition] = parts.where
    if re.match(r"^(and |now |but |ok )?(drop|remove|take out|lose)\b", plain):
        new = [_left_out(one, last) for one in new]
    if last.table == "customers" and parts.catalog.has_features:
        new = for_customers(parts, list(new))
    new = [_on_the_same_date(one, parts, last) for one in new]
    return tuple(of_the_same_year(one, parts, last) for one in new)


def _on_the_same_date(one: Condition, parts: Parts, last: Question) -> Condition:
    """Put a bare period on the date that was asked about: "appointments in May" - "and in June?"."""
    named = any(link.column == one.column for item in parts.sentence.items for link in item.links)
    if parts.event or named or one.column != parts.catalog.table.time or one.grain:
        return one
    dated = [
        c.column
        for c in last.where
        if c.grain is None
        and c.is_ not in ("missing", "present")
        and parts.column(c.column).kind in ("date", "datetime")
    ]
    return one.model_copy(update={"column": dated[0]}) if dated and one.column not in dated else one


def _on_groups(
    filters: tuple[Condition, ...], parts: Parts, last: Question
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Take "more than 100 transactions" for the size of a group, unless the groups are customers."""
    shown = last.by and last.table is None and last.shape == "numbers"
    if not shown or any(group.column == parts.customer_key for group in last.by):
        return (), filters
    sizes = tuple(c for c in filters if c.column == "n_transactions")
    if sizes:
        parts.customers_table = False
    having = tuple(c.model_copy(update={"column": "n"}) for c in sizes)
    return having, tuple(c for c in filters if c not in sizes)


def _outcome_instead(
    filters: tuple[Condition, ...], parts: Parts, plain: str, last: Question
) -> Measure | None:
    """Read "cancellations instead" after an average as their rate: an outcome in place of a measure."""
    if len(filters) != 1 or not re.search(r"\b(instead|rather)\b", plain) or parts.share:
        return None
    if re.search(r"\b(how many|number of|count)\b", plain):
        return None
    (one,) = filters
    outcome = parts.column(one.column).role == "outcome" and parts.catalog.is_flag(one.column)
    if not outcome or last.is_rate or last.column is None or one.column in last.columns:
        return None
    count = Measure(statistic="count")
    return count.model_copy(update={"where": [one], "per": count})


def _left_out(one: Condition, last: Question) -> Condition:
    """Take a value away from a list that was asked for, or from all."""
    listed = next((c for c in last.where if c.column == one.column and c.is_ == "in"), None)
    if listed is not None and one.value is not None:
        return listed.model_copy(update={"values": [v for v in listed.values if v != one.value]})
    opposite = {"equal": "not_equal", "in": "not_in"}.get(one.is_)
    return one.model_copy(update={"is_": opposite}) if opposite else one


def _options(parts: Parts) -> dict[str, Any] | None:
    """Return what only one kind of request has: a running total, a moving average, ranks within groups."""
    options: dict[str, Any] = {}
    if parts.running != "none":
        options = {"running": parts.running, "window": parts.window}
    if parts.rank_within:
        options["rank_within"] = True
    return options or None


def _chart(parts: Parts) -> Chart | None:
    if not parts.wants_chart:
        return None
    return None if parts.chart == "auto" and (parts.measures or parts.groups) else parts.chart
