"""Knows how segments are described to a person: who they are, what sets them apart, what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.core import Segment, ToolResult, Workspace, tool
from tools.effects import SMALL, V_SMALL
from tools.errors import ToolError
from tools.finding.evidence import VALID
from tools.profiles import profile_charts, profile_tables
from tools.profiles.describing_rules import rule_scheme
from tools.profiles.next_steps import idea_for, test_words, trial, trial_table, trial_words
from tools.profiles.rule_schemes import RuleScheme
from tools.profiles.rule_words import reader_of, rule_words, rules_table
from tools.profiles.slides import slide, told_first, value_words
from tools.profiles.standing_out import (
    Lean,
    Standing,
    Trait,
    is_part,
    outside_features,
    standing,
    traits,
    typical,
)
from tools.profiles.trait_words import lean_words, outcome_words, trait_words
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, by_value, find_segment, letter_note, require, segmented
from tools.wording import listing

IN_HEADLINE = 6  # segments named in the first sentence; the rest is counted
WITH_IDEAS = 6  # segments that get an idea and a test in the overview; the others on request
MOST_NAMED = 5  # features named in a sentence; the rest is counted
IN_PROFILE = 2  # values of categories in a sentence
IN_PROSE = 3  # traits in a sentence


@dataclass(frozen=True, slots=True)
class Portrait:
    """One segment in words: who they are, and what to try and test; the latter is given for the first few."""

    segment: str
    who: str
    next_step: str = ""

    @property
    def paragraph(self) -> str:
        """Name and portrait as one paragraph of Markdown; the next steps stand in a table."""
        return f"**{self.segment}**: {self.who}"


def portraits(workspace: Workspace) -> tuple[Portrait, ...]:
    """Put every segment that holds somebody into words, from the largest share of value.

    Every number is among the facts of `describe_segments`, which says the same.

    Raises:
        ToolError: If there are no segments.
    """
    placed = segmented(workspace, require(workspace))
    filled = [i for i in _by_value(placed) if placed.sizes[i] > 0]
    return _portraits(placed, standing(workspace, placed), filled, Quotes())


@tool
def describe_segments(workspace: Workspace, segment: str | None = None) -> ToolResult:
    """Describe the segments: sizes, value, what sets each apart, its rule, and what to try and test.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of one segment to describe in depth; leave out for all of them.
    """
    segmentation = require(workspace)
    placed = segmented(workspace, segmentation)
    if segment is not None:
        chosen = find_segment(segmentation, segment)
        told = _one(workspace, placed, chosen)
        note = letter_note(segmentation, segment, chosen)
        return replace(told, caveats=(note, *told.caveats)) if note else told
    return _overview(workspace, placed)


def _overview(workspace: Workspace, placed: Segmented) -> ToolResult:
    quotes = Quotes()
    found, scheme = standing(workspace, placed), rule_scheme(workspace, placed)
    order = _by_value(placed)
    filled = [i for i in order if placed.sizes[i] > 0]
    paragraphs = [portrait.paragraph for portrait in _portraits(placed, found, filled, quotes)]
    ideas = {i: _idea(placed, found, i) for i in filled[:WITH_IDEAS]}
    headline = _headline(placed, [placed.segments[i] for i in order], quotes)
    to_try = "The last table has an idea for each, its reason, and a test that shows whether it works."
    findings = (*paragraphs, *_beyond(placed, found, quotes), _rules_sentence(scheme, quotes), to_try)
    names = profile_tables.columns_worth(placed, found)
    tables = (
        profile_tables.sizes(placed, order),
        profile_tables.profile(placed, filled, names),
        profile_tables.set_apart(placed, found, filled),
        rules_table(placed, scheme, filled, reader_of(placed)),
        trial_table(placed, ideas),
    )
    for table, n_labels in zip(tables, (1, 2, 2, 2, 5), strict=True):
        quotes.table(table, n_labels)
    strongest = next((column for column in placed.numeric if names and column.name == names[0]), None)
    figures = [
        profile_charts.sizes_and_value([placed.segments[i] for i in filled], _value_label(placed)),
        profile_charts.heat_map(placed, found, filled, names),
    ]
    if strongest is not None:
        figures.append(profile_charts.spread(placed, strongest, filled))
    drawn = (
        profile_charts.segment_map(placed, found),
        profile_charts.rule_tree(placed, scheme, reader_of(placed)),
    )
    figures += [figure for figure in drawn if figure is not None]
    caveats = _caveats(placed, names, quotes)
    if len(filled) > WITH_IDEAS:
        left = len(filled) - WITH_IDEAS
        caveats = (
            *caveats,
            f"Ideas and tests are given for the first {quotes.number('n_with_ideas', WITH_IDEAS)} segments; "
            f"ask for one of the other {quotes.number('n_without_ideas', left)} by name to get its own.",
        )
    return ToolResult(headline, quotes.facts, findings, tables, tuple(figures), caveats)


def _value_label(placed: Segmented) -> str | None:
    return placed.label(placed.value.name) if placed.value else None


def _headline(placed: Segmented, ordered: list[Segment], quotes: Quotes) -> str:
    quotes.note("n_segments", len(ordered), "segments")
    quotes.note("n_customers", placed.segmentation.n_customers, "customers")
    with_value = placed.value_sums is not None and any(segment.value_share is not None for segment in ordered)
    parts = []
    for segment in ordered:
        people = quotes.share("share_of_customers_pct", segment.share, segment.name)
        text = f"**{segment.name}** ({people} of customers"
        if with_value and segment.value_share is not None:
            value = quotes.share("share_of_value_pct", segment.value_share, segment.name)
            text += f", {value} of {value_words(placed)}"
        parts.append(text + ")")
    if len(parts) > IN_HEADLINE + 1:
        left = len(parts) - IN_HEADLINE
        parts = [*parts[:IN_HEADLINE], f"{quotes.number('n_further_segments', left)} more in the table"]
    ranking = "from the largest share of value" if with_value else "from the largest"
    return f"Your {len(ordered)} segments, {ranking}: {listing(parts)}."


def _by_value(placed: Segmented) -> list[int]:
    return [placed.segments.index(segment) for segment in by_value(placed.segmentation)]


def _portraits(placed: Segmented, found: Standing, filled: list[int], quotes: Quotes) -> tuple[Portrait, ...]:
    return tuple(
        _portrait(placed, found, i, quotes, with_idea=rank < WITH_IDEAS) for rank, i in enumerate(filled)
    )


def _portrait(placed: Segmented, found: Standing, i: int, quotes: Quotes, *, with_idea: bool) -> Portrait:
    """Describe a segment for a slide: size and value, what is typical, outcome and profile."""
    strong = [trait.column.name for trait in traits(placed, found, i, most=IN_PROSE)]
    who = [slide(placed, i, told_first(placed, i, strong), quotes), *outcome_words(placed, i, quotes)]
    who += _profile(placed, found, i, quotes)
    return Portrait(
        placed.segments[i].name, " ".join(who), _next_step(placed, found, i, quotes) if with_idea else ""
    )


def _idea(placed: Segmented, found: Standing, i: int) -> tuple[str, str]:
    return idea_for(placed, traits(placed, found, i, most=IN_PROSE), found.leans[i])


def _next_step(placed: Segmented, found: Standing, i: int, quotes: Quotes) -> str:
    what, because = _idea(placed, found, i)
    words = trial_words(placed, i, trial(placed, i), quotes)
    return f"An idea to try: {what}, because {because}. {words}"


def _size(placed: Segmented, i: int, quotes: Quotes) -> str:
    segment = placed.segments[i]
    text = (
        f"{quotes.count('size', segment.size, 'customer', scope=segment.name)} "
        f"({quotes.share('share_of_customers_pct', segment.share, segment.name)} of all)"
    )
    if segment.value_share is not None and placed.value is not None:
        part = quotes.share("share_of_value_pct", segment.value_share, segment.name)
        text += f" with {part} of {value_words(placed)}"
    return text + "." + _stability(segment, quotes)


def _stability(segment: Segment, quotes: Quotes) -> str:
    if segment.stability is None:
        return ""
    quotes.note("stability_jaccard", segment.stability, None, segment.name)
    if segment.stability >= 0.75:
        return ""
    doubt = "its borders are doubtful" if segment.stability >= 0.6 else "do not rely on its borders"
    return (
        " When the analysis is repeated on resampled customers it is found again only in part "
        f"(bootstrap Jaccard {segment.stability:.2f}), so {doubt}."
    )


def _apart(placed: Segmented, found: Standing, strong: list[Trait], i: int, quotes: Quotes) -> str:
    if not strong:
        return "On no feature do they differ from everybody else by more than a negligible amount."
    words = [trait_words(placed, found, trait, i, quotes) for trait in strong[:IN_PROSE]]
    return f"Compared with everybody else they have {listing(words)}."


def _profile(placed: Segmented, found: Standing, i: int, quotes: Quotes) -> list[str]:
    """Describe who they are, as a profile and not as a cause: what differs of age, sex or place."""
    parts, name = [], placed.segments[i].name
    for column in placed.numeric:
        difference = found.differences.get(column.name, [None] * len(placed.segments))[i]
        if not column.protected or difference is None or abs(difference.d) < SMALL:
            continue
        kind, inside, outside = typical(placed, found, column, i)
        label = placed.label(column.name)
        if is_part(placed, column):
            mine = quotes.share(f"share_{column.name}_pct", inside, name)
            others = quotes.share(f"share_{column.name}_pct", outside, f"everybody but {name}")
            parts.append(f"{label} {mine} against {others} of the others")
        else:
            mine = quotes.number(f"{kind}_{column.name}", inside, None, name)
            others = quotes.number(f"{kind}_{column.name}", outside, None, f"everybody but {name}")
            parts.append(f"their {kind} {label} is {mine} against {others}")
    parts += [
        lean_words(lean, i, placed, quotes) for lean in _telling(found, i, placed.segmentation.features)
    ]
    return [f"In profile, {'; '.join(parts)}."] if parts else []


def _telling(found: Standing, i: int, built: Sequence[str]) -> list[Lean]:
    """Return the two values that are most over-represented, each of another column and of other customers."""
    worth = [
        lean
        for lean in found.leans[i]
        if lean.index.index > 110
        and lean.index.share_inside >= 0.03
        and lean.column.role != "outcome"
        and lean.column.name not in built  # the sentence on what is typical says it
        and lean.column.name != "bought_again"  # the number of transactions says it
    ]
    worth.sort(key=lambda lean: (-round(found.association[lean.column.name] * _rise(lean), 4), lean.value))
    chosen: list[Lean] = []
    for lean in worth:
        if all(lean.column.name != one.column.name and lean.index.n != one.index.n for one in chosen):
            chosen.append(lean)
    return chosen[:IN_PROFILE]


def _rise(lean: Lean) -> float:
    return lean.index.share_inside - lean.index.share_all


def _beyond(placed: Segmented, found: Standing, quotes: Quotes) -> tuple[str, ...]:
    """Say whether the segments also differ on what did not build them, which is the fairer test."""
    if not placed.segmentation.features:
        return ()
    outside = outside_features(placed, found)
    words = [
        f"{placed.label(name)} ({quotes.share('variance_between_segments_pct', part, name)})"
        for name, part in outside
        if part >= 0.01
    ]
    kinds = sorted(found.association.items(), key=lambda item: (-round(item[1], 4), item[0]))
    kinds = [(name, v) for name, v in kinds if v >= V_SMALL and name not in placed.segmentation.features]
    tied = [
        f"{placed.label(name)} (Cramer's V {quotes.number('cramers_v', v, None, name, 2)})"
        for name, v in kinds[:3]
        if name != "bought_again"
    ]
    told = []
    if words:
        told.append(
            f"Of the numbers that did not build them, the segments tell most about {listing(words)}; "
            "the percentage is the part of the variance that lies between segments."
        )
    if tied:
        told.append(
            f"Of the attributes, {listing(tied)} {'goes' if len(tied) == 1 else 'go'} with the segments most."
        )
    if outside and not told:
        told.append("On what did not build them, the segments hardly differ.")
    return tuple(told)


def _rules_sentence(scheme: RuleScheme, quotes: Quotes) -> str:
    if scheme.exact:
        return (
            "The segments are rules, so the rule of each finds exactly its customers; the table holds them."
        )
    text = quotes.share("rule_fidelity_pct", scheme.fidelity)
    return (
        f"Read as simple rules, the whole scheme puts {text} of customers into the segment they are in; "
        "the table gives each rule with its coverage and purity."
    )


def _caveats(placed: Segmented, names: list[str], quotes: Quotes) -> tuple[str, ...]:
    told = []
    verdict = placed.segmentation.evidence.get("verdict")
    if verdict == "none":
        told.append("The data hold no natural groups; these segments are a tiering that cuts a continuum.")
    elif verdict == "partly":
        some = any((one.stability or 0.0) >= VALID for one in placed.segments)
        told.append(
            "Only some of these segments are natural groups: those that come back on resampled customers."
            if some
            else "None of these segments comes back in full on resampled customers: the borders are doubtful."
        )
    built = [placed.label(name) for name in placed.segmentation.features]
    if len(built) > MOST_NAMED + 1:
        more = quotes.number("n_further_features", len(built) - MOST_NAMED)
        built = [*built[:MOST_NAMED], f"{more} more features"]
    if built:
        told.append(
            f"The segments were made from {listing(built)}, so differences on these show how they were made "
            "and prove nothing; no test is quoted for them."
        )
    told += _missing(placed, names, quotes)
    outside = int((placed.position < 0).sum())
    if outside:
        told.append(f"{quotes.count('n_outside', outside, 'customer')} in no segment are left out.")
    told.append(test_words(quotes))
    told.append(
        "This describes the past of these customers; it does not say how they will answer to an offer."
    )
    return tuple(told)


def _missing(placed: Segmented, names: list[str], quotes: Quotes) -> list[str]:
    built = set(placed.segmentation.features) | ({placed.value.name} if placed.value else set())
    inside = placed.position >= 0
    words = []
    for name in names[: profile_tables.MOST_FEATURES]:
        n = int((~np.isfinite(placed.numbers(name)) & inside).sum())
        column = placed.table.column(name)
        if n and (name in built or (column and column.protected)):
            words.append(f"{quotes.count('n_missing', n, 'customer', scope=name)} for {placed.label(name)}")
    return [f"Customers without a value are left out of its figures: {listing(words)}."] if words else []


def _one(workspace: Workspace, placed: Segmented, segment: Segment) -> ToolResult:
    i = placed.segments.index(segment)
    if not placed.sizes[i]:
        raise ToolError(f"{segment.name} holds no customers.", "Describe another segment.")
    quotes = Quotes()
    found, scheme = standing(workspace, placed), rule_scheme(workspace, placed)
    strong = traits(placed, found, i)
    headline = f"**{segment.name}** holds {_size(placed, i, quotes)}"
    findings = [
        _apart(placed, found, strong[: IN_PROSE + 2], i, quotes),
        *_effects_sentence(placed, found, strong, i, quotes),
        *outcome_words(placed, i, quotes),
        *_profile(placed, found, i, quotes),
        *_sureness(placed, i, quotes),
        *rule_words(placed, scheme, i, quotes),
        _next_step(placed, found, i, quotes),
    ]
    names = profile_tables.columns_worth(placed, found)
    tables = [profile_tables.traits_of(placed, found, i, strong), profile_tables.leans_of(placed, found, i)]
    for table in tables:
        quotes.table(table, 1)
    examples = profile_tables.typical_customers(placed, found, i, 5, borderline=5)
    figures = [profile_charts.effects(placed, segment.name, strong)] if strong else []
    if strong:
        figures.append(profile_charts.spread(placed, strong[0].column, list(range(len(placed.segments)))))
    figures.append(profile_charts.confidence(placed, i))
    caveats = _caveats(placed, names, quotes)  # before the facts are read: it quotes numbers too
    shown = tuple(table for table in (*tables, examples) if table.rows)
    return ToolResult(headline, quotes.facts, tuple(findings), shown, tuple(figures), caveats)


def _effects_sentence(
    placed: Segmented, found: Standing, strong: list[Trait], i: int, quotes: Quotes
) -> list[str]:
    independent = {name for name, _ in outside_features(placed, found, most=len(found.spread))}
    outside = [trait for trait in strong if trait.column.name in independent][:2]
    if not outside:
        return []
    words = []
    for trait in outside:
        name, d = trait.column.name, trait.difference
        value = quotes.number(f"standardised_difference_{name}", d.d, None, placed.segments[i].name, 2)
        low = quotes.number(f"difference_low_{name}", d.low, None, placed.segments[i].name, 2)
        high = quotes.number(f"difference_high_{name}", d.high, None, placed.segments[i].name, 2)
        n = quotes.count(f"n_{name}", d.n_inside, "customer", scope=placed.segments[i].name)
        words.append(f"{placed.label(name)} {value} standard deviations (95% interval {low} to {high}, {n})")
    quotes.note("interval_pct", 95.0, "%")
    return [f"On features that did not build the segments it stands apart most in {listing(words)}."]


def _sureness(placed: Segmented, i: int, quotes: Quotes) -> list[str]:
    mine = placed.confidence[placed.position == i]
    if not mine.size or float(mine.min()) == 1.0:
        return []
    scope, model = placed.segments[i].name, placed.segmentation.model
    while model["type"] == "split":
        model = model["base"]
    limit, meaning = (
        (0.6, "probability of the segment")
        if model["type"] == "gaussians"
        else (0.1, "0 on the border, 1 at the centre")
    )
    middle = quotes.number("median_confidence", float(np.median(mine)), None, scope, 2)
    low = quotes.share("share_near_a_border_pct", float((mine < limit).mean()), scope)
    shown = quotes.number("border_confidence", limit, None, scope)
    return [f"Their median confidence is {middle} ({meaning}); {low} lie near a border, below {shown}."]
