"""Adds to told facts what follows from them: totals, averages, counts from shares, and what remains."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.grounding.facts import OTHERS, SourcedFact, subjects
from assistant.grounding.kinds import kind_of
from assistant.grounding.margins import with_margins
from assistant.grounding.remainders import OF_OUTCOME, OF_SUM
from tools.core import Fact

_SIZE = re.compile(r"^(?:size|customers)$|^n_(?!missing|columns|segments|pairs|needed|groups|strong|with)")
_RATE = re.compile(r"where_share|_rate(?:_pct)?$|share_missing|r_squared_pct$")
_OUTCOME = re.compile(r"where_share|_rate(?:_pct)?$")
_MOST_TOLD = 8  # groups whose counts add up to everybody where nothing tells of others
_BASE_RATE = re.compile(r"base_rate|target_rate")
_PARTED = re.compile(r"^(?P<base>[^,=;]+), (?P<rest>[^=,;]+ = [^=]+)$")
_OF_THE_TOTAL = re.compile(r"(\d+(?:\.\d+)?)% of the total$")


@dataclass(slots=True)
class _Group:
    """What is known of one group: its sizes, sums and rates, each with its source."""

    sizes: dict[str, SourcedFact] = field(default_factory=dict)
    sums: dict[str, SourcedFact] = field(default_factory=dict)
    rates: list[SourcedFact] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def with_derived(facts: Sequence[SourcedFact]) -> list[SourcedFact]:
    """Return facts with what follows from them and was not told.

    Per group: the mean from total and size, the count from rate and size, and what a rate leaves to 100 %.
    Over all groups of a column, where shares, rates or a second column prove that they are all there are:
    the total, each group's share in it, and everybody but the group.

    Args:
        facts: All facts that may be quoted.
    """
    known = {(each.fact.name, each.fact.scope) for each in facts}
    margins = [each for each in with_margins(facts) if (each.fact.name, each.fact.scope) not in known]
    everything = [*facts, *margins, *_totals([*facts, *margins])]
    known = {(each.fact.name, each.fact.scope) for each in everything}
    groups = _groups(everything)
    made = [*_of_groups(groups), *_of_the_rest(everything, groups), *_of_outcomes(groups)]
    made += [*_of_means(everything, groups), *_of_all_told(everything)]
    return [
        *everything,
        *(each for each in _unique(made) if each.needs or (each.fact.name, each.fact.scope) not in known),
    ]


def _unique(facts: Sequence[SourcedFact]) -> Iterator[SourcedFact]:
    seen: set[tuple[str, str, str]] = set()
    for each in facts:
        key = (each.fact.name, each.fact.scope, each.needs)
        if key not in seen:
            seen.add(key)
            yield each


def _groups(facts: Sequence[SourcedFact]) -> dict[str, _Group]:
    groups: dict[str, _Group] = defaultdict(_Group)
    for sourced in facts:
        fact = sourced.fact
        if not _is_number(fact) or (": " in fact.scope and " = " not in fact.scope):
            continue
        group = groups["" if fact.scope == "everybody" else fact.scope]
        group.names.add(fact.name)
        if _SIZE.search(fact.name) and kind_of(fact) == "count":
            name = "customers" if fact.name in ("size", "customers") else fact.name
            group.sizes.setdefault(name, sourced)
        elif fact.name.startswith("sum_"):
            group.sums.setdefault(fact.name, sourced)
        elif fact.unit == "%" and _RATE.search(fact.name) and not _BASE_RATE.search(fact.name):
            group.rates.append(sourced)
        elif fact.unit == "%" and fact.name == "share_pct" and (parted := _PARTED.match(fact.scope)):
            groups[parted["base"]].rates.append(sourced)
    return groups


def _of_groups(groups: dict[str, _Group]) -> Iterator[SourcedFact]:
    for scope, group in groups.items():
        for name, total in group.sums.items():
            for size in group.sizes.values():
                if n := _value(size):
                    mean = _value(total) / n
                    made = Fact(f"mean_{name.removeprefix('sum_')}", mean, total.fact.unit, scope)
                    yield _from(total, made)
        for rate in group.rates:
            share = _value(rate)
            where = "" if rate.fact.scope == "everybody" else rate.fact.scope
            yield _from(rate, Fact(rate.fact.name, 100.0 - share, "%", where), "not")
            for size in group.sizes.values():
                count = _value(size) * share / 100.0
                unit = size.fact.unit
                yield _from(rate, Fact(f"n_{_about(rate.fact.name)}", float(round(count)), unit, where))
                rest = float(round(_value(size) - count))
                yield _from(rate, Fact(f"n_{_about(rate.fact.name)}", rest, unit, where), "not")


def _from(told: SourcedFact, made: Fact, needs: str = "") -> SourcedFact:
    return SourcedFact(told.step, made, needs, told.origin or told.fact)


def _about(rate: str) -> str:
    return rate.removesuffix("_share_pct").removesuffix("_pct")


def _of_the_rest(facts: Sequence[SourcedFact], groups: dict[str, _Group]) -> Iterator[SourcedFact]:
    """Yield shares in a known total, and what everybody but a group has."""
    whole = groups.get("")
    if whole is None:
        return
    yield from _of_everybody(facts)
    totals = {**whole.sizes, **whole.sums}
    for scope, group in groups.items():
        if not scope or scope.startswith(OTHERS) or not _is_a_group(scope):
            continue
        for name, part in {**group.sizes, **group.sums}.items():
            total = totals.get(name) or (totals.get("n_customers") if name == "customers" else None)
            if total is None or not 0 < _value(part) < _value(total):
                continue
            share = 100.0 * _value(part) / _value(total)
            of = name.removeprefix("n_")
            yield _from(part, Fact(f"share_of_{of}_pct", share, "%", scope))
            rest = _value(total) - _value(part)
            yield _from(part, Fact(name, rest, part.fact.unit, OTHERS + scope), "rest")
            yield _from(part, Fact(f"share_of_{of}_pct", 100.0 - share, "%", OTHERS + scope), "rest")
    for sourced in facts:
        fact = sourced.fact
        if (
            fact.unit == "%"
            and fact.name.startswith("share_")
            and _is_number(fact)
            and _is_a_group(fact.scope)
        ):
            yield _from(sourced, Fact(fact.name, 100.0 - _value(sourced), "%", OTHERS + fact.scope), "rest")


def _of_outcomes(groups: dict[str, _Group]) -> Iterator[SourcedFact]:
    """Yield which part of all with an outcome each group is: of 144 leavers, 45 are newcomers."""
    whole = groups.get("", _Group())
    for everybody in whole.rates:
        name = everybody.fact.name
        for size, n_all in whole.sizes.items():
            total = _value(n_all) * _value(everybody) / 100.0
            for scope, group in groups.items() if total and _OUTCOME.search(name) else ():
                rate = next((each for each in group.rates if each.fact.name == name), None)
                if not scope or rate is None or size not in group.sizes:
                    continue
                share = _value(group.sizes[size]) * _value(rate) / total
                yield _from(rate, Fact(f"share_of_{_about(name)}_pct", share, "%", scope), OF_OUTCOME)


def _of_means(facts: Sequence[SourcedFact], groups: dict[str, _Group]) -> Iterator[SourcedFact]:
    """Yield which part of a sum each group has, where the means and the sizes of all groups are known."""
    families: dict[tuple[str, str], dict[str, SourcedFact]] = defaultdict(dict)
    for each in facts:
        if re.match(r"mean(?:_|$)", each.fact.name) and " = " in each.fact.scope and _is_number(each.fact):
            families[each.fact.scope.partition(" = ")[0], each.fact.name].setdefault(each.fact.scope, each)
    for (_, name), means in families.items():
        answers = {scope.rpartition(" = ")[2].casefold() for scope in means}
        sizes = {scope: next(iter(groups[scope].sizes.values()), None) for scope in means}
        sums = {scope: _value(size) * _value(means[scope]) for scope, size in sizes.items() if size}
        if answers not in ({"yes", "no"}, {"true", "false"}) or len(sums) < 2 or sum(sums.values()) <= 0:
            continue
        of = name.removeprefix("mean").strip("_") or "everything"
        for scope, part in sums.items():
            share = 100.0 * part / sum(sums.values())
            yield _from(means[scope], Fact(f"share_of_{of}_pct", share, "%", scope), OF_SUM)


def _of_all_told(facts: Sequence[SourcedFact]) -> Iterator[SourcedFact]:
    """Yield the share of each group in the counts of all groups told, where nothing tells of any other."""
    counts: dict[tuple[int, str, str], dict[str, SourcedFact]] = defaultdict(dict)
    other: set[int] = set()  # steps that tell of a whole, of shares or of groups left out
    for each in facts:
        fact = each.fact
        if fact.name in ("n_groups", "n_without_group") or (
            fact.unit == "%" and fact.name.startswith("share_")
        ):
            other.add(each.step)
        elif fact.name.startswith("n_") and fact.unit != "%" and _is_number(fact):
            if not fact.scope:
                other.add(each.step)
            elif fact.scope.count(" = ") == 1 and not each.origin:
                counts[each.step, fact.scope.partition(" = ")[0], fact.name][fact.scope] = each
    for (step, _, name), groups in counts.items():
        total = sum(_value(each) for each in groups.values())
        if step in other or not 1 < len(groups) <= _MOST_TOLD or not total:
            continue
        for scope, each in groups.items():
            made = Fact(f"share_of_{name.removeprefix('n_')}_pct", 100.0 * _value(each) / total, "%", scope)
            yield _from(each, made)


def _of_everybody(facts: Sequence[SourcedFact]) -> Iterator[SourcedFact]:
    """Yield all rows, with and without a value, and which share of groups a part of the total needs."""
    whole = {each.fact.name: each for each in facts if not each.fact.scope and _is_number(each.fact)}
    n_groups = whole.get("n_groups")
    columns, gaps = whole.get("n_columns"), whole.get("n_columns_with_missing")
    if columns and gaps:
        yield _from(columns, Fact("n_columns_complete", _value(columns) - _value(gaps)))
    interval = next((each for each in facts if each.fact.name.startswith("95__")), None)
    if interval and "confidence_pct" not in whole:
        yield _from(interval, Fact("confidence_pct", 95.0, "%"))
    sizes = [each for name, each in whole.items() if _SIZE.search(name) and name != "n_groups"]
    for name, missing in whole.items():
        if name.startswith("n_missing") and sizes:
            total = _value(sizes[0]) + _value(missing)
            yield _from(sizes[0], Fact("n_rows", total, sizes[0].fact.unit))
    for sourced in facts:
        reached = _OF_THE_TOTAL.match(sourced.fact.scope)
        if sourced.fact.name == "n_needed" and reached and n_groups and _value(n_groups):
            yield _from(sourced, Fact("share_reached_pct", float(reached[1]), "%", sourced.fact.scope))
            part = 100.0 * _value(sourced) / _value(n_groups)
            yield _from(sourced, Fact("share_of_groups_pct", part, "%", sourced.fact.scope))


def _is_a_group(scope: str) -> bool:
    return bool(scope) and not scope.startswith(("everybody", "test in")) and " against " not in scope


def _totals(facts: Sequence[SourcedFact]) -> list[SourcedFact]:
    """Return the sums over all groups of a column where something proves that they are all there are."""
    families: dict[tuple[str, str], dict[str, SourcedFact]] = {}
    whole: set[str] = set()
    for sourced in facts:
        fact = sourced.fact
        if not _is_number(fact):
            continue
        if not fact.scope:
            whole.add(fact.name)
        elif len(subjects(fact.scope)) == 1 and " = " in fact.scope and " where " not in fact.scope:
            column = fact.scope.partition(" = ")[0]
            families.setdefault((column, fact.name), {}).setdefault(fact.scope, sourced)
    complete = _complete(families, facts)
    made: dict[str, SourcedFact] = {}
    for (column, name), groups in families.items():
        adds_up = name.startswith(("n_", "sum_")) and not name.endswith("_pct")
        if adds_up and name not in whole and groups.keys() in complete.get(column, []):
            first = next(iter(groups.values()))
            total = sum(_value(each) for each in groups.values())
            made.setdefault(name, _from(first, Fact(name, total, first.fact.unit)))
    return list(made.values())


def _complete(
    families: dict[tuple[str, str], dict[str, SourcedFact]], facts: Sequence[SourcedFact]
) -> dict[str, list[set[str]]]:
    """Return for each column the sets of groups that are all there are."""
    overall = {
        each.fact.name: _value(each) for each in facts if not each.fact.scope and _is_number(each.fact)
    }
    found: dict[str, list[set[str]]] = defaultdict(list)
    sums: dict[tuple[str, float], list[str]] = defaultdict(list)
    for (column, name), groups in families.items():
        values = {scope: _value(each) for scope, each in groups.items()}
        if len(values) < 2:
            continue
        answers = {scope.rpartition(" = ")[2].casefold() for scope in values}
        if answers in ({"yes", "no"}, {"true", "false"}):
            found[column].append(set(values))
        unit = next(iter(groups.values())).fact.unit
        if unit == "%" and abs(sum(values.values()) - 100) < 0.5:
            found[column].append(set(values))
        if name.startswith("n_") and unit != "%":
            sums[name, sum(values.values())].append(column)
        if name in overall and unit == "%":
            for (other, size), sized in families.items():
                if other == column and size.startswith("n_") and not size.endswith("_pct"):
                    weights = {scope: _value(each) for scope, each in sized.items()}
                    if weights.keys() == values.keys() and (n := sum(weights.values())):
                        mean = sum(values[scope] * weights[scope] for scope in values) / n
                        if abs(mean - overall[name]) < 1e-6 * max(abs(mean), 1.0):
                            found[column].append(set(values))
    for (name, _), columns in sums.items():
        for column in columns if len(set(columns)) > 1 else ():
            found[column].append(set(families[column, name]))
    return found


def _is_number(fact: Fact) -> bool:
    return isinstance(fact.value, int | float) and not isinstance(fact.value, bool)


def _value(sourced: SourcedFact) -> float:
    return float(sourced.fact.value)  # type: ignore[arg-type]
