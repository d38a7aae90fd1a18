"""Builds requests about data from the parts of a sentence: aggregates, trends, distributions, relations."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.bands import take_bands
from assistant.builtin.parsing.baskets import take_basket
from assistant.builtin.parsing.birth_dates import take_birth_dates
from assistant.builtin.parsing.birth_years import take_birth_years
from assistant.builtin.parsing.concentration import read_concentration
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.customer_rows import take_first_or_last
from assistant.builtin.parsing.deeds import take_deeds
from assistant.builtin.parsing.definitions import take_definitions
from assistant.builtin.parsing.differences import read_difference
from assistant.builtin.parsing.different_values import take_different_values
from assistant.builtin.parsing.edges import take_edge
from assistant.builtin.parsing.firsts import take_never, take_newness
from assistant.builtin.parsing.formulas import take_formulas
from assistant.builtin.parsing.gaps import take_gaps
from assistant.builtin.parsing.grouping import is_plural
from assistant.builtin.parsing.groups import take_groups
from assistant.builtin.parsing.happening import take_happenings
from assistant.builtin.parsing.head_nouns import take_head_nouns
from assistant.builtin.parsing.histories import take_history_periods
from assistant.builtin.parsing.kept_groups import take_kept_groups
from assistant.builtin.parsing.lacking import take_none_of_several
from assistant.builtin.parsing.majorities import take_groups_with_part, take_majority
from assistant.builtin.parsing.measures import take_measures
from assistant.builtin.parsing.moments import take_date_order, take_lateness
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.rate_questions import read_rate_question
from assistant.builtin.parsing.rates import take_rate
from assistant.builtin.parsing.relations import (
    read_cross_table,
    read_distribution,
    read_outliers,
    read_relation,
)
from assistant.builtin.parsing.sequences import read_sequence, take_sequences
from assistant.builtin.parsing.several_tables import take_other_rows
from assistant.builtin.parsing.share_bases import take_share_base
from assistant.builtin.parsing.shares import take_shares_of_several
from assistant.builtin.parsing.times import take_events, take_times, use_time_words
from assistant.builtin.parsing.totals import aggregate
from assistant.builtin.parsing.trends import read_trend
from assistant.builtin.parsing.two_sides import gather_two_sides
from assistant.builtin.parsing.units import read_nested
from assistant.builtin.parsing.values import take_ways_of_paying
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, Chart, Drivers
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.tokens import tokenise

_CHARTS = {"pie", "bar", "stacked", "line", "area", "histogram", "box", "scatter", "heatmap", "none", "auto"}


def gather(sentence: Sentence, catalog: Catalog) -> Parts:
    """Take a sentence apart; a copy of the sentence is marked, so that other readers may try their luck."""
    parts = Parts(sentence.fresh(), catalog)
    _chart(parts)
    parts.compares = parts.sentence.has("compare")
    _gap(parts)
    _settle_growth(parts)
    _settle_modes(parts)
    _settle_typical(parts)
    if any(item.has("over_time", "growth") for item in parts.sentence.items):
        parts.growth = True
    _purpose(parts)
    _so_that(parts)
    take_happenings(parts)
    take_head_nouns(parts)
    _outlier_threshold(parts)
    take_birth_years(parts)
    take_birth_dates(parts)
    take_definitions(parts)
    take_majority(parts)
    take_groups_with_part(parts)
    take_kept_groups(parts)
    take_ways_of_paying(parts)
    take_none_of_several(parts)
    take_deeds(parts)
    take_gaps(parts)
    take_basket(parts)
    take_sequences(parts)
    take_formulas(parts)
    take_date_order(parts)
    take_edge(parts)
    take_lateness(parts)
    take_top_share(parts)
    _take_top_share_behind(parts)
    take_shares_of_several(parts)
    take_share_base(parts)
    take_rate(parts)
    take_history_periods(parts)
    take_newness(parts)
    take_events(parts)
    take_different_values(parts)
    take_bands(parts)
    take_groups(parts)
    take_times(parts)
    take_first_or_last(parts)
    take_other_rows(parts)
    take_never(parts)
    take_conditions(parts)
    use_time_words(parts)
    if parts.sentence.has("how_much") and parts.sentence.says(*_COMES_FROM):
        parts.share = True
    take_measures(parts)
    return parts


def _gap(parts: Parts) -> None:
    """Read "how much more do men spend than women" as the two groups and their difference."""
    tokens = [token.norm for token in parts.sentence.tokens]
    for at in range(len(tokens) - 2):
        if tokens[at : at + 2] in (["how", "much"], ["how", "many"]) and tokens[at + 2] in cue(
            "gap_comparative"
        ):
            parts.asks_gap = True
            for item in parts.sentence.items:
                bare = set(item.text.lower().split()) <= {*cue("gap_comparative"), "than"}
                if bare and (item.start == at + 2 or "than" in item.text.lower().split()):
                    item.used = True
            parts.counts = parts.counts or tokens[at + 1] == "many"
            return


_COMES_FROM = phrases("comes_from")


def _settle_modes(parts: Parts) -> None:
    """Take "the most common rating per city" for the mode of a number column."""
    if not any(item.has("by") for item in parts.sentence.items):
        return
    for index, item in enumerate(parts.sentence.items):
        after = parts.sentence.at(index + 1)
        common = item.has("superlative", "desc") and item.text.lower() in ("most common", "most frequent")
        if common and after and after.links and parts.is_measurable(after.links[0].column):
            item.senses = {"statistic": "mode"}


def _settle_typical(parts: Parts) -> None:
    """Take "typical" for what is said of it besides: "the typical gap (mean)"."""
    said = [item for item in parts.sentence.items if item.has("statistic")]
    vague = [item for item in said if item.text.lower() in cue("typical_word")]
    if len(said) > len(vague):
        for item in vague:
            item.senses = {}
            item.used = True


def _settle_growth(parts: Parts) -> None:
    """Take "how many calls dropped" for what is written in a cell, not for a fall."""
    counted = parts.sentence.has("count") or parts.sentence.has("share")
    counted = counted or parts.sentence.has("comparative", "often")
    for index, item in enumerate(parts.sentence.items):
        after = parts.sentence.at(index + 1)
        described = after is not None and after.has("entity")  # "dropped calls before noon"
        described |= _befell(parts, index)
        if (counted or described) and item.has("over_time", "growth") and item.values:
            item.senses = {kind: meaning for kind, meaning in item.senses.items() if kind != "over_time"}


def _befell(parts: Parts, index: int) -> bool:
    """Tell whether a content says what befell the rows before it: "calls dropped in may"."""
    before, tokens = parts.sentence.at(index - 1), parts.sentence.tokens
    item = parts.sentence.items[index]
    row = before is not None and before.end == item.start and before.has("entity", "row", "transaction")
    asks = bool({"did", "does", "do", "has", "have", "why"} & {tokens[0].norm}) or parts.sentence.says(
        "how much"
    )
    told = not any(one.number and one.number.unit == "%" for one in parts.sentence.items)
    return row and tokens[item.start].norm.endswith("ed") and told and not asks


def _chart(parts: Parts) -> None:
    drawn = [
        item
        for item in parts.sentence.items
        if item.has("chart_kind") and not item.links and not (item.has("entity") and is_plural(item))
    ]
    kinds = [item.senses["chart_kind"] for item in drawn]
    for item in drawn:
        item.used = True
    named = [kind for kind in kinds if kind != "auto"]
    chart: Chart = named[-1] if named else "auto"
    parts.chart = chart
    parts.wants_chart = bool(kinds)


def _outlier_threshold(parts: Parts) -> None:
    """Keep the number of an outlier rule from being taken for a filter: "z-score above 3"."""
    if not parts.sentence.has("outliers"):
        return
    for index, item in enumerate(parts.sentence.items):
        around = [parts.sentence.at(index + step) for step in (-3, -2, -1, 1, 2)]
        rule = any(
            near and (near.has("outliers", "z_rule", "iqr_rule") or near.has("statistic", "std", "iqr"))
            for near in around
        )
        if item.number and item.number.unit in (None, "times") and item.number.value <= 10 and rule:
            item.used = True
            parts.outlier_threshold = item.number.value
            for near in (parts.sentence.at(index - 1), parts.sentence.at(index + 1)):
                if near and (near.has("comparator") or near.has("statistic", "std", "iqr")):
                    near.used = True


def _purpose(parts: Parts) -> None:
    """Leave out what the answer is for: "... for the loan offer", "for my board meeting"."""
    for index, item in parts.sentence.free():
        if not item.has("purpose"):
            continue
        before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 5) : item.start]]
        if "for" not in before:
            item.used = bool(not before)
            continue
        item.used = True
        first = item.start - len(before) + before.index("for")
        for other in parts.sentence.items[:index]:
            if other.start >= first:
                other.used = True
                parts.purpose = True


_SO_THAT = re.compile(
    r",? so (?:that )?(?:we|i|you|he|she|they|(?:my|our|the) \w+) "
    r"(?:can|could|may|might|will|would|knows?|gets?|have|has|understands?)\b[^.?!;]*$",
    re.IGNORECASE,
)


def _so_that(parts: Parts) -> None:
    """Leave out what the answer is for, told behind it: "..., so we can send them a gift".

    What names the data there is asked too: "so that I see it by city".
    """
    found = _SO_THAT.search(parts.sentence.text)
    if found is None or not found.start():
        return
    n_before = len(tokenise(parts.sentence.text[: found.start()]))
    behind = [item for item in parts.sentence.items if item.start >= n_before]
    if n_before and not any(item.links or item.values or item.number for item in behind):
        for item in behind:
            item.used = True


def take_top_share(parts: Parts) -> None:
    """Read "the top 20% of customers by spend" as a filter."""
    for index, item in parts.sentence.free():
        direction = item.senses.get("superlative")
        number = parts.sentence.at(index + 1)
        if not direction or not number or number.number is None or number.number.unit != "%":
            continue
        item.used = number.used = True
        edge = parts.sentence.find("threshold")
        if edge is not None:
            edge.used = True
            level = number.number.value / 100
            parts.edges = [1 - level if direction == "desc" else level]
            parts.sentence.take_all("by")
            return
        parts.top_share = (direction, number.number.value)
        after = parts.sentence.at(index + 2)
        if after and after.has("entity", "customer"):
            after.used = True
            parts.entity = "customer"
        by = next((i for i, other in parts.sentence.free() if other.has("by") and i > index), None)
        target = parts.sentence.at(by + 1) if by is not None else None
        if (
            by is not None
            and target
            and (target.has("feature") or (target.links and parts.is_measurable(target.links[0].column)))
        ):
            parts.sentence.items[by].used = target.used = True
            parts.top_share_column = target.senses.get("feature") or parts.pick(target, "number")
        return


def _take_top_share_behind(parts: Parts) -> None:
    """Read "the 10% of orders with the highest tip" and "the 5% biggest orders" as a filter."""
    for index, item in parts.sentence.free():
        if item.number is None or item.number.unit != "%" or parts.top_share:
            continue
        before = parts.sentence.at(index - 1)
        if before is not None and before.has("comparator"):
            continue
        at = index + 1
        passed: list[Item] = []
        while (near := parts.sentence.at(at)) and (near.has("entity") or near.has("logic", "with", "which")):
            passed.append(near)
            at += 1
        rank, target = parts.sentence.at(at), parts.sentence.at(at + 1)
        if rank is None or not rank.has("superlative") or rank.text.lower() in ("most common", "rank"):
            continue
        name = None
        if target is not None and any(parts.is_measurable(link.column) for link in target.links):
            name = parts.pick(target, "number")
        elif target is None or not target.has("entity"):
            continue
        for used in (item, rank, *passed, *([target] if name and target else [])):
            used.used = True
        nouns = [n for n in (*passed, target) if n is not None and n.has("entity", "customer")]
        parts.entity = "customer" if nouns else parts.entity
        parts.top_share, parts.top_share_column = (rank.senses["superlative"], item.number.value), name
        return


def read_data_question(sentence: Sentence, catalog: Catalog) -> tuple[Reading, Parts] | None:
    """Read a question about data.

    Returns:
        The reading and what it was made from (for the check of what remains unexplained), or None if there
        is no question about data in the sentence.
    """
    few = read_concentration(sentence, catalog)
    if few is not None:
        return few
    against = gather_two_sides(sentence, catalog, gather)
    found = _built(against) if against is not None else None
    if found is not None and not _only_counts(*found):
        return found
    return _built(gather(sentence, catalog))


def _only_counts(reading: Reading, parts: Parts) -> bool:
    """Tell whether two sides are merely counted though one was called the higher one."""
    request = reading.requests[0]
    plain = isinstance(request, Aggregate) and all(
        measure.statistic.startswith("count") and measure.per is None for measure in request.measures
    )
    return plain and not parts.counts and parts.claim != "none"


def _built(parts: Parts) -> tuple[Reading, Parts] | None:
    for build in _BUILDERS:
        request = build(parts)
        if request is not None:
            return Reading((request,), tuple(parts.notes), majority=parts.majority), parts
    return None


def _aggregate(parts: Parts) -> Request | None:
    """Measure groups; "who churns most" asks for kinds of customers, of whom a single one left or did not."""
    asked = aggregate(parts)
    table = parts.catalog.table
    if asked is None or table.grain != "customers" or asked.table not in (None, table.name):
        return asked
    single = [group.column for group in asked.by] == [table.customer] and asked.limit
    outcomes = [one.column for measure in asked.measures if measure.per for one in measure.where]
    if not single or len(outcomes) != 1 or parts.catalog.yes_no(outcomes[0]) is None:
        return asked
    return Drivers(column=outcomes[0], where=asked.where)


_BUILDERS: tuple[Callable[[Parts], Request | None], ...] = (
    read_sequence, read_outliers, read_rate_question, read_relation, read_difference, read_distribution,
    read_nested, read_trend, read_cross_table, _aggregate,
)  # fmt: skip
