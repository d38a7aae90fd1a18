"""What numbers are traced to and what a check returns: facts with their step, traces, and what is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tools.core import Fact, Workspace
from tools.wording import plain_name

_FILTER = re.compile(r"(?:^|\s)(?:where|among) .*$", re.DOTALL)
_NEXT_GROUP = re.compile(r"; |, (?=[^,=]+ = )")
_IS_PAIRED = re.compile(r"(?:^|_)r(?:_|$)|n_pairs|spearman|kendall")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\b")
OTHERS = "everybody but "
REMEMBERED = 1 << 14  # names and scopes whose reading is kept: one answer asks for each of them many times


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A fact and the step of the turn that it came from; step -1 is the question or an earlier turn.

    Attributes:
        step: The step.
        fact: The fact.
        needs: Which words a sentence must have to speak of it, where it was not told but follows from told
            ones: "rest" for everybody but a group, "not" for what remains of a share; "" for none.
        origin: The told fact that it is read from, where it is not the fact itself.
    """

    step: int
    fact: Fact
    needs: str = ""
    origin: Fact | None = None

    @property
    def source(self) -> str:
        """Name and scope of the told fact."""
        return fact_name(self.origin or self.fact)


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


@lru_cache(maxsize=REMEMBERED)
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


@lru_cache(maxsize=REMEMBERED)
def columns_of(scope: str) -> Mapping[str, str]:
    """Return for each name of a scope the column that it is a value of; "time" for days, "" for segments."""
    groups = _FILTER.sub("", scope)
    found: dict[str, str] = {}
    for part in _NEXT_GROUP.split(groups):
        column, _, value = part.rpartition(" = ")
        name = value.strip(" “”").replace("_", " ").casefold()
        if name:
            found[name] = column.strip().casefold() or ("time" if _DAY.match(name) else "")
    return found


@lru_cache(maxsize=REMEMBERED)
def subjects_of(fact: Fact) -> frozenset[str]:
    """Return the names that a sentence would use for what a fact is about; a correlation is about a pair."""
    names = subjects(fact.scope)
    if _IS_PAIRED.search(fact.name):
        return frozenset(part for name in names for part in name.split(" and "))
    return names


def groups_counted(facts: Iterable[SourcedFact]) -> dict[str, int]:
    """Return for each grouping column, in the singular, of how many groups facts speak."""
    groups: dict[str, set[str]] = {}
    for sourced in facts:
        for part in _NEXT_GROUP.split(_FILTER.sub("", sourced.fact.scope)):
            column, equals, value = part.partition(" = ")
            if equals:
                groups.setdefault(column.strip().replace("_", " ").casefold(), set()).add(value)
    return {column.removesuffix("s"): len(values) for column, values in groups.items() if len(values) > 1}
