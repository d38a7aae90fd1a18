"""Knows how files become a workspace: opened, read in one pass, measured, understood and described in its types."""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from tools import cleaning
from tools.conversions import Reading, Shown, unread
from tools.core import CleaningStep, Column, DataTable, Finding, Scalar, Workspace
from tools.engine import Engine, UnreadableError
from tools.errors import ToolError
from tools.inspecting import inspect_table
from tools.naming import words_of
from tools.reading import Proposal, has_decimal_comma, judge, propose
from tools.rewriting import Source, column_names, rewrite
from tools.roles import Meaning, is_personal, is_protected, names_event, understand, unit_of
from tools.sources import open_sources
from tools.surveying import Measured, counted, kind_of, measure

ATTEMPTS = 5  # readings of a file until the rest of its cells is accepted as it is
FEW_NUMBERS = 200  # distinct numbers up to which their counts are kept
PERSON = re.compile(r"[A-Z][^\W\d]*[.'-]?\w*( [A-Z][\w.'-]*){1,3}")
CUSTOMERS = "customers"  # the table of one row a customer that others make from transactions


def load(paths: Sequence[Path], database: Path | None = None) -> Workspace:
    """Read files into a new workspace: typed tables with proven meanings, and all that was mended or found.

    Args:
        paths: CSV and its kin, fixed-width text, Excel, Parquet, JSON, plain or compressed.
        database: File to keep the tables in; None keeps them in memory.

    Raises:
        ToolError: If a file cannot be used, naming it and the reason.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as temporary:
        folder = Path(temporary)
        sources = open_sources([Path(path) for path in paths], folder)
        engine = Engine(database, readable=[*map(Path, paths), folder])
        try:
            tables: dict[str, DataTable] = {}
            for source in sources:
                table = _load(engine, replace(source, name=_free_name(source.name, tables)), folder)
                tables[table.name] = table
        except BaseException:
            engine.close()
            raise
    return Workspace(engine, MappingProxyType(tables), _main(tables))


def _free_name(wanted: str, taken: Mapping[str, DataTable]) -> str:
    used = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in used:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _main(tables: Mapping[str, DataTable]) -> str:
    """Choose the table that requests mean by default: transactions before customers before rows, then the larger."""
    rank = {"transactions": 0, "customers": 1, "rows": 2}
    return min(tables.values(), key=lambda table: (rank[table.grain], -table.n_rows)).name


@dataclass
class _Reading:
    """A table on its way: what is stored, how it is shown, what was changed and found."""

    source: Source
    stored: str
    proposals: dict[str, Proposal]
    left: dict[str, dict[str, int]] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    steps: list[CleaningStep] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


def _load(engine: Engine, source: Source, folder: Path, strict: bool = True) -> DataTable:
    reading = _read(engine, source, folder, strict)
    stored = engine.columns(reading.stored)
    kinds = {name: kind_of(stored[name]) for name in reading.proposals}
    sample = _cells_by_column(reading)
    skip = [name for name in kinds if names_event(name)]
    n_rows, measured = measure(engine, reading.stored, kinds, sample, skip)
    if not n_rows:
        raise ToolError(f"{source.label} has column names but no rows.", "Export it again with its rows.")
    if strict and not source.parquet and any(map(_endless, measured.values())):
        return _load(engine, source, folder, strict=False)
    measured = _mend(reading, measured, sample)
    meaning = understand(n_rows, measured, sample)
    for name in [name for name, role in meaning.roles.items() if role == "birth_date"]:
        _mend_births(engine, reading, measured, meaning, name)
    if (
        meaning.grain == "rows" and source.name.casefold() == CUSTOMERS
    ):  # that name is kept for what stands for customers
        reading.source = replace(reading.source, name=f"{source.name}_table")
    engine.show(reading.source.name, reading.stored, list(reading.shown.values()))
    table = _table(reading, n_rows, measured, meaning)
    return inspect_table(engine, table, reading.stored, measured)


def _endless(found: Measured) -> bool:
    """Whether the reader took words such as "NaN" or "inf" for numbers."""
    if found.kind != "number" or not found.n_present:
        return False
    return found.maximum is None or math.isinf(found.maximum) or math.isinf(found.minimum)


def _read(engine: Engine, source: Source, folder: Path, strict: bool = True) -> _Reading:
    """Read the file, and again wherever what did not fit shows that a column was proposed wrongly."""
    stored = f"{source.name} as read"
    if source.parquet:
        return _read_parquet(engine, source, stored)
    proposals = _proposals(source)
    for attempt in range(ATTEMPTS):
        source, strict = _read_once(engine, source, stored, proposals, strict, folder)
        if set(proposals) != set(_names(source)):
            proposals = _proposals(source)
            continue
        left = _unread(engine, stored, proposals)
        if source.original and any(name in texts for name, texts in left.items()):  # a header among the rows
            source = rewrite(source, folder)
            proposals = _proposals(source)
            continue
        changed = _reconsider(engine, stored, proposals, left)
        if changed == proposals or attempt == ATTEMPTS - 1:
            break
        proposals = changed
    return _Reading(
        source, stored, proposals, left, steps=list(source.cleaning), findings=list(source.findings)
    )


def _names(source: Source) -> tuple[str, ...]:
    return source.file.names if source.file else ()


def _proposals(source: Source) -> dict[str, Proposal]:
    commas = has_decimal_comma(source.sample, source.file.separator if source.file else ",")
    rewritten = source.original is None
    cells = list(zip(*source.sample, strict=True))
    return {
        name: propose(name, cells[i], commas or (rewritten and _decimal_commas(source)))
        for i, name in enumerate(_names(source))
    }


def _decimal_commas(source: Source) -> bool:
    return has_decimal_comma(source.sample, ";")


def _read_once(
    engine: Engine, source: Source, stored: str, proposals: Mapping[str, Proposal], strict: bool, folder: Path
) -> tuple[Source, bool]:
    """Read as fast as the file allows: plain numbers by the reader, then every cell with care, then rewritten."""
    assert source.file is not None
    readings = [proposal.reading for proposal in proposals.values()]
    for careful in (False, True) if strict else (True,):
        try:
            engine.read_text(stored, source.file, readings, strict=not careful)
            return source, not careful
        except UnreadableError:
            continue
    if source.original is None:
        raise ToolError(f"{source.label} cannot be read as a table.", "Export it again as CSV or Excel.")
    source = rewrite(source, folder)
    proposals = _proposals(source)
    return _read_once(engine, source, stored, proposals, False, folder)


def _unread(engine: Engine, stored: str, proposals: Mapping[str, Proposal]) -> dict[str, dict[str, int]]:
    """Return, for each column with cells that did not fit, their texts and counts."""
    columns = {unread(i): name for i, name in enumerate(proposals)}
    present = [column for column in engine.columns(stored) if column in columns]
    if not present:
        return {}
    frame = engine.frame(stored)
    counts = engine.collect(frame.select(*(nw.col(column).count() for column in present))).iloc[0]
    left = {}
    for column in present:
        if counts[column]:
            groups = frame.filter(~nw.col(column).is_null()).group_by(column).agg(nw.len().alias("n"))
            top = engine.collect(groups.sort("n", column, descending=[True, False]).head(1000))
            left[columns[column]] = dict(zip(top[column], map(int, top["n"]), strict=True))
    return left


def _reconsider(
    engine: Engine, stored: str, proposals: Mapping[str, Proposal], left: Mapping[str, Mapping[str, int]]
) -> dict[str, Proposal]:
    """Return the proposals, changed where the cells that did not fit, or the dates themselves, speak against them."""
    changed = dict(proposals)
    frame = engine.frame(stored)
    for name, texts in left.items():
        present = engine.collect(frame.select(nw.col(name).count())).iloc[0, 0] + sum(texts.values())
        verdict, changed[name] = judge(proposals[name], texts, int(present))
    for name, proposal in proposals.items():
        shape = proposal.shape
        if name in left or shape is None or proposal.mixed or shape.proven != "open":
            continue
        field_ = nw.col(name).dt.day()
        found = engine.collect(frame.filter(field_ > 12).select(name).head(1))
        if len(found) and shape.order == "day":
            day = cleaning.as_date(found.iloc[0, 0])
            assert day is not None
            witness = f"a date such as {day.day}/{day.month}"
            changed[name] = replace(proposal, shape=replace(shape, proven="proven", witness=witness))
    return changed


def _read_parquet(engine: Engine, source: Source, stored: str) -> _Reading:
    assert source.parquet is not None
    try:
        types, rows = engine.look_at_parquet(source.parquet)
        names, steps = column_names(list(types), len(types))
        sample = tuple(tuple(cell or "" for cell in row) for row in rows)
        cells = list(zip(*sample, strict=True)) or [()] * len(names)
        proposals = {
            name: propose(name, cells[i]) if kind == "VARCHAR" else Proposal(Reading(name))
            for i, (name, kind) in enumerate(zip(names, types.values(), strict=True))
        }
        for _ in range(ATTEMPTS):
            engine.read_parquet(
                stored, source.parquet, types, [proposal.reading for proposal in proposals.values()]
            )
            left = _unread(engine, stored, proposals)
            changed = _reconsider(engine, stored, proposals, left)
            if changed == proposals:
                break
            proposals = changed
    except UnreadableError as error:
        raise ToolError(f"{source.label} is a damaged Parquet file.", "Write it again.") from error
    return _Reading(replace(source, sample=sample), stored, proposals, left, steps=list(steps))


def _cells_by_column(reading: _Reading) -> dict[str, Sequence[str]]:
    names = list(reading.proposals)
    if not reading.source.sample:
        return {}
    return dict(zip(names, zip(*reading.source.sample, strict=True), strict=True))


def _mend(
    reading: _Reading, measured: Mapping[str, Measured], sample: Mapping[str, Sequence[str]]
) -> dict[str, Measured]:
    """Decide how each stored column is shown, say what that changes, and return the measures after it."""
    changed = dict(measured)
    for name, proposal in reading.proposals.items():
        found = measured[name]
        shown = Shown(name, name)
        if found.kind == "number" and found.whole and not _has_fractions_written(reading, name):
            shown = replace(shown, whole=True)
        if found.kind == "text" and found.counts and not is_personal(words_of(name), sample.get(name, ())):
            shown, changed[name] = _without_empty_words(reading, shown, found)
        if name in reading.left:
            what = {"number": "number", "whole": "number", "date": "date", "datetime": "date"}
            reading.steps += cleaning.emptied(
                name, reading.left[name], what.get(proposal.reading.how, "time")
            )
        _say_dates(reading, name, proposal, found.n_present)
        if proposal.note:
            reading.notes[name] = proposal.note
        if proposal.unit:
            reading.units[name] = proposal.unit
        reading.shown[name] = shown
    return changed


def _without_empty_words(reading: _Reading, shown: Shown, found: Measured) -> tuple[Shown, Measured]:
    """Take texts that mean "no value" for missing."""
    words, _, _ = cleaning.empty_words(found)
    if not words:
        return shown, found
    empty = {str(value): n for value, n in found.counts if value in words}
    kept = tuple((value, n) for value, n in found.counts if value not in empty)
    reading.steps += cleaning.emptied(found.name, empty, "value")
    found = replace(
        found,
        n_present=found.n_present - sum(empty.values()),
        n_distinct=None if found.n_distinct is None else found.n_distinct - len(empty),
        n_once=None if found.n_once is None else found.n_once - sum(n == 1 for n in empty.values()),
        most=kept[0][1] if kept else 0,
        counts=kept,
    )
    return replace(shown, missing=tuple(words)), found


def _say_dates(reading: _Reading, name: str, proposal: Proposal, n_present: int) -> None:
    if proposal.mixed:
        reading.findings.append(cleaning.mixed_dates(name, proposal.mixed, n_present))
    elif proposal.shape:
        steps, findings = cleaning.date_findings(name, proposal.shape, n_present)
        reading.steps += steps
        reading.findings += findings


def _has_fractions_written(reading: _Reading, name: str) -> bool:
    """Whether whole numbers are written like 250.0, as money and measures are."""
    place = list(reading.proposals).index(name)
    return any("." in row[place] for row in reading.source.sample[:200]) if reading.source.sample else False


def _mend_births(
    engine: Engine, reading: _Reading, measured: dict[str, Measured], meaning: Meaning, name: str
) -> None:
    """Put birth dates into their century, take placeholders out and derive the age at the last date of the data."""
    last = cleaning.as_date(measured[meaning.time].maximum) if meaning.time else None
    limit = last or date.today()  # noqa: DTZ011  only where the data name no date of their own
    counts = [
        (day, n)
        for value, n in counted(engine, reading.stored, measured[name], most=100_000).counts
        if (day := cleaning.as_date(value)) is not None
    ]
    found = cleaning.births(counts, limit)
    reading.steps += cleaning.birth_steps(name, found, limit)
    shown = replace(
        reading.shown[name],
        missing=tuple(day.isoformat() for day, _ in found.placeholders),
        not_before=cleaning.earliest_birth(limit) if found.implausible else None,
        not_after=limit if found.shifted else None,
    )
    reading.shown[name] = shown
    days = cleaning.mended_births(counts, found, limit)
    measured[name] = _of_counts(measured[name], days)
    if last and not any(other.age_at for other in reading.shown.values()):
        derived = _free_column("Age", reading.shown)
        reading.shown[derived] = replace(shown, name=derived, age_at=last, whole=True)
        reading.notes[derived] = f"Whole years from {name} to the last date of the data."
        ages: Counter[float] = Counter()
        for day, n in days.items():
            ages[float(cleaning.age(day, last))] += n
        measured[derived] = _of_counts(Measured(derived, "number", 0, whole=True), ages)


def _of_counts(found: Measured, counts: Mapping[Any, int]) -> Measured:
    """Measure a column by the rows of each of its values."""
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return replace(
        found,
        n_present=sum(counts.values()),
        n_distinct=len(counts),
        n_once=sum(n == 1 for n in counts.values()),
        most=frequent[0][1] if frequent else 0,
        minimum=min(counts, default=None),
        maximum=max(counts, default=None),
        counts=tuple(frequent) if found.kind == "number" else (),
    )


def _free_column(wanted: str, taken: Mapping[str, Any]) -> str:
    used = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in used:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _table(reading: _Reading, n_rows: int, measured: Mapping[str, Measured], meaning: Meaning) -> DataTable:
    columns = tuple(_column(reading, n_rows, measured[name], meaning) for name in reading.shown)
    return DataTable(
        reading.source.name,
        reading.source.label,
        n_rows,
        _with_currency(columns),
        meaning.grain,
        meaning.customer,
        meaning.time,
        meaning.clock,
        meaning.amount,
        tuple(reading.steps),
        tuple(reading.findings),
    )


def _column(reading: _Reading, n_rows: int, found: Measured, meaning: Meaning) -> Column:
    shown = reading.shown[found.name]
    derived = shown.source if shown.source != shown.name else None
    role = meaning.roles.get(found.name, "age")
    if role == "customer_key" and _looks_like_names(reading, found.name):
        reading.notes[found.name] = "It looks like the names of people."
    secret = role in ("personal", "free_text", "customer_key", "row_key", "index")
    many = found.kind == "number" and (found.n_distinct or 0) > FEW_NUMBERS and role != "category"
    most = float(found.maximum) if found.kind == "number" and found.maximum is not None else None
    unit = reading.units.get(found.name) or unit_of(found.name, role, most)
    return Column(
        found.name,
        found.kind,
        role,
        unit,
        is_protected(found, role),
        n_rows - found.n_present,
        found.n_distinct,
        _scalar(found.minimum, shown.whole),
        _scalar(found.maximum, shown.whole),
        () if secret or many else tuple((_text(value), n) for value, n in found.counts),
        derived,
        reading.notes.get(found.name, ""),
    )


def _looks_like_names(reading: _Reading, name: str) -> bool:
    """Whether the keys of customers are written like names: two or three capitalised words."""
    if name not in reading.proposals or not reading.source.sample:
        return False
    place = list(reading.proposals).index(name)
    cells = [row[place] for row in reading.source.sample[:300] if row[place]]
    return bool(cells) and sum(bool(PERSON.fullmatch(cell)) for cell in cells) > 0.8 * len(cells)


def _scalar(value: Any, whole: bool) -> Scalar:
    if value is None:
        return None
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text.removesuffix("T00:00:00")
    if isinstance(value, bool):
        return value
    return int(value) if whole else float(value)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _with_currency(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Give money columns without a unit the currency that the only other one names, and say so."""
    named = {c.unit for c in columns if c.role in ("amount", "balance") and c.unit}
    if len(named) != 1:
        return columns
    unit = named.pop()
    source = next(c.name for c in columns if c.unit == unit)
    return tuple(
        replace(c, unit=unit, note=f"Taken to be {unit} like {source}.")
        if c.role in ("amount", "balance") and not c.unit
        else c
        for c in columns
    )
