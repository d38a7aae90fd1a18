"""What numbers are traced to and what a check returns: facts with their step, traces, and what is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools.core import Fact, Workspace
from tools.wording import plain_name

_FILTER = re.compile(r"(?:^|\s)(?:where|among) .*$", re.DOTALL)
_NEXT_GROUP = re.compile(r"; |, (?=[^,=]+ = )")
_IS_PAIRED = re.compile(r"(?:^|_)r(?:_|$)|n_pairs|spearman|kendall")
OTHERS = "everybody but "


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A fact and the step of the turn that it came from; step -1 is the question or an earlier turn."""

    step: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Said:
    """A passage that was computed as it stands, the step that it came from, and what to call its source."""

    step: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class NumberTrace:
    """Where a number in an answer comes from.

    Attributes:
        text: As written.
        start: Index of its first character in the answer.
        end: Index behind its last character.
        step: Index of the step in the turn; -1 where it repeats the question or an earlier turn.
        fact: Name of the fact, with its scope.
    """

    text: str
    start: int
    end: int
    step: int
    fact: str


Marked = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Grounding:
    """Result of a check: what could be traced, and text, start and end of what could not."""

    traces: tuple[NumberTrace, ...]
    unsupported: tuple[Marked, ...]


def fact_name(fact: Fact) -> str:
    """Return the fact's name with what it is about."""
    return f"{fact.name} [{fact.scope}]" if fact.scope else fact.name


def labels_of(workspace: Workspace) -> Iterator[str]:
    """Yield the names of tables, files, columns and segments; digits in a name are no numbers."""
    for table in workspace.tables.values():
        yield from (table.name, table.source)
        for column in table.columns:
            yield column.name
            yield column.name.replace("_", " ")
            yield plain_name(column.name)
    for segmentation in workspace.segmentations.values():
        yield segmentation.name
        yield from (segment.name for segment in segmentation.segments)


def subjects(scope: str) -> frozenset[str]:
    """Return the names that a sentence would use for what a fact is about, in lower case.

    "Gold; Contract = One year where churn is Yes" is about "gold" and "one year"; the filter is common to all
    groups and names none, and a fact about everybody else has no name.
    """
    groups = _FILTER.sub("", scope)
    if groups.startswith(OTHERS):
        return frozenset()
    parts = (part.rpartition(" = ")[2] for part in _NEXT_GROUP.split(groups))
    return frozenset(name for part in parts if (name := part.strip(" “”").replace("_", " ").casefold()))


def subjects_of(fact: Fact) -> frozenset[str]:
    """Return the names that a sentence would use for what a fact is about; a correlation is about a pair."""
    names = subjects(fact.scope)
    if _IS_PAIRED.search(fact.name):
        return frozenset(part for name in names for part in name.split(" and "))
    return names


def with_totals(facts: Sequence[SourcedFact]) -> list[SourcedFact]:
    """Add the sum over all groups where shares prove that the groups are all there are.

    "600 of 1,200 guests" is right where each channel's guests are known and the channels' shares make 100 %.
    """
    families: dict[tuple[int, str, str | None], dict[frozenset[str], float]] = {}
    whole: set[tuple[int, str]] = set()
    for sourced in facts:
        fact, names = sourced.fact, subjects(sourced.fact.scope)
        if isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
            continue
        if not fact.scope:
            whole.add((sourced.step, fact.name))
        elif len(names) == 1 and " = " in fact.scope:
            families.setdefault((sourced.step, fact.name, fact.unit), {})[names] = float(fact.value)
    complete = [
        (step, groups.keys())
        for (step, _, unit), groups in families.items()
        if unit == "%" and len(groups) > 1 and abs(sum(groups.values()) - 100) < 0.5
    ]
    return [
        *facts,
        *(
            SourcedFact(step, Fact(name, sum(groups.values()), unit))
            for (step, name, unit), groups in families.items()
            if name.startswith(("n_", "sum_"))
            and (step, name) not in whole
            and (step, groups.keys()) in complete
        ),
    ]


def groups_counted(facts: Iterable[SourcedFact]) -> dict[str, int]:
    """Return for each grouping column, in the singular, of how many groups facts speak."""
    groups: dict[str, set[str]] = {}
    for sourced in facts:
        for part in _NEXT_GROUP.split(_FILTER.sub("", sourced.fact.scope)):
            column, equals, value = part.partition(" = ")
            if equals:
                groups.setdefault(column.strip().replace("_", " ").casefold(), set()).add(value)
    return {column.removesuffix("s"): len(values) for column, values in groups.items() if len(values) > 1}
