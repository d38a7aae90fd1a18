"""Knows what requests account for: names, numbers, statistics, comparisons, groups and order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request, edits, tables
from assistant.builtin.request.rows import Aggregate, Concentration, Filtered, Trend
from tools.customers.behaviour import slug
from tools.selecting import Condition, GroupBy, Measure
from tools.sequences import PLACE, SINCE_FIRST, SINCE_PREVIOUS
from tools.sides import SIGNS, side_of

# What a customer's feature is made of, by the role of the column.
_MADE_OF: Mapping[str, frozenset[str]] = {
    "total_amount": frozenset({"amount"}), "mean_amount": frozenset({"amount"}),
    "median_amount": frozenset({"amount"}), "largest_amount": frozenset({"amount"}),
    "largest_share": frozenset({"amount"}), "last_balance": frozenset({"balance"}),
    "mean_balance": frozenset({"balance"}), "recency_days": frozenset({"time"}),
    "tenure_days": frozenset({"time"}), "mean_gap_days": frozenset({"time"}),
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Requests about the tables that only tell what is there.
_DESCRIBES = frozenset({"describe_data", "check_quality", "count_missing", "find_duplicates"})
DENYING = frozenset({"not_equal", "not_in", "missing", "has_no_rows"})


@dataclass(frozen=True)
class Claims:
    """What the requests of one reading hold, without regard to the sentence.

    Attributes:
        requests: The requests.
        catalog: The data that they are about.
        looked_at: What the answer will say whether it holds: a group, a number.
    """

    requests: tuple[Request, ...]
    catalog: Catalog
    looked_at: tuple[str, ...] = ()

    @cached_property
    def leaves(self) -> tuple[tuple[str, str | float], ...]:
        """Every argument with the name of the field that holds it."""
        return tuple(leaf for request in self.requests for leaf in _leaves("", request.arguments()))

    @cached_property
    def text(self) -> str:
        """All arguments as they are written, in lower case."""
        held = [*(request.arguments() for request in self.requests), *self.looked_at]
        return json.dumps(held, ensure_ascii=False).lower()

    @cached_property
    def columns(self) -> frozenset[str]:
        """Columns named anywhere, inside formulas too; those that a feature of customers is made of."""
        found: set[str] = set()
        for _, value in self.leaves:
            if isinstance(value, str):
                found |= {name for name in self.catalog.columns if _names(value, name)}
        found |= {name for name in self.catalog.columns if _is_made_into(name, found)}
        roles = {role for name in found for role in _MADE_OF.get(name, ())}
        if roles:
            found |= {c.name for t in self.catalog.tables.values() for c in t.columns if c.role in roles}
        return frozenset(found)

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Numbers anywhere, those inside dates, names and formulas too."""
        found = {float(v) for _, v in self.leaves if isinstance(v, int | float)}
        written = (number for _, v in self.leaves if isinstance(v, str) for number in _NUMBER.findall(v))
        return frozenset(found | {float(number) for number in written})

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, those below a fraction and those computed in each unit first too."""
        outer = [m for r in self.requests for m in getattr(r, "measures", ())]
        outer += [r.measure for r in self.requests if isinstance(r, Trend | Concentration)]
        return tuple(inner for measure in outer for inner in _inner(measure))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition: on rows, on groups, of measures, and alternatives."""
        found = [c for r in self.requests for c in (*getattr(r, "where", ()), *getattr(r, "having", ()))]
        found += [c for m in self.measures for c in m.where]
        found += [
            c
            for r in self.requests
            for s in getattr(r, "segments", ())
            if not isinstance(s, str)
            for c in s.where
        ]
        sides = (side_of(group.column, self.catalog.columns) for group in self.groups)
        found += [
            Condition.model_validate({"column": one.column, "is": SIGNS[one.sign], "value": one.value})
            for side in sides
            if side
            for one in (*side.own, *side.other)
        ]
        return tuple(inner for one in found for inner in _alternatives(one))

    @cached_property
    def groups(self) -> tuple[GroupBy, ...]:
        """Everything that is grouped by, whatever the tool calls it."""
        found: list[GroupBy] = [g for m in self.measures for g in m.each]
        for request in self.requests:
            by = getattr(request, "by", None)
            found += list(by) if isinstance(by, list) else [GroupBy(column=by)] if isinstance(by, str) else []
        return tuple(found)

    @cached_property
    def statistics(self) -> tuple[str, ...]:
        """What is computed, in order."""
        return tuple(m.statistic for m in self.measures)

    @property
    def about_rows(self) -> bool:
        """Whether every request is a question about rows."""
        return all(isinstance(request, Filtered) for request in self.requests)

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        """The requests for measures by group."""
        return tuple(request for request in self.requests if isinstance(request, Aggregate))

    @cached_property
    def tools(self) -> frozenset[str]:
        """The tools that are asked."""
        return frozenset(request.tool for request in self.requests)

    @cached_property
    def asked_tables(self) -> frozenset[str]:
        """The tables that are named."""
        return frozenset(str(value) for name, value in self.leaves if name == "table")

    @cached_property
    def given_names(self) -> frozenset[str]:
        """Words of the names that are given to segments."""
        named = (
            str(value) for name, value in self.leaves if name in ("name", "names", "otherwise", "segment")
        )
        return frozenset(word for name in named for word in name.lower().split())

    @cached_property
    def times(self) -> frozenset[str]:
        """Every column of dates in the data."""
        columns = (column for table in self.catalog.tables.values() for column in table.columns)
        return frozenset(column.name for column in columns if column.kind in ("date", "datetime"))

    @cached_property
    def in_sequence(self) -> bool:
        """Whether the order of a customer's rows is looked at: the second one, days since the first."""
        leads = (SINCE_FIRST, SINCE_PREVIOUS, PLACE)
        return any(isinstance(value, str) and value.startswith(leads) for _, value in self.leaves)

    @property
    def edits(self) -> bool:
        """Whether segments, or how columns are read, are only changed: each word has its place in that."""
        changed = (edits.__name__, tables.__name__)
        return all(type(r).__module__ in changed and r.tool not in _DESCRIBES for r in self.requests)

    def has_number(self, value: float, slack: float = 0.0) -> bool:
        """Tell whether a number is accounted for: as it stands, as a share, or as its complement."""
        forms = (value, -value, value / 100, 1 - value / 100, 100 - value, value * 100)
        near = max(slack, 1e-6)
        return any(abs(form - own) <= near * max(1.0, abs(form)) for form in forms for own in self.numbers)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str | float]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(key, str) and name in ("weights",):
                yield name, key
            yield from _leaves(str(key), each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _leaves(name, each)
    elif isinstance(value, str | int | float) and value is not None:
        yield name, value


def _is_made_into(name: str, features: set[str]) -> bool:
    """Tell whether a feature of customers is made of a column: mean_wt_kg of wt_kg, share_status_failed."""
    tail = slug(name)
    made = {f"{lead}_{tail}" for lead in ("mean", "total", "median", "largest", "share", "last")}
    return bool(made & features) or any(one.startswith(f"share_{tail}_") for one in features)


def _names(text: str, name: str) -> bool:
    """Tell whether a text is a column's name or a formula that holds it."""
    return text == name or (name in text and any(sign in text for sign in "*+-/=<>") and len(name) > 1)


def _inner(measure: Measure) -> Iterator[Measure]:
    yield measure
    for other in (measure.per, measure.of):
        if other is not None:
            yield from _inner(other)


def _alternatives(one: Condition) -> Iterator[Condition]:
    yield one
    for other in (*one.or_, *one.rows):
        yield from _alternatives(other)
